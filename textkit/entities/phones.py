"""British, Irish and Chinese telephone numbers, as E.164."""

from __future__ import annotations

import re

from textkit.entities.entity import Found

_CANDIDATE = re.compile(r"(?<![a-z0-9+@._/])(?<!\d[ -])\+? ?\(?\d(?:[ ().-]{0,2}\d){6,15}(?![a-z0-9@])")
_UK_SHARED = re.compile(r"0(?:20[378]|23[89]|24[7]|28[2-9]|29[2])")  # area codes that China has too
_CN_MOBILE = re.compile(r"1[3-9]\d{9}")
_EIGHT_TOGETHER = re.compile(r"\d{8}$")


def find_phones(text: str, chinese: bool) -> list[Found]:
    """Telephone numbers in folded `text`; `chinese` settles area codes that Britain and China share."""
    found = []
    position = 0
    while match := _CANDIDATE.search(text, position):
        start, end = match.span()
        position = end
        while end > start:
            written = text[start:end]
            number = _e164(written, chinese)
            if number:
                lead = len(written) - len(written.lstrip())
                found.append(Found(start + lead, end, number))
                position = end
                break
            end = _without_last_group(text, start, end)
    return found


def _without_last_group(text: str, start: int, end: int) -> int:
    """Where the number ends without its last group: what follows a telephone may be another number."""
    stripped = text[start:end].rstrip("0123456789").rstrip(" ().-+")
    return start + len(stripped)


def _e164(written: str, chinese: bool) -> str | None:
    digits = re.sub(r"\D", "", written.replace("(0)", "", 1))
    international = "+" in written
    if not international and digits.startswith("00"):
        digits, international = digits[2:], True
    if international:
        return _with_country(digits)
    if digits.startswith("0"):
        return _national(digits, written, chinese)
    if _CN_MOBILE.fullmatch(digits):
        return f"+86{digits}"
    if len(digits) == 10 and digits[:3] in ("400", "800"):
        return f"+86{digits}"
    bare = digits[:3] in ("861", "447") or digits[:4] == "3538"  # the country code without its plus
    return _with_country(digits) if bare else None


def _with_country(digits: str) -> str | None:
    if digits.startswith("353"):
        rest = digits[3:].removeprefix("0")
        return f"+353{rest}" if 7 <= len(rest) <= 9 else None
    if digits.startswith("44"):
        rest = digits[2:].removeprefix("0")
        return f"+44{rest}" if len(rest) in (9, 10) and rest[0] in "12378" else None
    if digits.startswith("86"):
        rest = digits[2:].removeprefix("0")
        if _CN_MOBILE.fullmatch(rest) or rest[:3] in ("400", "800"):
            return f"+86{rest}" if len(rest) in (10, 11) else None
        return f"+86{rest}" if 9 <= len(rest) <= 11 else None
    return None


def _national(digits: str, written: str, chinese: bool) -> str | None:
    rest = digits[1:]
    if len(digits) == 12:
        return f"+86{rest}" if digits[1] in "3456789" else None
    if len(digits) == 11:
        return f"+86{rest}" if _chinese_area(digits, written, chinese) else f"+44{rest}"
    if len(digits) == 10:
        if digits[1] == "8" and digits[2] in "235679":
            return f"+353{rest}"
        if digits[1] == "1" or digits[:4] == "0800":
            return f"+44{rest}"
        return f"+353{rest}" if digits[1] in "24569" else None
    if len(digits) == 9 and digits[1] in "14569" and digits[1:3] != "00":
        return f"+353{rest}"
    return None


def _chinese_area(digits: str, written: str, chinese: bool) -> bool:
    if digits[:2] == "02":
        if not _UK_SHARED.match(digits):
            return True
        return chinese and _EIGHT_TOGETHER.search(written) is not None
    if digits[:2] == "01":
        return digits[:3] == "010"
    if digits[:2] == "07":
        return False
    if digits[:2] in ("03", "08"):
        return chinese
    return True
