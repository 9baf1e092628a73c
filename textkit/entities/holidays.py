"""Days that have a name of their own: `Black Friday`, `元旦`, `除夕`."""

from __future__ import annotations

import re
from datetime import date, timedelta

from textkit.entities.days import Days, exact, one

# The first day of the first, fifth and eighth lunar month's feasts, from the public calendar of China.
_LUNAR = {
    "春节": "2024-02-10 2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 2030-02-03 2031-01-23",
    "端午": "2024-06-10 2025-05-31 2026-06-19 2027-06-09 2028-05-28 2029-06-16 2030-06-05 2031-06-24",
    "七夕": "2024-08-10 2025-08-29 2026-08-19 2027-08-08 2028-08-26 2029-08-16 2030-08-05 2031-08-24",
    "中秋": "2024-09-17 2025-10-06 2026-09-25 2027-09-15 2028-10-03 2029-09-22 2030-09-12 2031-10-01",
}
_FIXED = {
    "christmas": (12, 25),
    "christmas day": (12, 25),
    "christmas eve": (12, 24),
    "boxing day": (12, 26),
    "new year's day": (1, 1),
    "new year's eve": (12, 31),
    "new year's": (1, 1),
    "valentine's day": (2, 14),
    "st patrick's day": (3, 17),
    "halloween": (10, 31),
    "圣诞": (12, 25),
    "平安夜": (12, 24),
    "元旦": (1, 1),
    "跨年": (12, 31),
    "情人节": (2, 14),
    "妇女节": (3, 8),
    "五一": (5, 1),
    "劳动节": (5, 1),
    "儿童节": (6, 1),
    "国庆": (10, 1),
    "双十一": (11, 11),
    "双11": (11, 11),
    "双十二": (12, 12),
    "双12": (12, 12),
    "万圣节": (10, 31),
}
# A feast before a noun says what kind of thing it is: a Christmas card is no date.
_ENDS_EN = r"(?=$|[^\w ]| (?:and|or|but|please|pls|is|was|if|so|then|at|on|in|to|morning|evening|for|we|i|you)\b)"
_ENDS_ZH = r"(?!礼|树|市|帽|老人|款|版|限定|套|装|卡|特|活动|促|价|歌|路|店|杯|茶|[号块])"

HOLIDAYS_EN = re.compile(
    r"\b(?P<name>black friday|cyber monday|christmas (?:day|eve)|boxing day|new year'?s (?:day|eve)|valentine'?s day"
    r"|st\.? patrick'?s day|halloween)\b"
    rf"|\b(?:by|before|for|until|till|after|on|at|over|since|this|next|last) (?P<span>christmas|new year'?s){_ENDS_EN}"
)
HOLIDAYS_ZH = re.compile(
    r"(?P<year>去年|今年|明年)?的?(?P<name>大年(?:三十|初[一二三四五])|除夕|春节|元宵|端午|七夕|中秋|圣诞|平安夜|元旦"
    rf"|跨年|情人节|妇女节|(?<![周期拜])五一(?!路|店)|劳动节|儿童节|国庆|双十[一二]|双1[12]|黑五|黑色星期五|万圣节)[节夜]?{_ENDS_ZH}"
)
_YEARS = {"去年": -1, "今年": 0, "明年": 1}
_NEW_YEAR = {"除夕": -1, "大年三十": -1, "元宵": 14} | {f"大年初{c}": i for i, c in enumerate("一二三四五")}


def read_holiday(match: re.Match[str], today: date) -> Days | None:
    """The day of that name in the year that is said, else the one nearest to `today`."""
    said = match.groupdict()
    name = said["name"] or said["span"]
    years = [today.year + k for k in ([_YEARS[said["year"]]] if said.get("year") else (-1, 0, 1))]
    days = [day for day in (_in_year(name, year) for year in years) if day]
    return one(min(days, key=lambda day: abs((day - today).days), default=None))


def _in_year(name: str, year: int) -> date | None:
    if name in ("black friday", "黑五", "黑色星期五", "cyber monday"):
        first = date(year, 11, 1)
        fourth_thursday = first + timedelta(days=(3 - first.weekday()) % 7 + 21)
        return fourth_thursday + timedelta(days=4 if name == "cyber monday" else 1)
    if name in _NEW_YEAR:
        feast = _in_year("春节", year)
        return feast + timedelta(days=_NEW_YEAR[name]) if feast else None
    if name in _LUNAR:
        return next((date.fromisoformat(d) for d in _LUNAR[name].split() if d.startswith(str(year))), None)
    name = re.sub(r"years|valentines|patricks", lambda m: f"{m.group()[:-1]}'s", name.replace(".", ""))
    return exact(year, *_FIXED[name]) if name in _FIXED else None
