"""The index of one language: its passages and their units, seen by words and by meaning.

A view scores every passage for a query: BM25 over words, BM25 over character bigrams (Chinese), the best sentence's
BM25 (English), and vectors in FAISS. The retriever fuses their ranks.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.adapter import ENOUGH_QUESTIONS, TEMPERATURE, AdaptedEncoder, Examples, fit_matrix, join, unit_length
from knowledge.chunks import Passage, Unit, unit_text
from knowledge.documents import Document
from knowledge.term_sets import Kind, Terms, TermSets
from knowledge.terms import Scores, TermIndex
from knowledge.token_vectors import TokenVectors
from knowledge.weights import Taught, taught_by
from textkit.encoders import Encoder, TokenEncoder, Tokens, Vectors
from textkit.errors import MissingArtefactError
from textkit.language import Language
from textkit.lexical import LexicalEncoder

LEXICAL_DIMENSIONS = {"en": 300, "zh": 600}
BESIDE_DIMENSIONS = 300  # of a lexical encoder that stands beside a pretrained one


@dataclasses.dataclass(frozen=True)
class LanguageText:
    """What is indexed of one language; the texts are derived, in the order of `passages` and of their units."""

    documents: dict[str, Document]
    passages: list[Passage]
    unanswered: list[str] = dataclasses.field(default_factory=list)  # questions that the documents do not answer

    @property
    def units(self) -> list[tuple[Passage, Unit]]:
        """Every unit with its passage, in order."""
        return [(p, u) for p in self.passages for u in p.units]

    def questions(self) -> list[tuple[int, str]]:
        """Every attached question with the position of its unit."""
        return [(n, q) for n, (_, unit) in enumerate(self.units) for q in unit.questions]

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


@dataclasses.dataclass(frozen=True)
class EncoderParts:
    """What the vectors are made of: a pretrained encoder, one fitted to the library, or both."""

    pretrained: TokenEncoder | None
    lexical: LexicalEncoder | None


@dataclasses.dataclass(frozen=True)
class Similarities:
    """Cosines of a question with every passage, unit, attached and unanswered question, and with those of no shop."""

    passages: Scores
    units: Scores
    asked: Scores
    unanswered: Scores
    background: Scores  # in a space of both languages only


@dataclasses.dataclass(frozen=True)
class EncodedQuestion:
    """A question's vector in its index, that of the pretrained encoder itself, and its word pieces; (1, dimensions)."""

    text: str
    vector: Vectors
    frozen: Vectors | None
    tokens: Tokens | None


