"""When the business's people are there to answer: the contact hours of a market, as the policy has them."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

from actions.bank_holidays import bank_holidays
from actions.sample.policy import load_policy
from textkit.language import Language

ContactMarket = Literal["uk", "cn"]
MARKETS: dict[Language, ContactMarket] = {"en": "uk", "zh": "cn"}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LOOKED_AHEAD = 14  # days
_ENGLISH = ("on Monday", "on Tuesday", "on Wednesday", "on Thursday", "on Friday", "on Saturday", "on Sunday")
_CHINESE = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


@dataclasses.dataclass(frozen=True)
class Presence:
    """Whether people are there at `now`, and until when, or from when on they are; local times of the market."""

    there: bool
    now: datetime
    changes: datetime


def presence(market: ContactMarket, now: datetime) -> Presence:
    """What the contact hours say of this moment; raises ValueError when the policy has no hours for two weeks."""
    local = now.astimezone(ZoneInfo(load_policy()["contact"][market]["time_zone"]))
    for day in (local.date() + timedelta(days=ahead) for ahead in range(LOOKED_AHEAD)):
        hours = contact_hours(market, day)
        if hours is None:
            continue
        opens, closes = (datetime.combine(day, at, local.tzinfo) for at in hours)
        if local < opens:
            return Presence(there=False, now=local, changes=opens)
        if local < closes:
            return Presence(there=True, now=local, changes=closes)
    raise ValueError(f"policy.json has no contact hours of {market} for two weeks from {local.date()}")


def contact_hours(market: ContactMarket, day: date) -> tuple[time, time] | None:
    """First and last moment of that day; None when nobody is there."""
    policy = load_policy()
    hours: dict[str, Any] = policy["contact"][market]["hours"]
    short = policy["holidays"]["cn_contact_short_hours"]
    if market == "cn" and date.fromisoformat(short["from"]) <= day <= date.fromisoformat(short["to"]):
        found = hours["spring_festival"]
    elif market == "uk" and day in bank_holidays(day.year):
        found = hours["bank_holidays"]
    else:
        found = next((times for days, times in hours.items() if _is_among(day, days)), None)
    return (time.fromisoformat(found[0]), time.fromisoformat(found[1])) if found else None


def told(language: Language, now: datetime) -> str:
    """A sentence for the customer: whether a person is there now, and when one will be."""
    found = presence(MARKETS[language], now)
    at, day = f"{found.changes.hour}:{found.changes.minute:02}", _day(language, found)
    if language == "zh":
        if found.there:
            return f"现在有同事在（今天到 {at}，北京时间），很快会在这里回复您。"
        return f"现在是休息时间，同事{day} {at}（北京时间）上班，回复会显示在这里。"
    if found.there:
        return f"Our team is here until {at} today (UK time): someone will be with you shortly, in this chat."
    return f"Our team is away now and back {day} at {at} (UK time); the reply comes in this chat."


def _is_among(day: date, days: str) -> bool:
    """Whether a key such as `mon-fri` or `sat` means this day; other keys mean none."""
    first, _, last = days.partition("-")
    if first not in WEEKDAYS or (last or first) not in WEEKDAYS:
        return False
    return WEEKDAYS.index(first) <= day.weekday() <= WEEKDAYS.index(last or first)


def _day(language: Language, found: Presence) -> str:
    ahead = (found.changes.date() - found.now.date()).days
    if ahead < 2:
        return {"en": ("today", "tomorrow"), "zh": ("今天", "明天")}[language][ahead]
    return (_CHINESE if language == "zh" else _ENGLISH)[found.changes.weekday()]
