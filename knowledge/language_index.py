"""The index of one language: its passages and their units, seen by words and by meaning.

A view scores every passage for a query: BM25 over words, BM25 over character bigrams (Chinese), the best sentence's
BM25 (English), and vectors in FAISS. The retriever fuses their ranks.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.chunks import Passage, Unit, unit_text
from knowledge.documents import Document
from knowledge.terms import Scores, TermIndex, inverse_frequencies
from textkit.encoders import Encoder, Vectors
from textkit.language import Language


@dataclasses.dataclass(frozen=True)
class LanguageText:
    """What is indexed of one language; the texts are derived, in the order of `passages` and of their units."""

    documents: dict[str, Document]
    passages: list[Passage]

    @property
    def units(self) -> list[tuple[Passage, Unit]]:
        """Every unit with its passage, in order."""
        return [(p, u) for p in self.passages for u in p.units]

    def passage_texts(self) -> list[str]:
        """Headings and content of each passage, table rows with their headers."""
        return [self.passage_text(p) for p in self.passages]

    def passage_text(self, passage: Passage) -> str:
        """Headings and content of one passage."""
        document = self.documents[passage.document_id]
        return "\n".join([" / ".join(passage.headings), *(unit_text(document, u) for u in passage.units)])

    def unit_texts(self) -> list[str]:
        """Each unit behind the innermost headings and the line that introduces it: a sentence alone says too little."""
        return [self.unit_in_context(p, u) for p, u in self.units]

    def unit_in_context(self, passage: Passage, unit: Unit) -> str:
        """One unit with its document's title, its heading and the lead of its list."""
        document = self.documents[passage.document_id]
        heading = " / ".join(dict.fromkeys((passage.headings[0], passage.headings[-1])))
        return "\n".join(part for part in (heading, unit.lead, unit_text(document, unit)) if part)


@dataclasses.dataclass
class LanguageIndex:
    """Everything that answers a query in one language."""

    language: Language
    text: LanguageText
    words: TermIndex
    bigrams: TermIndex | None
    unit_words: TermIndex
    encoder: Encoder
    faiss: Any  # inner product over the rows of passages, then of units
    rarity: dict[str, float]
    rarity_unknown: float
    owners: NDArray[np.int64]  # for each unit the position of its passage

    @classmethod
    def build(cls, language: Language, text: LanguageText, encoder: Encoder) -> LanguageIndex:
        """Index `text`; takes about 1 ms per sentence with MiniLM on one core."""
        passages, units = text.passage_texts(), text.unit_texts()
        vectors = np.concatenate([encoder.encode(passages), encoder.encode(units)])
        return cls(
            language,
            text,
            TermIndex.build(passages, "words"),
            TermIndex.build(passages, "bigrams") if language == "zh" else None,
            TermIndex.build(units, "bigrams" if language == "zh" else "words"),
            encoder,
            _faiss_flat(vectors),
            *inverse_frequencies(passages),
            _owners(text),
        )

    def similarities(self, query: str) -> tuple[Scores, Scores]:
        """Cosine of `query` with every passage and with every unit."""
        total = self.faiss.ntotal
        found, rows = self.faiss.search(self.encoder.encode([query]), total)
        scores = np.empty(total, dtype=np.float32)
        scores[rows[0]] = found[0]
        return scores[: len(self.text.passages)], scores[len(self.text.passages) :]

    def best_of_units(self, scores: Scores) -> Scores:
        """For each passage the highest score among its units."""
        best = np.full(len(self.text.passages), -np.inf, dtype=np.float32)
        np.maximum.at(best, self.owners, scores)
        return best

    def save(self, folder: Path) -> None:
        """Write the views into `folder`; the text itself is in the index's database."""
        import faiss

        faiss.write_index(self.faiss, str(folder / "vectors.faiss"))
        self.words.save(folder / "words")
        self.unit_words.save(folder / "units")
        if self.bigrams:
            self.bigrams.save(folder / "bigrams")

    @classmethod
    def load(cls, folder: Path, language: Language, text: LanguageText, encoder: Encoder) -> LanguageIndex:
        """Read what `save` wrote."""
        import faiss

        passages, units = len(text.passages), len(text.units)
        chinese = language == "zh"
        return cls(
            language,
            text,
            TermIndex.load(folder / "words", "words", passages),
            TermIndex.load(folder / "bigrams", "bigrams", passages) if chinese else None,
            TermIndex.load(folder / "units", "bigrams" if chinese else "words", units),
            encoder,
            faiss.read_index(str(folder / "vectors.faiss")),
            *inverse_frequencies(text.passage_texts()),
            _owners(text),
        )


def _faiss_flat(vectors: Vectors) -> Any:
    import faiss

    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(np.ascontiguousarray(vectors))
    return index


def _owners(text: LanguageText) -> NDArray[np.int64]:
    counts: Sequence[int] = [len(p.units) for p in text.passages]
    return np.repeat(np.arange(len(counts)), counts)
