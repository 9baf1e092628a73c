"""Sums of money with their currency."""

from __future__ import annotations

import re
from typing import Any

from textkit.entities.entity import Found
from textkit.entities.numbers import CHINESE, ENGLISH, chinese_number, chinese_or_digits, english_number

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d{1,4},\d{2}(?!\d)|\d{1,7}(?:\.\d{1,2})?"
_SCALE = r"(?:(?P<scale>k\b|k(?![a-z])|w(?![a-z])|万|千|百)(?:(?P<low>\d)(?P<low_scale>[千百])?)?)?"
_BEFORE = {
    "GBP": r"£|gbp",
    "EUR": r"€|euros?|eur",
    "CNY": r"cn¥|¥|rmb|cny|人民币",
    "USD": r"us\$|\$|usd",
}
_AFTER = {
    "GBP": r"£|gbp\b|pounds?(?! of\b)(?: sterling)?\b|s?quid\b|英[镑磅]|镑",
    "EUR": r"€|eur\b|euros?\b|欧元|欧(?!洲)",
    "CNY": r"¥|yuan\b|rmb\b|cny\b|kuai\b|renminbi\b|人民币|元钱?(?!旦|宵|气|[一二三]次|素)|圆|大洋|块大洋|[块塊]钱?",
    "USD": r"\$|usd\b|(?:us )?dollars?\b|bucks?\b|美元|美金|美刀|刀(?!盘|片|具|头|流|切|两)",
}
_CENTS = r"p\b(?!\.?m)|pence\b|便士|毛(?:钱)?(?!巾|刷|峰|尖|病|毛)|角(?!落|度)|cents?\b|欧分|美分"
_CENT_CURRENCY = {"p": "GBP", "便": "GBP", "毛": "CNY", "角": "CNY", "c": "USD", "欧": "EUR", "美": "USD"}


def _any(units: dict[str, str]) -> str:
    return "|".join(f"(?P<{code}>{pattern})" for code, pattern in units.items())


_SIGN_FIRST = re.compile(rf"(?<![a-z])(?:{_any(_BEFORE)}) ?(?P<number>{_NUMBER})(?P<scale>k\b|w\b|万|千|百)?(?![\d])")
_SIGN_LAST = re.compile(
    rf"(?<![\da-z:/-])(?<!\d[.,])(?:(?P<number>{_NUMBER}) ?{_SCALE}"
    rf"|(?P<words>\b{ENGLISH}\b|(?<!half )\ba(?= (?:pound|s?quid|euro|dollar|buck)\b)"
    rf"|\ba couple of(?= (?:pounds|s?quid|euros|dollars|bucks)\b))"
    rf"|(?<![{CHINESE}几数])(?P<numeral>[{CHINESE}]{{1,12}}))"
    rf"(?P<more>[多来])?[ -]?(?:{_any(_AFTER)}|(?P<cents>{_CENTS}))"
)
_TENS_WORD = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_ONES_WORD = "one|two|three|four|five|six|seven|eight|nine"
_SMALL_CHANGE = re.compile(
    rf"(?:(?: and )?(?P<tail>\d{{1,2}}|(?<= ){ENGLISH})(?: ?(?:p\b|pence\b|便士))|(?P<bare> \d{{2}}"
    rf"| (?:{_TENS_WORD})(?:[ -](?:{_ONES_WORD}))?)"
    rf"(?![\d:/-]|[.,]\d|[a-z]| [a-z]+s\b)"
    rf"|[零]?(?P<zh>[\d{CHINESE}])(?P<unit>[毛角])钱?(?P<fen>[\d{CHINESE}](?!\d))?分?"
    rf"|(?P<short>[\d{CHINESE}])钱?(?![\d{CHINESE}.个只袋盒台把件套瓶罐张支条双份杯壶箱片块本饼桶颗粒]|包(?!邮)))"
)
_SLANG = re.compile(r"\b(?:a )?(fiver|tenner)\b")
_GRAND = re.compile(
    rf"(?<![\w.,])(?:a|(?P<number>\d{{1,3}}(?:\.\d)?)|(?P<words>{ENGLISH})) (?:grand)\b(?! piano| total)"
)
_PIECES = re.compile(r"(?:毛巾|抹布|滤布|布|蛋糕|茶饼|饼|手表|电池|垫|砝码|玻璃|普洱|茶砖|巧克力|肥皂|板)")
_PRICED = re.compile(r"(?:每|涨|降|便宜|贵|要|才|退|差|收|付|花|就|扣|减|省|只|到|加|[少多]了?)$")
_SCALES = {"k": 1000, "w": 10000, "千": 1000, "万": 10000, "百": 100}


