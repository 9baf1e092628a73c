"""Misspelt and clipped words of dates, put right before a date is read: `wensday`, `2moro`, `3 wks ago`."""

from __future__ import annotations

import re
from functools import lru_cache

from textkit.entities.spelling import allowed_edits, edits
from textkit.entities.wordlists import common_english

_WORD = re.compile(r"(?<![a-z0-9])(?:2m[a-z]+|[a-z]{3,})(?![a-z0-9])")
_CLIPPED = {
    "2moro": "tomorrow",
    "2morrow": "tomorrow",
    "2mrw": "tomorrow",
    "tmrw": "tomorrow",
    "tmr": "tomorrow",
    "tmw": "tomorrow",
    "tmoz": "tomorrow",
    "tomoz": "tomorrow",
    "tomo": "tomorrow",
    "yday": "yesterday",
    "yest": "yesterday",
    "ystrday": "yesterday",
    "tonite": "tonight",
    "wk": "week",
    "wks": "weeks",
    "wknd": "weekend",
    "mth": "month",
    "mths": "months",
    "yr": "year",
    "yrs": "years",
    "xmas": "christmas",
    "crimbo": "christmas",
}
_WHOLE = tuple(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april august september october
    november december yesterday tomorrow tonight weekend christmas fortnight
    """.split()
)


@lru_cache(maxsize=4096)
def _meant(word: str) -> str:
    if word in _CLIPPED:
        return _CLIPPED[word]
    if len(word) < 5 or word in _WHOLE or word in common_english():
        return word
    for whole in _WHOLE:
        most = allowed_edits(len(whole)) if whole[0] == word[0] or whole[:2] == word[1::-1] else 0
        plural = word.startswith(whole)
        if most and not plural and edits(word, whole, most) is not None:
            return whole
    return word


def respelt(text: str) -> tuple[str, list[int] | None]:
    """`text` with the words of dates put right, and where each of its places lies in `text`; None for no change."""
    parts: list[str] = []
    origin: list[int] = []
    position = 0
    for match in _WORD.finditer(text):
        word = match.group()
        meant = _meant(word)
        if meant == word:
            continue
        start, end = match.span()
        parts += [text[position:start], meant]
        origin += range(position, start)
        origin += [min(start + k, end - 1) for k in range(len(meant) - 1)] + [end - 1]
        position = end
    if not parts:
        return text, None
    origin += range(position, len(text) + 1)
    return "".join([*parts, text[position:]]), origin
