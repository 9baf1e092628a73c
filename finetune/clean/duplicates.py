"""Texts that are the same or nearly so, by MinHash over shingles (Broder 1997) and locality-sensitive hashing.

Shingles are runs of characters, so Chinese needs no words; short texts are compared by shorter runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from finetune.clean.machine import key_of

PERMUTATIONS = 128
SHINGLE = 4  # characters; two where one in two is Chinese or the text is short
SHORT = 12


def shingles(key: str) -> set[str]:
    """The runs of characters of a normalised text."""
    han = sum("\u3400" <= character <= "\u9fff" for character in key)
    chinese = han * 2 > len(key)
    key = key.replace(" ", "") if chinese else key
    size = 2 if chinese or len(key) < SHORT else SHINGLE
    return {key[start : start + size] for start in range(max(1, len(key) - size + 1))}


class NearDuplicates:
    """Texts seen so far; `find` names the first that is the same or at least as similar as the threshold."""

    def __init__(self, threshold: float, seed: int = 1) -> None:
        from datasketch import MinHashLSH

        self._threshold = threshold
        self._seed = seed
        self._exact: dict[str, int] = {}
        self._shingles: list[set[str]] = []
        # The index proposes, the shingles decide: it is asked a little below the threshold, so as to miss less.
        self._index = MinHashLSH(threshold=max(0.1, threshold - 0.1), num_perm=PERMUTATIONS) if threshold < 1 else None

    def find(self, text: str) -> tuple[int, bool] | None:
        """The number of the text that `text` repeats, and whether it is the same; None when it is new."""
        key = key_of(text)
        if key in self._exact:
            return self._exact[key], True
        if self._index is None:
            return None
        own = shingles(key)
        near = [n for n in self._index.query(self._hash(own)) if jaccard(own, self._shingles[n]) >= self._threshold]
        return (min(near), False) if near else None

    def add(self, text: str) -> int:
        """Remember `text`; returns its number."""
        key, number = key_of(text), len(self._shingles)
        own = shingles(key)
        self._shingles.append(own)
        if key not in self._exact:
            self._exact[key] = number
        if self._index is not None:
            self._index.insert(number, self._hash(own))
        return number

    def _hash(self, own: Iterable[str]) -> object:
        from datasketch import MinHash

        made = MinHash(num_perm=PERMUTATIONS, seed=self._seed)
        made.update_batch([shingle.encode() for shingle in own])
        return made


def jaccard(a: set[str], b: set[str]) -> float:
    """The share of what two sets have in common."""
    return len(a & b) / max(len(a | b), 1)


def groups(texts: Sequence[str], threshold: float) -> list[int]:
    """For each text the number of its group; what repeats a text is in that text's group."""
    seen = NearDuplicates(threshold)
    group: list[int] = []
    for text in texts:
        found = seen.find(text)
        seen.add(text)
        group.append(len(group) if found is None else group[found[0]])
    return group