def find_amounts(text: str) -> list[Found]:
    """Sums of money in folded `text`."""
    found = [_sign_first(m) for m in _SIGN_FIRST.finditer(text)]
    taken = [(f.start, f.end) for f in found]
    for match in _SIGN_LAST.finditer(text):
        if not any(start < match.end() and match.start() < end for start, end in taken):
            amount = _sign_last(match, text)
            if amount is not None:
                found.append(amount)
    for match in _SLANG.finditer(text):
        found.append(_found(match.start(), match.end(), 5 if match.group(1) == "fiver" else 10, "GBP"))
    found += [_grand(m) for m in _GRAND.finditer(text)]
    return found


def _grand(match: re.Match[str]) -> Found:
    count = float(match["number"]) if match["number"] else english_number(match["words"] or "one") or 0
    return _found(match.start(), match.end(), count * 1000, "GBP")


def _found(start: int, end: int, value: float, currency: str) -> Found:
    rounded = round(value, 2)
    plain: Any = int(rounded) if rounded == int(rounded) else rounded
    return Found(start, end, {"value": plain, "currency": currency})


def _currency(match: re.Match[str]) -> str:
    return next(code for code in _AFTER if match.group(code))


def _sign_first(match: re.Match[str]) -> Found:
    value = _digits(match.group("number")) * _SCALES.get(match.group("scale") or "", 1)
    return _found(match.start(), match.end(), value, _currency(match))


def _digits(written: str) -> float:
    """`1,200.50`, or `49,50` with the comma of the continent."""
    comma_decimals = written[-3:-2] == "," and "." not in written
    return float(written.replace(",", ".") if comma_decimals else written.replace(",", ""))


def _scaled(match: re.Match[str]) -> float:
    """`1.5k`, `2千`, and `1万2`, in which the 2 counts in the unit below."""
    scale = _SCALES.get(match.group("scale") or "", 1)
    low_scale = _SCALES.get(match.group("low_scale") or "", scale / 10)
    return _digits(match.group("number")) * scale + int(match.group("low") or 0) * low_scale


def _value(match: re.Match[str]) -> float | None:
    if match.group("number"):
        return _scaled(match)
    if match.group("words"):
        vague = {"a": 1, "a couple of": 2}
        return vague.get(match.group("words")) or english_number(match.group("words"))
    return chinese_number(match.group("numeral"))


def _sign_last(match: re.Match[str], text: str) -> Found | None:
    value = _value(match)
    if value is None:
        return None
    if match.group("cents"):
        share = 10 if match.group("cents")[0] in "毛角" else 100
        return _found(match.start(), match.end(), value / share, _CENT_CURRENCY[match.group("cents")[0]])
    currency = _currency(match)
    if text[match.end() - 1] in "块塊" and value < 20 and _PIECES.match(text, match.end()):
        return None
    change, end = _change(text, match.end(), currency)
    if value == 1 and text[match.end() - 1] in "块塊" and not change and not _PRICED.search(text, 0, match.start()):
        return None  # 换一块 is a piece
    return _found(match.start(), end, value + change, currency)


def _change(text: str, end: int, currency: str) -> tuple[float, int]:
    """Pence after `49 pounds 50`, or 角 after `三块五`, and where they end."""
    match = _SMALL_CHANGE.match(text, end)
    if not match:
        return 0, end
    if match.group("tail") or match.group("bare"):
        if currency == "CNY":
            return 0, end
        pence = (match.group("tail") or match.group("bare")).strip()
        return (int(pence) if pence.isdigit() else english_number(pence) or 0) / 100, match.end()
    if text[end - 1] not in "块塊元镑":
        return 0, end
    tenths = chinese_or_digits(match.group("zh") or match.group("short")) or 0
    hundredths = chinese_or_digits(match.group("fen") or "零") or 0
    return (tenths / 10 + hundredths / 100, match.end()) if 0 < tenths < 10 else (0, end)
