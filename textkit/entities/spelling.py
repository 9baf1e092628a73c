"""How far a written word may be from the word that it means."""

from __future__ import annotations

import re
from functools import lru_cache

_SOUNDS = [(re.compile(a), b) for a, b in (("ph", "f"), ("gh", ""), ("ck|[cq]", "k"), ("z", "s"), ("x", "ks"))]
_VOWELS = re.compile(r"(?<=.)[aeiouyhw]")
_DOUBLE = re.compile(r"(.)\1+")


def allowed_edits(length: int) -> int:
    """Edits that a word of `length` letters survives: one for every four letters, none below four."""
    return min(length // 4, 3)


@lru_cache(maxsize=8192)
def sound(word: str) -> str:
    """The consonants that are heard: `linnet` and `lynet` are lnt."""
    for pattern, heard in _SOUNDS:
        word = pattern.sub(heard, word)
    return _VOWELS.sub("", _DOUBLE.sub(r"\1", word))


def same_verb(word: str, doer: str) -> bool:
    """Whether `word` is a form of the verb of `doer`: to descale is no misspelt descaler."""
    if not doer.endswith("er"):
        return False
    stem = doer[:-2]
    return word.startswith(stem) and word[len(stem) :] in ("", "e", "s", "es", "ed", "ing")


def edits(a: str, b: str, most: int) -> int | None:
    """Letters added, left out, replaced, or exchanged with a neighbour between `a` and `b`; None for more than `most`.

    Optimal string alignment (Damerau 1964), in which no part is edited twice.
    """
    if abs(len(a) - len(b)) > most:
        return None
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and y == a[i - 2]:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return None
        before, last = last, row
    return last[-1] if last[-1] <= most else None
