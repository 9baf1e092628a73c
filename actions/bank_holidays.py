"""The bank holidays of England, by rule: those that the calendar gives every year."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

MONDAY, SATURDAY = 0, 5


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """New Year, Easter, May, August and Christmas, with the days that stand in for a weekend."""
    found = {
        easter(year) - timedelta(days=2),
        easter(year) + timedelta(days=1),
        _monday_from(date(year, 5, 1)),
        _monday_from(date(year, 5, 25)),
        _monday_from(date(year, 8, 25)),
    }
    fixed = (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26))
    found.update(fixed)
    for day in fixed:
        while day.weekday() >= SATURDAY:
            day = _next_free(day, found)
        found.add(day)
    return frozenset(found)


def easter(year: int) -> date:
    """Easter Sunday: the Sunday after the first full moon of spring, by the Gregorian calendar's table."""
    golden, century = year % 19, year // 100
    leaps_left_out = century - century // 4
    moon_drift = (8 * century + 13) // 25
    age = (19 * golden + leaps_left_out - moon_drift + 15) % 30  # days from 21 March to the full moon
    age -= age // 28 * (1 - 29 // (age + 1) * ((21 - golden) // 11))
    weekday = (year + year // 4 + age + 2 - leaps_left_out) % 7
    return date(year, 3, 28) + timedelta(days=age - weekday)


def _monday_from(day: date) -> date:
    return day + timedelta(days=(MONDAY - day.weekday()) % 7)


def _next_free(day: date, taken: set[date]) -> date:
    day += timedelta(days=1)
    while day in taken or day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return day
