import random
from datetime import UTC, date, datetime

from actions.sample.demo import demo_people
from actions.sample.lifecycle import send

BRITISH, *_, CHINESE = demo_people(2026)


def test_coffee_waits_for_the_next_roast():
    sunday = datetime(2026, 11, 22, 9, tzinfo=UTC)
    parcel = send(random.Random(1), BRITISH, sunday, "standard_uk", roasted=True)
    assert parcel.dispatched_at.date() == date(2026, 11, 25)
    assert parcel.promised_by == date(2026, 11, 30)


def test_express_before_three_leaves_today_and_comes_tomorrow():
    for hour, day in ((14, 18), (15, 19)):
        placed = datetime(2026, 11, 18, hour, 30, tzinfo=UTC)
        parcel = send(random.Random(1), BRITISH, placed, "express_uk", roasted=False)
        assert parcel.dispatched_at.date() == date(2026, 11, day)
        assert parcel.promised_by == date(2026, 11, day + 1)


def test_nothing_leaves_kunshan_at_spring_festival():
    parcel = send(random.Random(1), CHINESE, datetime(2026, 2, 16, 3, tzinfo=UTC), "standard_cn", roasted=False)
    assert parcel.dispatched_at.date() == date(2026, 2, 21)


def test_the_status_follows_the_clock():
    parcel = send(random.Random(1), CHINESE, datetime(2026, 6, 1, 1, tzinfo=UTC), "standard_cn", roasted=False)
    moments = (parcel.placed_at, parcel.packed_at, parcel.dispatched_at, parcel.delivered_at)
    assert [parcel.status(moment) for moment in moments] == ["placed", "packed", "dispatched", "delivered"]
    assert list(moments) == sorted(moments)
