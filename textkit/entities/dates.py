"""Dates in either language, and periods from one date to another."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from textkit.entities.dates_en import ENGLISH_RULES
from textkit.entities.dates_spelling import respelt
from textkit.entities.dates_zh import CHINESE_RULES
from textkit.entities.days import Days, exact, iso, nearest_day
from textkit.entities.entity import Found

Rule = tuple[re.Pattern[str], Callable[[re.Match[str], date], Days | None]]

_FULL = re.compile(r"(?<![\d./-])(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?![\d/-]|\.\d)")
_DAY_FIRST = re.compile(r"(?<![\d./-])(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?![\d/-]|\.\d)")
_SHORT = re.compile(r"(?<![\d./:-])(\d{1,2})/(\d{1,2})(?![\d/:]|\.\d|-\d)")
_TO = re.compile(r" ?(?:to|until|till|til|thru|through|-|~|到|至) ?(?:the )?")
_MOVED = re.compile(r"\b(?:move|moved|change|changed|switch|reschedule|postpone|push|bring)\b|改|换|挪|推迟|提前")
_AND = re.compile(r" and (?:the )?|和|跟")
_BETWEEN = re.compile(r"\bbetween (?:the )?$")
_HAS_DAY = re.compile(r"\d")
_WEEKDAY = re.compile(r"\b(?:mon|tue|wed|thu|fri|sat|sun)|周|星期|礼拜")


def find_dates(text: str, today: date, chinese: bool) -> list[Found]:
    """Dates in folded `text`; `chinese` reads 10/3 as 3 October, else it is 10 March."""
    plain, origin = respelt(text)
    found = _find(plain, today, chinese)
    if origin is None:
        return found
    return [Found(origin[f.start], origin[f.end - 1] + 1, f.value) for f in found]


def _find(text: str, today: date, chinese: bool) -> list[Found]:
    found = _numeric(text, today, chinese)
    covered = bytearray(len(text))
    for item in found:
        covered[item.start : item.end] = b"\1" * (item.end - item.start)
    for pattern, read in (*ENGLISH_RULES, *CHINESE_RULES):
        for match in pattern.finditer(text):
            start, end = match.span("span" if match.groupdict().get("span") else 0)
            if any(covered[start:end]):
                continue
            days = read(match, today)
            if days:
                found.append(Found(start, end, iso(days)))
                covered[start:end] = b"\1" * (end - start)
    return _periods(text, sorted(found, key=lambda f: f.start))


def _numeric(text: str, today: date, chinese: bool) -> list[Found]:
    found: list[Found] = []
    if not ("/" in text or "-" in text or "." in text):
        return found
    for match in _FULL.finditer(text):
        day = exact(int(match[1]), int(match[3]), int(match[4]))
        if day and 1990 < day.year < 2100:
            found.append(Found(match.start(), match.end(), day.isoformat()))
    for match in _DAY_FIRST.finditer(text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        if match[2] == "." and len(match[4]) == 2 and year < 20:
            continue  # a version number such as 3.2.1
        day = exact(year, second, first) or exact(year, first, second)
        if day and 1990 < day.year < 2100:
            found.append(Found(match.start(), match.end(), day.isoformat()))
    for match in _SHORT.finditer(text):
        first, second = int(match[1]), int(match[2])
        month, number = (first, second) if chinese else (second, first)
        day = nearest_day(month, number, today) or nearest_day(number, month, today)
        if day and (first, second) not in {(24, 7), (1, 2)}:
            found.append(Found(match.start(), match.end(), day.isoformat()))
    return found


def _periods(text: str, found: list[Found]) -> list[Found]:
    """Two days with `to` between them are one period, unless something moves from one to the other."""
    if len(found) < 2 or _MOVED.search(text):
        return found
    joined: list[Found] = []
    for item in found:
        last = joined[-1] if joined else None
        period = _period(text, last, item) if last else None
        if period:
            joined[-1] = period
        else:
            joined.append(item)
    return joined


def _period(text: str, first: Found, last: Found) -> Found | None:
    if "/" in first.value + last.value:
        return None
    between = text[first.end : last.start]
    if not (_TO.fullmatch(between) or (_AND.fullmatch(between) and _BETWEEN.search(text, 0, first.start))):
        return None
    written = text[first.start : first.end], text[last.start : last.end]
    begin, end = date.fromisoformat(first.value), date.fromisoformat(last.value)
    if all(_WEEKDAY.search(w) for w in written) and not any(map(_HAS_DAY.search, written)):
        end = begin + timedelta(days=(end - begin).days % 7)  # the second weekday is the one after the first
    if not begin < end:
        return None
    return Found(first.start, last.end, f"{begin.isoformat()}/{end.isoformat()}")
