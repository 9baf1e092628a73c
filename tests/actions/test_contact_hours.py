from datetime import UTC, datetime

import pytest

from actions.contact_hours import told


def at(moment):
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "there", "changes"),
    [
        ("2026-11-25T08:29:59", False, "today at 8:30"),  # a Wednesday
        ("2026-11-25T08:30:00", True, "until 18:00"),
        ("2026-11-25T17:59:59", True, "until 18:00"),
        ("2026-11-25T18:00:00", False, "tomorrow at 8:30"),
        ("2026-11-27T18:00:00", False, "tomorrow at 10:00"),
        ("2026-11-28T12:00:00", True, "until 16:00"),
        ("2026-11-28T16:00:00", False, "on Monday at 8:30"),
        ("2026-11-29T23:59:00", False, "tomorrow at 8:30"),
        ("2026-12-24T18:00:00", False, "on Tuesday at 8:30"),  # Christmas, Sunday, the day that stands in
        ("2026-07-01T07:29:00", False, "today at 8:30"),  # summer time
        ("2026-07-01T07:30:00", True, "until 18:00"),
    ],
)
def test_in_english_by_british_hours(moment, there, changes):
    said = told("en", at(moment))
    assert ("someone will be with you shortly" in said, "is away now" in said) == (there, not there)
    assert changes in said
    assert "(UK time)" in said


@pytest.mark.parametrize(
    ("moment", "there", "changes"),
    [
        ("2026-11-25T00:59:00", False, "今天 9:00"),
        ("2026-11-25T01:00:00", True, "到 21:00"),
        ("2026-11-29T12:59:00", True, "到 21:00"),  # a Sunday
        ("2026-11-29T13:00:00", False, "明天 9:00"),
        ("2027-02-05T01:30:00", False, "今天 10:00"),
        ("2027-02-10T08:59:00", True, "到 17:00"),
        ("2027-02-10T09:00:00", False, "明天 9:00"),
    ],
)
def test_in_chinese_by_chinese_hours(moment, there, changes):
    said = told("zh", at(moment))
    assert ("很快会在这里回复您" in said, "休息时间" in said) == (there, not there)
    assert changes in said
    assert "北京时间" in said
