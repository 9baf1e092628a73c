from datetime import date

import pytest

from actions.bank_holidays import bank_holidays, easter
from actions.sample.policy import load_policy


@pytest.mark.parametrize(
    "day", ["1954-04-18", "1981-04-19", "2000-04-23", "2008-03-23", "2026-04-05", "2027-03-28", "2038-04-25"]
)
def test_easter(day):
    assert easter(int(day[:4])) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("year", "days"),
    [
        (2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-26 12-28"),
        (2027, "01-01 03-26 03-29 05-03 05-31 08-30 12-25 12-26 12-27 12-28"),
        (2022, "01-01 01-03 04-15 04-18 05-02 05-30 08-29 12-25 12-26 12-27"),
    ],
)
def test_the_days_of_a_year(year, days):
    assert bank_holidays(year) == {date.fromisoformat(f"{year}-{day}") for day in days.split()}


def test_the_policy_s_closed_days_are_bank_holidays():
    closed = [date.fromisoformat(day) for day in load_policy()["holidays"]["uk_stores"]["closed"]]
    assert all(day in bank_holidays(day.year) for day in closed)
