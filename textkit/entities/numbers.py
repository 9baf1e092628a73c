"""Numbers written in words: English ones, and Chinese numerals."""

from __future__ import annotations

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(20, 100, 10), strict=True))
_SMALL = {word: i for i, word in enumerate(_ONES)} | _TENS | {"fourty": 40, "ninty": 90}
_SCALES = {"hundred": 100, "thousand": 1000, "grand": 1000}

_WORD = "|".join(sorted([*_SMALL, *_SCALES], key=len, reverse=True))
ENGLISH = rf"(?:(?:a )?half a dozen|(?:a |(?:{_WORD}) )?dozen|a (?:hundred|thousand|grand)|(?:{_WORD}))" + (
    rf"(?:(?: and |[ -])(?:{_WORD})){{0,7}}"
)

_DIGITS = dict(zip("零一二三四五六七八九", range(10), strict=True)) | {"〇": 0, "两": 2, "俩": 2, "仨": 3}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟萬兩", "一二三四五六七八九十百千万两")
CHINESE = "零〇一二两三四五六七八九十百千万壹贰叁肆伍陆柒捌玖拾佰仟萬兩"


def english_number(words: str) -> int | None:
    """The value of an English number: `twenty-five` is 25, `a hundred and ten` 110; None when it is none."""
    plain = words.strip()
    if plain.endswith("dozen"):
        count = plain.removesuffix("dozen").strip()
        return 6 if "half" in plain else 12 * (_SMALL.get(count) or 1)
    total = current = 0
    last = 1000  # what was said last within the hundreds: `twenty five` adds up, `five twenty` does not
    for word in plain.replace("-", " ").split():
        if word in ("a", "and"):
            continue
        if word in _SMALL:
            value = _SMALL[word]
            if last < 20 or (last < 100 and value >= 10):
                return None
            current, last = current + value, value
        elif word == "hundred" and current < 20:
            current, last = (current or 1) * 100, 1000
        elif _SCALES.get(word) == 1000:
            total, current, last = total + (current or 1) * 1000, 0, 1000
        else:
            return None
    return total + current


def chinese_number(numeral: str) -> int | None:
    """The value of a Chinese numeral: `三百二十` is 320, `一百五` 150, `两千` 2000, `二〇二六` 2026; None when none."""
    numeral = numeral.translate(_FORMAL)
    if not numeral or len(numeral) > 16:
        return None
    if not any(c in "十百千万" for c in numeral):
        return _digit_by_digit(numeral)
    if "万" in numeral:
        high, _, low = numeral.partition("万")
        upper = chinese_number(high)
        if upper is None or (low and chinese_number(low) is None):
            return None
        rest = chinese_number(low) if low else 0
        if low in _DIGITS and low != "零":
            rest = _DIGITS[low] * 1000
        return upper * 10000 + (rest or 0)
    return _below_ten_thousand(numeral)


def _digit_by_digit(numeral: str) -> int | None:
    if any(c not in _DIGITS for c in numeral) or (1 < len(numeral) < 4):
        return None  # two or three digits in a row are a guess: `两三包`
    return int("".join(str(_DIGITS[c]) for c in numeral))


def _below_ten_thousand(numeral: str) -> int | None:
    total, pending, unit, after_zero = 0, 0, 10000, False
    for character in numeral:
        if character in _UNITS:
            if _UNITS[character] >= unit or (not pending and character != "十"):
                return None
            unit = _UNITS[character]
            total, pending, after_zero = total + (pending or 1) * unit, 0, False
        elif character in _DIGITS:
            if pending:
                return None
            pending, after_zero = _DIGITS[character], after_zero or character in "零〇"
        else:
            return None
    return total + (pending * unit // 10 if not after_zero else pending)


def chinese_or_digits(text: str) -> int | None:
    """The value of digits or of a Chinese numeral."""
    return int(text) if text.isascii() and text.isdigit() else chinese_number(text)
