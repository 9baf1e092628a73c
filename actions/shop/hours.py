"""When the stores are open: the week, and today with its holidays."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

from actions.orders.texts import say
from actions.orders.words import day, zone_of
from actions.sample.policy import load_policy
from textkit.language import Language

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SHORT = {"en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), "zh": tuple(f"周{c}" for c in "一二三四五六日")}
_NAMES = {
    "bristol": r"bristol|布里斯托",
    "london": r"london|伦敦",
    "edinburgh": r"edinburgh|爱丁堡",
    "shanghai": r"shanghai|上海|静安",
    "chengdu": r"chengdu|成都|玉林",
}
_ABOUT_HOURS = re.compile(
    r"open|clos|hours|what time|when|until|today|tomorrow|sunday|saturday|weekend|holiday|christmas|时间|几点|营业|开门"
    r"|关门|打烊|开到|今天|明天|周[一二三四五六日末]|节|开着|上班",
    re.I,
)
# What the list of hours does not say.
_ABOUT_MORE = re.compile(
    r"park|dog|wheelchair|repair|class|collect|stock|停车|狗|宠物|轮椅|维修|课|自提|有货|电话|phone|email", re.I
)


def asks_for_hours(text: str) -> bool:
    """Whether the opening hours are what is asked for."""
    return bool(_ABOUT_HOURS.search(text)) and not _ABOUT_MORE.search(text)


def stores_named(text: str, language: Language) -> list[dict[str, Any]]:
    """The stores that a text names; else those of the language's market."""
    stores = load_policy()["stores"]
    named = [store for store in stores if re.search(_NAMES[store["id"]], text, re.I)]
    market = "cn" if language == "zh" else "uk"
    return named or [store for store in stores if store["market"] == market]


def hours_text(store: dict[str, Any], now: datetime, language: Language) -> str:
    """A store's week, and what holds today."""
    local = now.astimezone(zone_of(store["market"]))
    week = ("，" if language == "zh" else ", ").join(_week(store["hours"], language))
    closed = say("closed_monthly", language) if store.get("closed") else ""
    name, address = store["name"][language], store["address"]
    line = say("store_week", language, name=name, address=address, week=week, closed=closed)
    return line + " " + _today(store, local, language)


def hours_on(store: dict[str, Any], on: date) -> tuple[str, str] | None:
    """Opening and closing time of a day, holidays included; None when it stays closed."""
    holidays = load_policy()["holidays"].get(f"{store['market']}_stores", {})
    if on.isoformat() in holidays.get("closed", []):
        return None
    if store.get("closed") == "first Monday of the month" and on.weekday() == 0 and on.day <= 7:
        return None
    for span, hours in store["hours"].items():
        first, _, last = span.partition("-")
        if _DAYS.index(first) <= on.weekday() <= _DAYS.index(last or first):
            if hours and on.isoformat() in holidays.get("close_at_16", []):
                return hours[0], "16:00"
            return (hours[0], hours[1]) if hours else None
    return None


def _week(hours: dict[str, list[str] | None], language: Language) -> list[str]:
    shown = []
    for span, times in hours.items():
        first, _, last = span.partition("-")
        if (first, last) == ("mon", "sun"):
            days = say("every_day", language)
        else:
            names = _SHORT[language]
            ends = [names[_DAYS.index(first)], *([names[_DAYS.index(last)]] if last else [])]
            days = ("至" if language == "zh" else "–").join(ends)
        shown.append(f"{days} {_span(times)}" if times else say("closed_on", language, days=days))
    return shown


def _span(times: list[str] | tuple[str, str]) -> str:
    return "–".join(t.lstrip("0") if t.startswith("0") else t for t in times)


def _today(store: dict[str, Any], local: datetime, language: Language) -> str:
    today = hours_on(store, local.date())
    shown = day(local.date(), language)
    if today is None:
        return say("today_closed", language, day=shown)
    opens, closes = (time.fromisoformat(t) for t in today)
    if local.time() < opens:
        return say("today_opens", language, day=shown, hours=_span(today))
    if local.time() < closes:
        return say("today_open", language, day=shown, until=today[1])
    return say("today_over", language, day=shown, until=today[1])
