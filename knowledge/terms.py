"""BM25 over lists of terms: a thin layer over bm25s that knows empty queries and empty collections."""

from __future__ import annotations

import logging
import math
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from textkit.words import STOP_WORDS_ZH, chinese_words, index_terms, runs

Scores = NDArray[np.float32]
Analyser = Callable[[str], list[str]]


def _is_chinese(run: str) -> bool:
    return "\u3400" <= run[0] <= "\u9fff" or "\uf900" <= run[0] <= "\ufaff"


def word_terms(text: str) -> list[str]:
    """Words: jieba's in Chinese, stemmed in English, stop words left out."""
    found: list[str] = []
    for run in runs(text):
        if _is_chinese(run):
            found.extend(w for w in chinese_words(run) if w not in STOP_WORDS_ZH)
        else:
            found.extend(index_terms(run))
    return found


def bigram_terms(text: str) -> list[str]:
    """Character bigrams of Chinese, words of the rest: they need no dictionary and serve traditional text as well."""
    found: list[str] = []
    for run in runs(text):
        if _is_chinese(run):
            found.extend([run[i : i + 2] for i in range(len(run) - 1)] or [run])
        else:
            found.extend(index_terms(run))
    return found


ANALYSERS: dict[str, Analyser] = {"words": word_terms, "bigrams": bigram_terms}


class TermIndex:
    """BM25 (Lucene's variant, k1 1.2, b 0.75) over `size` texts."""

    def __init__(self, engine: Any, analyser: str, size: int) -> None:
        self._engine = engine
        self.analyser = analyser
        self.size = size

    @classmethod
    def build(cls, texts: Sequence[str], analyser: str) -> TermIndex:
        """Index `texts` with one of ANALYSERS."""
        import bm25s

        logging.getLogger("bm25s").setLevel(logging.WARNING)
        terms = [ANALYSERS[analyser](t) or [""] for t in texts] or [[""]]  # bm25s wants one text at least
        engine = bm25s.BM25(k1=1.2, b=0.75)
        engine.index(terms, show_progress=False)
        return cls(engine, analyser, len(texts))

    def scores(self, query: str) -> Scores:
        """BM25 of every text for `query`, shape (size,); zeros when it shares no term with them."""
        terms = ANALYSERS[self.analyser](query)
        if not terms:
            return np.zeros(self.size, dtype=np.float32)
        return np.asarray(self._engine.get_scores(terms), dtype=np.float32)[: self.size]

    def save(self, folder: Path) -> None:
        """Write the index into `folder`: arrays and JSON."""
        self._engine.save(str(folder), show_progress=False)

    @classmethod
    def load(cls, folder: Path, analyser: str, size: int) -> TermIndex:
        """Read what `save` wrote."""
        import bm25s

        return cls(bm25s.BM25.load(str(folder), mmap=False, load_corpus=False), analyser, size)


def inverse_frequencies(texts: Sequence[str]) -> tuple[dict[str, float], float]:
    """How rare each word is over `texts` (ln((N+1)/(n+0.5))), and the value of a word that never occurs."""
    count = Counter(term for text in texts for term in set(word_terms(text)))
    total = len(texts) + 1
    return {term: math.log(total / (n + 0.5)) for term, n in count.items()}, math.log(total / 0.5)