@dataclasses.dataclass
class LanguageIndex:
    """Everything that answers a query in one language."""

    language: Language
    text: LanguageText
    words: TermIndex
    bigrams: TermIndex | None
    unit_words: TermIndex
    question_words: TermIndex
    encoder: Encoder
    parts: EncoderParts
    tokens: TokenVectors | None  # of the units, then of the attached questions; where there is a pretrained encoder
    faiss: Any  # inner product over the rows of passages, of units, of attached and of unanswered questions
    term_sets: TermSets
    owners: NDArray[np.int64]  # for each unit the position of its passage
    question_owners: NDArray[np.int64]  # for each attached question the position of its unit

    @classmethod
    def build(cls, language: Language, text: LanguageText, pretrained: TokenEncoder | None) -> LanguageIndex:
        """Index `text`, with a lexical encoder fitted to it where no `pretrained` one is given.

        Takes about 2 ms per sentence and attached question with MiniLM on one core.
        """
        passages, units, questions = text.passage_texts(), text.unit_texts(), text.questions()
        asked = [q for _, q in questions]
        parts = _parts_for(language, [*passages, *units, *asked], pretrained, learns=len(asked) >= ENOUGH_QUESTIONS)
        encoder = _only(parts)
        second = parts.lexical if pretrained else None
        tokens: TokenVectors | None = None
        if pretrained:
            tokens, read = TokenVectors.build([*units, *asked], pretrained)
            frozen = [pretrained.encode(passages), read[: len(units)], read[len(units) :]]
        else:
            frozen = [encoder.encode(texts) for texts in (passages, units, asked)]
        frozen.append(encoder.encode(text.unanswered))
        vectors = [
            join(own, second, texts)
            for own, texts in zip(frozen, (passages, units, asked, text.unanswered), strict=True)
        ]
        if len(asked) >= ENOUGH_QUESTIONS:
            matrix = _learn(language, text, vectors)
            encoder = AdaptedEncoder(encoder, second, matrix)
            vectors = [unit_length(part @ matrix) for part in vectors]
        kind = "bigrams" if language == "zh" else "words"
        return cls(
            language,
            text,
            TermIndex.build(passages, "words"),
            TermIndex.build(passages, "bigrams") if language == "zh" else None,
            TermIndex.build(units, kind),
            TermIndex.build(asked, kind),
            encoder,
            parts,
            tokens,
            faiss_flat(np.concatenate(vectors)),
            _term_sets(text),
            owners(text),
            np.array([n for n, _ in questions], dtype=np.int64),
        )

    @property
    def adapted(self) -> bool:
        """Whether the encoder was fitted to attached questions."""
        return isinstance(self.encoder, AdaptedEncoder)

    @property
    def taught(self) -> Taught:
        """What it has learned from."""
        return taught_by(adapted=self.adapted, unanswered=bool(self.text.unanswered))

    def encode_question(self, text: str) -> EncodedQuestion:
        """The vector of a question, and those of its word pieces where there are any."""
        if self.parts.pretrained is None:
            return EncodedQuestion(text, self.encoder.encode([text]), None, None)
        frozen, (tokens,) = self.parts.pretrained.encode_with_tokens([text])
        vector = self.encoder.adapt(frozen, [text]) if isinstance(self.encoder, AdaptedEncoder) else frozen
        return EncodedQuestion(text, vector, frozen, tokens)

    def similarities(self, vector: Vectors) -> Similarities:
        """Cosine of a question's vector with everything there is."""
        return similarities(self.faiss, vector, self)

    def asked_tokens(self, unit: int) -> list[int]:
        """Where `tokens` has the questions attached to a unit."""
        asked: list[int] = (np.flatnonzero(self.question_owners == unit) + len(self.owners)).tolist()
        return asked

    def best_question(self, scores: Scores) -> Scores:
        """For each unit the highest score among the questions attached to it; 0 where there is none."""
        best = np.zeros(len(self.owners), dtype=np.float32)
        np.maximum.at(best, self.question_owners, scores)
        return best

    def best_of_units(self, scores: Scores) -> Scores:
        """For each passage the highest score among its units."""
        best = np.full(len(self.text.passages), -np.inf, dtype=np.float32)
        np.maximum.at(best, self.owners, scores)
        return best

    @property
    def rarity(self) -> Mapping[str, float]:
        """How rare each word is in the passages and attached questions."""
        return self.term_sets.rarity

    @property
    def rarity_unknown(self) -> float:
        """That of a word which none of them has."""
        return self.term_sets.rarity_unknown

    def terms(self, kind: Kind, position: int) -> Terms:
        """The terms of a unit, of the questions attached to it, of a passage's headings or of a whole passage."""
        return self.term_sets.of(kind, position)

    @cached_property
    def units(self) -> list[tuple[Passage, Unit]]:
        """Every unit with its passage, in the order of their positions."""
        return self.text.units

    @cached_property
    def first_units(self) -> list[int]:
        """For each passage the position of its first unit."""
        counts = [len(p.units) for p in self.text.passages]
        return [0, *itertools.accumulate(counts)][: len(counts)]

    def save(self, folder: Path) -> None:
        """Write the views into `folder`; the text itself is in the index's database."""
        import faiss

        faiss.write_index(self.faiss, str(folder / "vectors.faiss"))
        self.words.save(folder / "words")
        self.unit_words.save(folder / "units")
        self.question_words.save(folder / "questions")
        if self.bigrams:
            self.bigrams.save(folder / "bigrams")
        if self.parts.lexical:
            self.parts.lexical.save(folder)
        if self.tokens:
            self.tokens.save(folder)
        self.term_sets.save(folder)
        if isinstance(self.encoder, AdaptedEncoder):
            self.encoder.save(folder)

    @classmethod
    def load(
        cls, folder: Path, language: Language, text: LanguageText, pretrained: TokenEncoder | None
    ) -> LanguageIndex:
        """Read what `save` wrote."""
        import faiss

        questions = text.questions()
        lexical = LexicalEncoder.load(folder) if (folder / "lexical.json").is_file() else None
        parts = EncoderParts(pretrained, lexical)
        encoder = _only(parts)
        if (folder / "adapter.safetensors").is_file():
            encoder = AdaptedEncoder.load(folder, encoder, lexical if pretrained else None)
        kind = "bigrams" if language == "zh" else "words"
        return cls(
            language,
            text,
            TermIndex.load(folder / "words", "words", len(text.passages)),
            TermIndex.load(folder / "bigrams", "bigrams", len(text.passages)) if language == "zh" else None,
            TermIndex.load(folder / "units", kind, len(text.units)),
            TermIndex.load(folder / "questions", kind, len(questions)),
            encoder,
            parts,
            TokenVectors.load(folder) if pretrained else None,
            faiss.read_index(str(folder / "vectors.faiss")),
            TermSets.load(folder),
            owners(text),
            np.array([n for n, _ in questions], dtype=np.int64),
        )


