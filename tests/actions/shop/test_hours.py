from datetime import UTC, date, datetime

import pytest

from actions.sample.policy import load_policy
from actions.shop.hours import asks_for_hours, hours_on, hours_text, stores_named

STORES = {store["id"]: store for store in load_policy()["stores"]}


@pytest.mark.parametrize(
    ("store", "day", "hours"),
    [
        ("bristol", date(2026, 11, 25), ("09:30", "18:30")),
        ("bristol", date(2026, 11, 29), ("11:00", "17:00")),
        ("bristol", date(2026, 12, 25), None),
        ("bristol", date(2026, 12, 24), ("09:30", "16:00")),
        ("london", date(2026, 11, 29), None),
        ("edinburgh", date(2026, 11, 30), None),
        ("shanghai", date(2027, 2, 5), None),
        ("shanghai", date(2026, 12, 25), ("10:00", "22:00")),
        ("chengdu", date(2026, 12, 7), None),  # the first Monday of the month
        ("chengdu", date(2026, 12, 14), ("10:30", "21:30")),
    ],
)
def test_hours_of_a_day(store, day, hours):
    assert hours_on(STORES[store], day) == hours


@pytest.mark.parametrize(
    ("hour", "said"),
    [(8, "it is open 9:30–18:30"), (12, "It is open now, until 18:30"), (20, "It closed at 18:30 today")],
)
def test_what_holds_now(hour, said):
    text = hours_text(STORES["bristol"], datetime(2026, 11, 25, hour, tzinfo=UTC), "en")
    assert text.startswith("Bristol (14 Quayside Lane, Bristol BS1 5XX): Mon–Sat 9:30–18:30, Sun 11:00–17:00. ")
    assert said in text
    assert "(Wednesday 25 November 2026)" in text or "Wednesday 25 November 2026, " in text


def test_in_chinese_by_the_clock_there():
    text = hours_text(STORES["chengdu"], datetime(2026, 11, 25, 13, 45, tzinfo=UTC), "zh")
    assert "每天 10:30–21:30，每月第一个周一店休" in text
    assert "已于 21:30 打烊" in text


@pytest.mark.parametrize(
    ("text", "language", "named"),
    [
        ("is the Bristol shop open?", "en", ["bristol"]),
        ("when do you open?", "en", ["bristol", "london", "edinburgh"]),
        ("你们几点开门", "zh", ["shanghai", "chengdu"]),
        ("伦敦店营业到几点", "zh", ["london"]),
    ],
)
def test_stores_that_are_meant(text, language, named):
    assert [store["id"] for store in stores_named(text, language)] == named


def test_what_else_is_asked_about_stores_is_in_the_documents():
    assert asks_for_hours("what time do you close?")
    assert not asks_for_hours("can I park at the Bristol store when it is open?")
    assert not asks_for_hours("where is your Leeds branch")
