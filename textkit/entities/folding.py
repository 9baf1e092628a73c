"""Text in plain forms, one code point for each code point of the original, so that offsets hold."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

MASK = "\0"
_PLAIN = {"￥": "¥", "￡": "£", "’": "'", "‘": "'", "—": "-", "–": "-", "−": "-", "‐": "-", "‑": "-"}


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    if character in _PLAIN:
        return _PLAIN[character]
    if character.isspace():
        return " "
    folded = unicodedata.normalize("NFKD", character)[0].lower()
    return folded if len(folded) == 1 else character


def fold(text: str) -> str:
    """Half width, lower case and without accents, as long as `text`."""
    if text.isascii() and text.isprintable():
        return text.lower()
    return "".join(map(_plain, text))


def masked(text: str, spans: list[tuple[int, int]]) -> str:
    """`text` with every span blanked, as long as before."""
    characters = list(text)
    for start, end in spans:
        characters[start:end] = MASK * (end - start)
    return "".join(characters)
