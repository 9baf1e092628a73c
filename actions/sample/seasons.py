"""The sample year: when people buy, and on which days the warehouses send."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from actions.sample.chance import happens
from actions.store.models.customer import Market

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
FIRST_DAY = TODAY - timedelta(days=364)
DAYS = [FIRST_DAY + timedelta(days=i) for i in range(365)]

BLACK_FRIDAY = (date(2025, 11, 27), date(2025, 12, 1))
SINGLES_DAY = (date(2026, 11, 1), date(2026, 11, 11))
MIDYEAR_SALE = (date(2026, 6, 15), date(2026, 6, 18))
SUMMER = (date(2026, 6, 1), date(2026, 8, 25))
CHRISTMAS_GIFTS = (date(2025, 11, 25), date(2025, 12, 17))
EARLY_CHRISTMAS_GIFTS = (date(2026, 11, 3), TODAY)
SPRING_FESTIVAL_GIFTS = (date(2026, 1, 20), date(2026, 2, 10))
SPRING_FESTIVAL = (date(2026, 2, 16), date(2026, 2, 20))
MID_AUTUMN_GIFTS = (date(2026, 9, 8), date(2026, 9, 22))

ENGLISH_HOLIDAYS = {
    *(date(2025, 12, day) for day in (25, 26, 27, 28)),
    date(2026, 1, 1),
    date(2026, 4, 3),
    date(2026, 4, 6),
    date(2026, 5, 4),
    date(2026, 5, 25),
    date(2026, 8, 31),
}

_WESTERN = [
    (BLACK_FRIDAY, 3.2),
    ((date(2025, 12, 2), date(2025, 12, 18)), 1.9),
    ((date(2025, 12, 24), date(2025, 12, 27)), 0.3),
]
_CHINESE = [
    ((date(2026, 11, 10), date(2026, 11, 11)), 7.0),
    (SINGLES_DAY, 2.2),
    ((date(2025, 12, 11), date(2025, 12, 12)), 2.0),
    (SPRING_FESTIVAL_GIFTS, 2.1),
    ((date(2026, 2, 15), date(2026, 2, 21)), 0.25),
    (MIDYEAR_SALE, 2.6),
]
_WEEKDAYS = {"uk": (1.15, 0.95, 0.9, 0.95, 0.85, 0.95, 1.25), "cn": (0.9, 0.9, 0.95, 0.95, 1.1, 1.15, 1.05)}
_HOURS = {
    "uk": (1, 0, 0, 0, 0, 0, 1, 4, 6, 5, 5, 6, 9, 8, 5, 4, 4, 5, 6, 9, 12, 11, 6, 2),
    "cn": (3, 1, 0, 0, 0, 0, 1, 2, 4, 6, 6, 6, 9, 9, 6, 6, 5, 5, 6, 7, 10, 13, 12, 7),
}
_CAMPAIGNS = {"uk": [(BLACK_FRIDAY, 15)], "eu": [(BLACK_FRIDAY, 15)], "cn": [(SINGLES_DAY, 12), (MIDYEAR_SALE, 8)]}


def within(day: date, span: tuple[date, date]) -> bool:
    """Whether a day lies in a span, both ends included."""
    return span[0] <= day <= span[1]


def demand(day: date, market: Market) -> float:
    """How much is bought on a day, compared with a plain day."""
    peaks = _CHINESE if market == "cn" else _WESTERN
    season = next((factor for span, factor in peaks if within(day, span)), 1.0)
    return season * _WEEKDAYS["cn" if market == "cn" else "uk"][day.weekday()]


def campaign_percent(day: date, market: Market) -> int:
    """The shop's general discount on a day."""
    return next((percent for span, percent in _CAMPAIGNS[market] if within(day, span)), 0)


def pick_day(rng: random.Random, market: Market, first: date, last: date, eagerness: float = 1.0) -> date:
    """A day between two, more likely where demand is high; `eagerness` sharpens the peaks."""
    days = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    return rng.choices(days, [demand(day, market) ** eagerness for day in days])[0]


def clock(rng: random.Random, market: Market, zone: ZoneInfo, day: date, shift: int = 0) -> datetime:
    """A moment of that day at an hour when people shop, never after NOW; `shift` is a personal habit in hours."""
    hour = (rng.choices(range(24), _HOURS["cn" if market == "cn" else "uk"])[0] + shift) % 24
    minute, second = rng.randrange(60), rng.randrange(60)
    if market == "cn" and day == SINGLES_DAY[1] and happens(rng, 0.4):
        hour, minute = 0, rng.randrange(30)
    moment = datetime.combine(day, time(hour, minute, second), zone).astimezone(UTC)
    return moment if moment < NOW else NOW - timedelta(minutes=rng.randrange(20, 300))


def sends(day: date, market: Market) -> bool:
    """Whether the warehouse of a market sends on that day."""
    if market == "cn":
        return not within(day, SPRING_FESTIVAL)
    return day.weekday() < 5 and day not in ENGLISH_HOLIDAYS


def next_sending_day(day: date, market: Market) -> date:
    """The day itself or the first after it on which the warehouse sends."""
    while not sends(day, market):
        day += timedelta(days=1)
    return day


def add_days(day: date, count: int, market: Market, working: bool) -> date:
    """The day `count` calendar or working days later."""
    for _ in range(count):
        day += timedelta(days=1)
        while working and not sends(day, market):
            day += timedelta(days=1)
    return day
