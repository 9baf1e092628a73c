"""Days relative to today: weeks begin on Monday; a day without a year is the nearest one."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta

Days = tuple[date, date]  # the first and the last day, both included


def iso(days: Days) -> str:
    """The ISO date of one day, or `from/to` of several."""
    first, last = days
    return first.isoformat() if first == last else f"{first.isoformat()}/{last.isoformat()}"


def one(day: date | None) -> Days | None:
    """One day as a span of days."""
    return (day, day) if day else None


def exact(year: int, month: int, day: int) -> date | None:
    """That day, or None when the calendar has none; a year of two digits is in this century."""
    try:
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None


def _nearest(candidates: Iterable[date | None], today: date) -> date | None:
    return min((d for d in candidates if d), key=lambda d: abs((d - today).days), default=None)


def nearest_day(month: int, day: int, today: date) -> date | None:
    """The day of that month in the year that brings it nearest to `today`."""
    return _nearest((exact(today.year + k, month, day) for k in (-1, 0, 1)), today)


def nearest_day_of_month(day: int, today: date) -> date | None:
    """`the 3rd`: in last, this or next month, whichever is nearest."""
    return _nearest((exact(m.year, m.month, day) for m in (month_of(today, k)[0] for k in (-1, 0, 1))), today)


def nearest_month(month: int, today: date) -> Days:
    """The whole month in the year that brings it nearest to `today`."""
    middle = nearest_day(month, 15, today) or today
    return month_of(middle, 0)


def month_of(today: date, offset: int) -> Days:
    """The month `offset` months from that of `today`."""
    index = today.year * 12 + today.month - 1 + offset
    year, month = index // 12, index % 12 + 1
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def week_of(today: date, offset: int) -> Days:
    """The week `offset` weeks from that of `today`."""
    monday = today + timedelta(days=7 * offset - today.weekday())
    return monday, monday + timedelta(days=6)


def weekend_of(today: date, offset: int) -> Days:
    """Saturday and Sunday of the week `offset` weeks from this one."""
    monday, sunday = week_of(today, offset)
    return monday + timedelta(days=5), sunday


def year_of(today: date, offset: int) -> Days:
    """The year `offset` years from this one."""
    return date(today.year + offset, 1, 1), date(today.year + offset, 12, 31)


def weekday_of(today: date, weekday: int, offset: int) -> date:
    """That weekday (Monday is 0) of the week `offset` weeks from this one."""
    return week_of(today, offset)[0] + timedelta(days=weekday)


def coming(today: date, weekday: int) -> date:
    """The next such weekday after `today`."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def shifted(today: date, count: int, unit: str) -> date | None:
    """The day `count` days, weeks, months or years from `today`; the end of a month where the day is missing."""
    if abs(count) > 1000:
        return None
    if unit == "day":
        return today + timedelta(days=count)
    if unit == "week":
        return today + timedelta(weeks=count)
    months = count * 12 if unit == "year" else count
    if not 1 <= today.year + months // 12 <= 9998:
        return None
    first, last = month_of(today, months)
    return first.replace(day=min(today.day, last.day))
