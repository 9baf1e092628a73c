"""Names of several words in which one word is misspelt: `rok grinder`, `puc screen 54`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from textkit.entities.product_names import Name
from textkit.entities.spelling import allowed_edits, edits, sound
from textkit.entities.wordlists import common_english

_SHORTEST = 3  # of shorter words, any other is one letter away


class AlignedNames:
    """Finds a name word by word: all but one must be right, and that one nearly so."""

    def __init__(self, names: Mapping[Name, str], vocabulary: frozenset[str]) -> None:
        self._vocabulary = vocabulary
        self._families = frozenset(name[0] for name in names if len(name) == 1) - common_english()
        self._gapped: dict[tuple[str | None, ...], list[tuple[str, str]]] = defaultdict(list)
        for name, sku in names.items():
            for i, word in enumerate(name):
                if len(name) > 1 and len(word) >= _SHORTEST and word.isalpha():
                    self._gapped[(*name[:i], None, *name[i + 1 :])].append((word, sku))

    def doubtful(self, words: Iterable[str]) -> list[int]:
        """Where the words stand that no name has, but may misspell one."""
        return [
            i
            for i, word in enumerate(words)
            if word not in self._vocabulary and len(word) >= _SHORTEST and word.isalpha()
        ]

    def find(self, words: list[str], start: int, size: int, doubtful: list[int]) -> str | None:
        """The SKU of the name that `words[start : start + size]` misspell in one word."""
        wrong = [i for i in doubtful if start <= i < start + size]
        if len(wrong) != 1:
            return None
        i = wrong[0]
        candidates = self._gapped.get((*words[start:i], None, *words[i + 1 : start + size]), ())
        best: tuple[int, str] | None = None
        for right, sku in candidates:
            distance = self._distance(words[i], right)
            if distance is not None and (best is None or distance < best[0]):
                best = distance, sku
        return best[1] if best else None

    def _distance(self, written: str, right: str) -> int | None:
        """Edits between them; None where they differ too much, or where an ordinary word was meant."""
        if written[0] != right[0] and written[:2] != right[1::-1]:
            return None
        ordinary = written in common_english() or f"{written}s" in common_english()
        alike = sound(written) == sound(right) and len(right) > 3
        if ordinary:
            # A rock grinder is the Rook, earl gray is earl grey, but the same Wren is not the sage one.
            meant = right in self._families or (alike and len(written) == len(right))
            return edits(written, right, 1) if meant and len(written) > 3 else None
        if len(written) > 4 and right.startswith(written):
            return 1  # clipped: refurb
        most = allowed_edits(min(len(written), len(right)))
        return edits(written, right, max(1 + (alike and len(written) > 4), most))
