"""English dates: `14 March`, `the 3rd`, `next Friday`, `two weeks ago`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from textkit.entities.days import (
    Days,
    coming,
    exact,
    month_of,
    nearest_day,
    nearest_day_of_month,
    nearest_month,
    one,
    shifted,
    week_of,
    weekday_of,
    weekend_of,
    year_of,
)
from textkit.entities.holidays import HOLIDAYS_EN, read_holiday
from textkit.entities.numbers import ENGLISH, english_number

Rule = tuple[re.Pattern[str], Callable[[re.Match[str], date], Days | None]]

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_MONTH = (
    r"(?P<month>january|jan|febr?uary|feb|march|mar|april|apr|may|june|jun|july|jul|august|aug|septemb?er|sept|sep"
    r"|october|oct|november|nov|december|dec)\b"
)
_FULL_MONTH = (
    r"(?P<month>january|february|march|april|may|june|july|august|september|october|november|december"
    r"|sept?|oct|nov|dec)"
)
_LONG = r"monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_WEEKDAY = rf"(?P<weekday>{_LONG}|mon|tues?|weds?|thurs?|thur|fri|sat|sun)\b"
_YEAR = r"(?:,? ?(?P<year>20\d\d)\b)?"
_ORDINALS = {
    word: i + 1
    for i, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
        "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split()
    )
} | {"twenty-first": 21, "thirtieth": 30, "thirty-first": 31}
_ORDINAL_WORD = "|".join(sorted(_ORDINALS, key=len, reverse=True))
_DAY = rf"(?P<day>\d{{1,2}}(?: ?(?:st|nd|rd|th))?|{_ORDINAL_WORD})"
_FIRST = r"(?P<first>\d{1,2})(?:st|nd|rd|th)?"
_LAST = r"(?P<last>\d{1,2})(?:st|nd|rd|th)?"
_WHICH = {"last": -1, "past": -1, "previous": -1, "this": 0, "next": 1, "before last": -2, "after next": 2}
_COUNT = rf"(?P<count>\d{{1,3}}|{ENGLISH}|half an?|an?|(?:a )?couple of|a couple)"
_UNIT = r"(?P<unit>days?|weeks?|fortnights?|months?|years?)"
_AFTER_ORDINAL = (
    r"(?= ?(?:$|[,.;:!?)\-]|(?:and|or|but|please|pls|if|is|was|at|to|then|so|it|i|we|for|not|because|instead|when|will"
    r"|would|that|too|now|thanks)\b))"
)


def _month(match: re.Match[str]) -> int:
    return _MONTHS.index(match["month"][:3]) + 1


def _calendar_day(match: re.Match[str], today: date) -> Days | None:
    word = match["day"]
    day = _ORDINALS.get(word) or int(re.sub(r"\D", "", word))
    if match["year"]:
        return one(exact(int(match["year"]), _month(match), day))
    return one(nearest_day(_month(match), day, today))


def _days_of_one_month(match: re.Match[str], today: date) -> Days | None:
    start = nearest_day(_month(match), int(match["first"]), today)
    end = exact(start.year, start.month, int(match["last"])) if start else None
    return (start, end) if start and end and start < end else None


def _ordinal(match: re.Match[str], today: date) -> Days | None:
    return one(nearest_day_of_month(int(match["day"]), today))


def _named(match: re.Match[str], today: date) -> Days | None:
    words = match.group()
    if words.startswith("this"):
        offset = 0
    elif words == "last night":
        offset = -1
    elif "before" in words:
        offset = -2
    elif "after" in words:
        offset = 2
    elif words.startswith("y"):
        offset = -1
    else:
        offset = 1 if words.startswith("tom") else 0
    return one(shifted(today, offset, "day"))


def _weekday(match: re.Match[str], today: date) -> Days | None:
    weekday = _WEEKDAYS.index(match["weekday"][:3])
    which = match["which"]
    if which in _WHICH:
        return one(weekday_of(today, weekday, _WHICH[which]))
    return one(coming(today, weekday))


def _bare_weekday(match: re.Match[str], today: date) -> Days | None:
    return one(_coming(match, today))


def _coming(match: re.Match[str], today: date) -> date:
    return coming(today, _WEEKDAYS.index((match["weekday"] or match.group())[:3]))


def _day_of_relative_month(match: re.Match[str], today: date) -> Days | None:
    first, _ = month_of(today, _WHICH[match["which"] or match["w2"]])
    return one(exact(first.year, first.month, int(match["day"] or 1)))


def _relative_month(match: re.Match[str], today: date) -> Days | None:
    month = _month(match)
    if match["which"] == "next":
        return month_of(date(today.year + (month <= today.month), month, 1), 0)
    return month_of(date(today.year - (month >= today.month), month, 1), 0)


def _period(match: re.Match[str], today: date) -> Days | None:
    offset = _WHICH[match["which"]]
    ways = {"week": week_of, "weekend": weekend_of, "month": month_of, "year": year_of}
    return ways[match["period"]](today, offset)


def _distance(match: re.Match[str], today: date) -> Days | None:
    words = match["count"]
    if words.removeprefix("half ") in ("a", "an"):
        count: int | None = 1
    elif "couple" in words:
        count = 2
    else:
        count = int(words) if words.isdigit() else english_number(words)
    if count is None:
        return None
    unit = match["unit"].rstrip("s")
    if unit == "fortnight":
        count, unit = count * 2, "week"
    elif words.startswith("half"):
        count, unit = 6, {"year": "month"}.get(unit, "")
    if not unit:
        return None
    past = match.groupdict().get("past") is not None
    return one(shifted(today, -count if past else count, unit))


def _whole_month(match: re.Match[str], today: date) -> Days | None:
    if match["year"]:
        first = exact(int(match["year"]), _month(match), 1)
        return month_of(first, 0) if first else None
    return nearest_month(_month(match), today)


ENGLISH_RULES: list[Rule] = [
    (HOLIDAYS_EN, read_holiday),
    (re.compile(rf"\bbetween (?:the )?(?P<span>{_FIRST} and (?:the )?{_LAST}(?: of)? {_MONTH})"), _days_of_one_month),
    (re.compile(rf"(?<![\d./-]){_FIRST} ?(?:to|until|till|-) ?(?:the )?{_LAST}(?: of)? {_MONTH}"), _days_of_one_month),
    (re.compile(rf"\b{_MONTH} {_FIRST} ?(?:to|until|till|-) ?(?:the )?{_LAST}\b(?!:)"), _days_of_one_month),
    (
        re.compile(rf"\b(?:{_WEEKDAY},? (?:the )?)?(?<![\d.,£$€¥/]){_DAY}(?: day)?(?: of)?[ -]?{_MONTH}{_YEAR}"),
        _calendar_day,
    ),
    (
        re.compile(
            rf"\b(?:{_WEEKDAY},? )?{_MONTH}\.? ?(?:the )?(?P<day>\d{{1,2}}(?:st|nd|rd|th)?)\b"
            rf"(?![:.]\d|[,]\d|%| ?(?:am|pm))"
            rf"(?:,? (?P<year>20\d\d)\b)?"
        ),
        _calendar_day,
    ),
    (re.compile(rf"\b{_COUNT} {_UNIT} (?:from (?:now|today)|later|hence|time)\b"), _distance),
    (
        re.compile(
            r"\b(?:the )?day (?:before yesterday|after tomorrow)\b|\byesterday\b|\btomorrow\b|\btoday\b|\btonight\b"
            r"|\bthis (?:morning|afternoon|evening)\b|\blast night\b"
        ),
        _named,
    ),
    (
        re.compile(
            rf"\b{_WEEKDAY},? (?:of )?(?P<which>last|this|next) week\b"
            rf"|\b(?P<w2>last|this|next) week (?:on )?(?P<d2>{_LONG})\b"
        ),
        lambda m, today: one(
            weekday_of(today, _WEEKDAYS.index((m["weekday"] or m["d2"])[:3]), _WHICH[m["which"] or m["w2"]])
        ),
    ),
    (
        re.compile(rf"\b(?P<which>last|past|previous|this coming|this|next|coming) {_WEEKDAY}"),
        _weekday,
    ),
    (
        re.compile(rf"\b{_WEEKDAY} week\b"),
        lambda m, today: one(shifted(_coming(m, today), 1, "week")),
    ),
    (re.compile(rf"\ba week on {_WEEKDAY}"), lambda m, today: one(shifted(_coming(m, today), 1, "week"))),
    (re.compile(r"\b(?:the )?(?P<period>week|weekend|month|year) (?P<which>before last|after next)\b"), _period),
    (re.compile(rf"\b{_WEEKDAY},? (?:the )?(?P<day>[0-3]?\d) ?(?:st|nd|rd|th)\b"), _ordinal),
    (
        re.compile(
            r"\b(?P<day>[0-3]?\d)(?:st|nd|rd|th)? (?:of )?(?:the )?(?P<which>last|this|next) month\b"
            r"|\bfirst of (?P<w2>last|this|next) month\b"
        ),
        _day_of_relative_month,
    ),
    (re.compile(rf"\b(?P<which>last|past|next) (?P<span_month>{_FULL_MONTH})\b(?! \d)"), _relative_month),
    (
        re.compile(rf"(?<!every )(?<!each )(?<!happy )\b(?P<weekday>{_LONG}|tues?|weds?|thurs?|fri)\b(?!s|'s)"),
        _bare_weekday,
    ),
    (
        re.compile(
            r"\b(?:on|by|until|till|til|before|for|from|or|and|to|this|since|delivered|arrived|came|coming) "
            r"(?P<span>(?P<weekday>sat|sun|mon))\b"
            r"|(?<!the )\b(?:sat|sun|mon)(?= ?(?:-|to|til|till|and|or|/) ?(?:mon|tue|wed|thu|fri|sat|sun))"
            r"|(?<=(?:mon|tue|wed|thu|fri|sat)-)(?:sat|sun|mon)\b"
        ),
        _bare_weekday,
    ),
    (re.compile(r"\b(?P<which>last|past|previous|this|next) (?P<period>weekend|week|month|year)\b(?! old)"), _period),
    (re.compile(r"\b(?:at|over|by|before|until|for) the (?P<span>weekend)\b"), lambda _, today: weekend_of(today, 0)),
    (re.compile(rf"\b{_COUNT} {_UNIT} (?P<past>ago|back|earlier)\b"), _distance),
    (re.compile(rf"\bin (?:about )?{_COUNT} (?!working ){_UNIT}'?(?: time)?\b"), _distance),
    (re.compile(rf"\bthe (?P<span>(?P<day>[0-3]?\d) ?(?:st|nd|rd|th)\b){_AFTER_ORDINAL}"), _ordinal),
    (
        re.compile(
            rf"(?:\b(?:on|by|until|till|before|since|from|due)|(?<=st|nd|rd|th) (?:and|to)(?: the)?)"
            rf" (?P<span>(?P<day>[0-3]?\d)(?:st|nd|rd|th)\b){_AFTER_ORDINAL}"
        ),
        _ordinal,
    ),
    (
        re.compile(
            rf"\b(?:in|since|during|from|by|until|till|of|early|late|mid|for|before|after)"
            rf" (?P<span>{_FULL_MONTH}\b{_YEAR})(?! \d)"
        ),
        _whole_month,
    ),
]
