"""Chinese dates: `11月3号`, `大前天`, `下周五`, `三天前`."""

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
from textkit.entities.holidays import HOLIDAYS_ZH, read_holiday
from textkit.entities.numbers import chinese_or_digits

Rule = tuple[re.Pattern[str], Callable[[re.Match[str], date], Days | None]]

_NUMBER = r"\d{1,2}|[一二三四五六七八九十廿]{1,3}"
_YEAR_WORDS = {"前年": -2, "去年": -1, "今年": 0, "本年": 0, "明年": 1, "后年": 2}
_YEAR = r"(?:(?P<year>\d{4}|\d{2}|[二〇零一三四五六七八九]{4})年 ?|(?P<relative>去年|今年|明年|前年|后年)的? ?)?"
_DAYS = {"大前": -3, "前": -2, "昨": -1, "今": 0, "明": 1, "后": 2, "大后": 3}
_WHICH = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}
_WHICH_PATTERN = r"(?P<which>上上|下下|上|下|这|本)一?个?"
_WEEK = r"(?:周|星期|礼拜)"
_WEEKDAYS = "一二三四五六日天123456"
_NOT_A_DAY = r"(?!店|楼|门|线|机|柜|仓|滤|码|桌|床|院|电|房|馆|口|车|球|晒|本|式|常|用|历|语)"
_UNITS = {"天": "day", "日": "day", "周": "week", "星期": "week", "礼拜": "week", "月": "month", "年": "year"}


def _number(text: str) -> int | None:
    return chinese_or_digits(text.replace("廿", "二十"))


def _year(match: re.Match[str], today: date) -> int | None:
    if match["year"]:
        return chinese_or_digits(match["year"])
    return today.year + _YEAR_WORDS[match["relative"]] if match["relative"] else None


def _calendar_day(match: re.Match[str], today: date) -> Days | None:
    month, day, year = _number(match["month"]), _number(match["day"]), _year(match, today)
    if not month or not day:
        return None
    return one(exact(year, month, day) if year else nearest_day(month, day, today))


def _calendar_month(match: re.Match[str], today: date) -> Days | None:
    month, year = _number(match["month"]), _year(match, today)
    if not month or month > 12:
        return None
    first = exact(year, month, 1) if year else None
    return month_of(first, 0) if first else nearest_month(month, today)


def _day_of_relative_month(match: re.Match[str], today: date) -> Days | None:
    first, _ = month_of(today, _WHICH[match["which"]])
    day = _number(match["day"])
    return one(exact(first.year, first.month, day)) if day else None


def _day_of_month(match: re.Match[str], today: date) -> Days | None:
    day = _number(match["day"])
    return one(nearest_day_of_month(day, today)) if day and day <= 31 else None


def _days_of_one_month(match: re.Match[str], today: date) -> Days | None:
    month, first, last = _number(match["month"]), _number(match["first"]), _number(match["last"])
    if not month or not first or not last or first >= last:
        return None
    start, end = nearest_day(month, first, today), nearest_day(month, last, today)
    return (start, end) if start and end and start < end else None


def _named(match: re.Match[str], today: date) -> Days | None:
    return one(shifted(today, _DAYS[match["name"]], "day"))


def _weekday(match: re.Match[str], today: date) -> Days | None:
    at = _WEEKDAYS.index(match["weekday"])
    weekday = min(at, 6) if at < 8 else at - 8
    which = match["which"]
    return one(weekday_of(today, weekday, _WHICH[which]) if which else coming(today, weekday))


def _period(match: re.Match[str], today: date) -> Days | None:
    offset = _WHICH[match["which"] or "这"]
    if match["period"] == "月":
        return month_of(today, offset)
    return weekend_of(today, offset) if match["end"] else week_of(today, offset)


def _distance(match: re.Match[str], today: date) -> Days | None:
    half, count = match["count"] == "半", chinese_or_digits(match["count"])
    unit = _UNITS[match["unit"]]
    if half:
        if unit not in ("month", "year"):
            return None
        count, unit = (15, "day") if unit == "month" else (6, "month")
    if not count:
        return None
    return one(shifted(today, -count if "前" in match["side"] else count, unit))


CHINESE_RULES: list[Rule] = [
    (HOLIDAYS_ZH, read_holiday),
    (
        re.compile(
            rf"(?<!\d)(?P<month>{_NUMBER})月(?P<first>{_NUMBER})[号日]?[到至~-](?P<last>{_NUMBER})[号日](?!{_WEEK})"
        ),
        _days_of_one_month,
    ),
    (
        re.compile(rf"(?<![\d.]){_YEAR}(?P<month>{_NUMBER}) ?月 ?(?P<day>{_NUMBER}) ?(?:[号日]|(?![\d号日个月年.]))"),
        _calendar_day,
    ),
    (
        re.compile(
            rf"(?<![\d.])(?P<month>1[0-2]|[1-9])\.(?P<day>[12]\d|3[01]|[1-9])"
            rf"(?:[号日]|(?= ?(?:下的?单|买|退|扣|付|寄|发货|到货|送|签收|之?[前后]|那天|当天|的订?单|收到))){_YEAR}"
        ),
        _calendar_day,
    ),
    (re.compile(rf"(?P<which>上|这|本|下)个?月的?(?P<day>{_NUMBER})[号日]"), _day_of_relative_month),
    (
        re.compile(rf"(?<![\d.]){_YEAR}(?P<month>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月份?(?!饼|卡|付|租)"),
        _calendar_month,
    ),
    (
        re.compile(r"(?P<name>大前|大后|前|昨|今|明|后)(?:天|日|儿个?(?!子|童|女|媳)|晚(?!歌)|夜|早(?!餐))(?!猫|堂)"),
        _named,
    ),
    (re.compile(rf"{_WHICH_PATTERN}{_WEEK}(?P<weekday>[{_WEEKDAYS}])"), _weekday),
    (
        re.compile(
            rf"(?<![每两几\d])(?<![^周期拜][一二三四五六])(?<!^[一二三四五六])(?P<which>){_WEEK}"
            rf"(?P<weekday>[{_WEEKDAYS}])(?!次|个|年|天|[\d.])"
        ),
        _weekday,
    ),
    (re.compile(rf"{_WHICH_PATTERN}(?P<period>周|星期|礼拜|月)(?P<end>末)?(?!年)"), _period),
    (re.compile(r"(?<![每个])(?P<which>)(?P<period>周)(?P<end>末)"), _period),
    (
        re.compile(
            r"(?<![\d.第])(?P<count>\d{1,3}|[一二两三四五六七八九十]{1,3}|半) ?(?:个(?=月|星期|礼拜))?"
            r"(?P<unit>天|日|周|星期|礼拜|月|年)(?P<side>之前|以前|前|之后|以后|后)(?!台|面|盖|腿|缀)"
        ),
        _distance,
    ),
    (
        re.compile(rf"(?<![\d第月.路街道弄巷楼栋座])(?P<day>[1-9]|[12]\d|3[01])(?:号{_NOT_A_DAY}|日{_NOT_A_DAY})"),
        _day_of_month,
    ),
    (
        re.compile(
            rf"(?<![第月一二三四五六七八九十百路街道弄巷])(?P<day>[一二三四五六七八九十廿]{{1,3}})号{_NOT_A_DAY}"
        ),
        _day_of_month,
    ),
    (
        re.compile(r"(?P<relative>去年|今年|明年|前年)(?!\d|[一二三四五六七八九十]{1,2}月)"),
        lambda m, today: year_of(today, _YEAR_WORDS[m["relative"]]),
    ),
]