def similarities(faiss: Any, vector: Vectors, index: LanguageIndex) -> Similarities:
    """Cosine of `vector` with the rows of `faiss`, which stand in the order of `index`."""
    # All of them are wanted, in their own order: a search would sort them, which takes longer than the product.
    scores = (vector @ _rows(faiss).T)[0]
    text = index.text
    lengths = [len(text.passages), len(index.owners), len(index.question_owners), len(text.unanswered)]
    return Similarities(*np.split(scores, np.cumsum(lengths)))


def _only(parts: EncoderParts) -> Encoder:
    encoder = parts.pretrained or parts.lexical
    if encoder is None:
        raise MissingArtefactError("The index has no encoder.", "Run `frontdesk ingest` again.")
    return encoder


def _parts_for(
    language: Language, texts: Sequence[str], pretrained: TokenEncoder | None, *, learns: bool
) -> EncoderParts:
    """A lexical encoder stands alone where there is no pretrained one, and beside it where the library is learned."""
    dimensions = BESIDE_DIMENSIONS if pretrained else LEXICAL_DIMENSIONS[language]
    lexical = LexicalEncoder.fit(texts, dimensions) if learns or pretrained is None else None
    return EncoderParts(pretrained, lexical)


def _learn(language: Language, text: LanguageText, vectors: Sequence[Vectors]) -> Vectors:
    passages, units, asked, unanswered = vectors
    unit_of = np.array([n for n, _ in text.questions()], dtype=np.int64)
    return fit_matrix(Examples(asked, units, passages, unit_of, owners(text), unanswered), TEMPERATURE[language])


def _term_sets(text: LanguageText) -> TermSets:
    passages = text.passage_texts()
    texts: dict[Kind, list[str]] = {
        "unit": [f"{unit.lead}\n{unit_text(text.documents[p.document_id], unit)}" for p, unit in text.units],
        "asked": ["\n".join(unit.questions) for _, unit in text.units],
        "headings": ["\n".join(passage.headings) for passage in text.passages],
        "passage": passages,
    }
    return TermSets.build(texts, [*passages, *(question for _, question in text.questions())])


def faiss_flat(vectors: Vectors) -> Any:
    """An exact index over `vectors`, by inner product."""
    import faiss

    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(np.ascontiguousarray(vectors))
    return index


def _rows(index: Any) -> Vectors:
    """The vectors that a flat index holds, shape (n, dimensions), without a copy."""
    import faiss

    if not index.ntotal:
        return np.zeros((0, index.d), dtype=np.float32)
    rows: Vectors = faiss.rev_swig_ptr(index.get_xb(), index.ntotal * index.d).reshape(index.ntotal, index.d)
    return rows


def owners(text: LanguageText) -> NDArray[np.int64]:
    """For each unit the position of its passage."""
    counts: Sequence[int] = [len(p.units) for p in text.passages]
    return np.repeat(np.arange(len(counts)), counts)
