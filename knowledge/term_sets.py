"""The words and bigrams of everything that an index holds, found once, at ingestion.

Dividing a Chinese section into words takes milliseconds, and a question meets some dozen sections.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from knowledge.terms import bigram_terms, inverse_frequencies, word_terms

Kind = Literal["unit", "asked", "headings", "passage"]
ARRAYS, WORDS = "terms.safetensors", "terms.json"


@dataclasses.dataclass(frozen=True)
class Terms:
    """The words and the bigrams of a text, each once."""

    words: frozenset[str]
    bigrams: frozenset[str]

    @classmethod
    def of(cls, text: str) -> Terms:
        """Split `text`."""
        return cls(frozenset(word_terms(text)), frozenset(bigram_terms(text)))

    def __or__(self, other: Terms) -> Terms:
        return Terms(self.words | other.words, self.bigrams | other.bigrams)


@dataclasses.dataclass(frozen=True)
class _Sets:
    """Set n has the members `numbers[starts[n] : starts[n + 1]]`, places in the vocabulary."""

    numbers: NDArray[np.int32]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, sets: Sequence[Iterable[str]], places: dict[str, int]) -> _Sets:
        """`places` gets what it does not have yet."""
        rows = [[places.setdefault(term, len(places)) for term in sorted(terms)] for terms in sets]
        starts = np.cumsum([0, *map(len, rows)], dtype=np.int64)
        return cls(np.array([number for row in rows for number in row], dtype=np.int32), starts)

    def __getitem__(self, place: int) -> list[int]:
        members: list[int] = self.numbers[self.starts[place] : self.starts[place + 1]].tolist()
        return members


class TermSets:
    """Terms by kind and position, and how rare each word is.

    `rarity` holds ln((N + 1) / (n + 0.5)) for a word that n of N texts have, `rarity_unknown` is that of any other.
    """

    def __init__(
        self, vocabulary: Sequence[str], sets: Mapping[str, _Sets], rarity: dict[str, float], rarity_unknown: float
    ) -> None:
        self._vocabulary = vocabulary
        self._sets = sets
        self.rarity, self.rarity_unknown = rarity, rarity_unknown
        self._known: dict[tuple[Kind, int], Terms] = {}

    @classmethod
    def build(cls, texts: Mapping[Kind, Sequence[str]], counted: Sequence[str]) -> TermSets:
        """The terms of `texts`; words are weighed by how many of `counted` have them."""
        places: dict[str, int] = {}
        sets: dict[str, _Sets] = {}
        for kind, some in texts.items():
            terms = [Terms.of(text) for text in some]
            sets[f"{kind}.words"] = _Sets.of([t.words for t in terms], places)
            sets[f"{kind}.bigrams"] = _Sets.of([t.bigrams for t in terms], places)
        return cls(list(places), sets, *inverse_frequencies(counted))

    def of(self, kind: Kind, position: int) -> Terms:
        """Those of one text."""
        key = (kind, position)
        if key not in self._known:
            words, bigrams = (self._sets[f"{kind}.{part}"][position] for part in ("words", "bigrams"))
            name = self._vocabulary.__getitem__
            self._known[key] = Terms(frozenset(map(name, words)), frozenset(map(name, bigrams)))
        return self._known[key]

    def save(self, folder: Path) -> None:
        """Write terms.safetensors and terms.json into `folder`."""
        from safetensors.numpy import save_file

        arrays = {
            f"{kind}.{part}": getattr(s, part) for kind, s in self._sets.items() for part in ("numbers", "starts")
        }
        save_file(arrays, str(folder / ARRAYS))
        kept = {"vocabulary": self._vocabulary, "rarity": self.rarity, "rarity_unknown": self.rarity_unknown}
        (folder / WORDS).write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> TermSets:
        """Read what `save` wrote."""
        from safetensors.numpy import load_file

        arrays = load_file(str(folder / ARRAYS))
        kinds = sorted({name.rpartition(".")[0] for name in arrays})
        kept = json.loads((folder / WORDS).read_text(encoding="utf-8"))
        sets = {kind: _Sets(arrays[f"{kind}.numbers"], arrays[f"{kind}.starts"]) for kind in kinds}
        return cls(kept["vocabulary"], sets, kept["rarity"], kept["rarity_unknown"])
