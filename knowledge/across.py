"""Questions in one language, documents in the other: both in the space of one encoder that reads both.

It is also a second opinion on questions in the documents' own language.

The encoder is adapted to the attached questions of both languages together, so that what one language teaches (which
section is asked for in which words) serves the other.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.adapter import ENOUGH_QUESTIONS, AdaptedEncoder, Examples, fit_matrix, unit_length
from knowledge.background import background_questions
from knowledge.language_index import (
    EncodedQuestion,
    LanguageIndex,
    LanguageText,
    Similarities,
    faiss_flat,
    owners,
    similarities,
)
from knowledge.retriever import ATTACHED_WEIGHT, Retrieval, as_retrieval, words_of
from knowledge.weights import Taught, taught_by
from textkit.encoders import Encoder, TokenEncoder, Vectors
from textkit.language import Language

TEMPERATURE = 0.1  # chosen on train_cross.jsonl among .03, .05 and .1


@dataclasses.dataclass(frozen=True)
class SharedSpace:
    """For each language of documents a FAISS index: passages, units, attached and unanswered questions, background."""

    encoder: Encoder
    faiss: Mapping[Language, Any]

    @classmethod
    def build(cls, texts: Mapping[Language, LanguageText], pretrained: TokenEncoder) -> SharedSpace:
        """Encode everything once more: about 2 ms per sentence and question on two cores."""
        frozen = {language: _encode(language, text, pretrained) for language, text in texts.items()}
        examples = _joined(texts, frozen)
        encoder: Encoder = pretrained
        if len(examples.questions) >= ENOUGH_QUESTIONS:
            matrix = fit_matrix(examples, TEMPERATURE)
            encoder = AdaptedEncoder(pretrained, None, matrix)
            frozen = {language: [unit_length(part @ matrix) for part in parts] for language, parts in frozen.items()}
        return cls(encoder, {language: faiss_flat(np.concatenate(parts)) for language, parts in frozen.items()})

    def taught(self, index: LanguageIndex) -> Taught:
        """What the space has learned from, as far as documents of `index` are asked for."""
        adapted = isinstance(self.encoder, AdaptedEncoder)
        return taught_by(adapted=adapted, unanswered=bool(index.text.unanswered))

    def similarities(self, index: LanguageIndex, vector: Vectors) -> Similarities:
        """Cosine of a question's vector with everything in `index`."""
        return similarities(self.faiss[index.language], vector, index)

    def vector(self, index: LanguageIndex, question: EncodedQuestion) -> Vectors:
        """That of a question which `index` has read; an encoder that both have runs once."""
        adapted = self.encoder if isinstance(self.encoder, AdaptedEncoder) else None
        under = adapted.first if adapted else self.encoder
        if question.frozen is None or under is not index.parts.pretrained:
            return self.encoder.encode([question.text])
        return adapted.adapt(question.frozen, [question.text]) if adapted else question.frozen

    def save(self, folder: Path) -> None:
        """Write the views into `folder`."""
        import faiss

        folder.mkdir()
        for language, vectors in self.faiss.items():
            faiss.write_index(vectors, str(folder / f"{language}.faiss"))
        if isinstance(self.encoder, AdaptedEncoder):
            self.encoder.save(folder)

    @classmethod
    def load(cls, folder: Path, languages: Mapping[Language, Any], pretrained: TokenEncoder) -> SharedSpace:
        """Read what `save` wrote."""
        import faiss

        encoder: Encoder = pretrained
        if (folder / "adapter.safetensors").is_file():
            encoder = AdaptedEncoder.load(folder, pretrained, None)
        return cls(encoder, {language: faiss.read_index(str(folder / f"{language}.faiss")) for language in languages})


def retrieve_across(
    index: LanguageIndex,
    own: LanguageIndex | None,
    space: SharedSpace,
    question: str,
    translated: str,
    first: Retrieval | None = None,
) -> Retrieval:
    """The passages of `index` for a question in the other language; `translated` is what the glossary makes of it.

    `own` holds the documents in the question's language: what is nearer to them is seldom answered by the others.
    `first` is what was found there for the same question, which need not be encoded again then.
    """
    known = first.shared_vector if first else None
    vector = space.encoder.encode([question]) if known is None else known
    close = space.similarities(index, vector)
    views = [
        (close.passages + index.best_of_units(close.units), 1.0),
        (index.words.scores(translated), 1.0),
        (index.best_of_units(index.best_question(close.asked)), ATTACHED_WEIGHT),
    ]
    found = as_retrieval(index, close, words_of(index, translated), views, None)
    if own is None:
        return found
    here = first.shared if first and first.shared else space.similarities(own, vector)
    return dataclasses.replace(found, beside=_leads(close, here))


def _leads(there: Similarities, here: Similarities) -> dict[str, float]:
    """How much nearer the question is to the best of each kind there than here."""
    features: dict[str, float] = {}
    for kind in ("passages", "units", "asked"):
        near, own = (float(getattr(side, kind).max(initial=0.0)) for side in (there, here))
        features |= {f"{kind}_lead": near - own, f"own_{kind}": own}
    features["own_unanswered"] = float(here.unanswered.max(initial=0.0))
    features["own_background"] = float(here.background.max(initial=0.0))
    return features


def _encode(language: Language, text: LanguageText, encoder: TokenEncoder) -> list[Vectors]:
    asked = [question for _, question in text.questions()]
    parts = (text.passage_texts(), text.unit_texts(), asked, text.unanswered, background_questions(language))
    return [encoder.encode(texts) for texts in parts]


def _joined(texts: Mapping[Language, LanguageText], frozen: Mapping[Language, list[Vectors]]) -> Examples:
    """The examples of all languages as one set."""
    units = passages = 0
    unit_of, passage_of = [], []
    for text in texts.values():
        unit_of.append(np.array([n for n, _ in text.questions()], dtype=np.int64) + units)
        passage_of.append(owners(text) + passages)
        units, passages = units + len(passage_of[-1]), passages + len(text.passages)
    parts = [np.concatenate(part) for part in zip(*frozen.values(), strict=True)]
    return Examples(parts[2], parts[1], parts[0], np.concatenate(unit_of), np.concatenate(passage_of), parts[3])
