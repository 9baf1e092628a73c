"""Order numbers and e-mail addresses."""

from __future__ import annotations

import re

from textkit.entities.entity import Found

_EMAIL = re.compile(
    r"(?<![a-z0-9._%+-])[a-z0-9_][a-z0-9._%+-]{0,63}@[a-z0-9][a-z0-9-]{0,62}(?:\.[a-z0-9][a-z0-9-]{0,62}){0,5}\.[a-z]{2,24}"
    r"(?![a-z0-9])"
)
_ORDER = re.compile(
    r"(?<![a-z0-9])([a-z]{2})([ ./_-]{0,3})([a-z0-9]{4})([ ./_-]{0,3})([a-z0-9]{4})"
    r"(?=\d{1,2}月|(?![a-z0-9]|[ -]\d{3}))",
    re.ASCII,
)
_CUE = re.compile(r"(?:order|ref(?:erence)?|receipt|number|no|订单号?|单号|小票|编号)[是为上的 :#.]{0,3}$")
_SPREAD = re.compile(r"(?<![a-z0-9])le(?:[ ./_-]{0,3}[a-z0-9]){8}(?![a-z0-9])", re.ASCII)


def find_emails(text: str) -> list[Found]:
    """E-mail addresses in folded `text`."""
    return [Found(m.start(), m.end(), m.group()) for m in _EMAIL.finditer(text)] if "@" in text else []


def find_order_numbers(text: str) -> list[Found]:
    """Order numbers in folded `text`: two letters, then two groups of four letters or digits."""
    found = []
    position = 0
    while match := _ORDER.search(text, position):
        # Words have the same shape ("in this case"), so a failed try must not swallow what follows.
        if _plausible(match, text):
            prefix, _, first, _, second = match.groups()
            found.append(Found(match.start(), match.end(), f"{prefix}-{first}-{second}".upper()))
            position = match.end()
        else:
            position = match.start() + 1
    return found + _spread(text, found)


def _plausible(match: re.Match[str], text: str) -> bool:
    prefix, gap, first, second_gap, second = match.groups()
    has_digit = any(c.isdigit() for c in first + second)
    if prefix == "le":
        return has_digit or (gap.strip() == "-" and second_gap.strip() == "-")
    has_letter = any(c.isalpha() for c in first + second)
    cued = gap == second_gap == "-" or _CUE.search(text, max(0, match.start() - 20), match.start())
    return has_digit and has_letter and bool(cued)


def _spread(text: str, found: list[Found]) -> list[Found]:
    """Order numbers with gaps elsewhere: `LE 7K 4M Q2 XP`."""
    more = []
    for match in _SPREAD.finditer(text):
        plain = re.sub(r"[^a-z0-9]", "", match.group())
        free = all(match.end() <= f.start or f.end <= match.start() for f in found)
        if free and sum(c.isdigit() for c in plain) >= 2:
            more.append(Found(match.start(), match.end(), f"{plain[:2]}-{plain[2:6]}-{plain[6:]}".upper()))
    return more
