"""Passages for a question: several rankings, fused by reciprocal rank."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cached_property
from typing import Protocol

import numpy as np

from knowledge.chunks import Passage
from knowledge.close_reading import ReadQuestion, read_question
from knowledge.language_index import EncodedQuestion, LanguageIndex, Similarities
from knowledge.terms import Scores
from textkit.encoders import Vectors

RRF_CONSTANT = 60
View = tuple[Scores, float]  # a score for every passage, and its weight
# The lexical encoder's vectors repeat what the words say, less exactly; they help where no word is shared. Weight
# chosen on CMRC 2018's development questions (R@1 .969 at 0.2, .959 at 0.5).
LEXICAL_WEIGHT = 0.2
# What an editor attached in customers' words tells more than the documents' own words (development questions: the right
# passage first for 80 % at 2, 71 % at 0.5 in Chinese; 69 % and 61 % in English).
ATTACHED_WEIGHT = 2.0


class Space(Protocol):
    """Vectors of the same texts by an encoder that reads both languages (knowledge/across.py)."""

    def vector(self, index: LanguageIndex, question: EncodedQuestion) -> Vectors:
        """That of a question which `index` has read."""
        ...

    def similarities(self, index: LanguageIndex, vector: Vectors) -> Similarities:
        """Cosine of a question's vector with everything in `index`."""
        ...


@dataclasses.dataclass(frozen=True)
class Hit:
    """A passage with its fused score (higher is better, at most 1) and its position in the index."""

    passage: Passage
    position: int
    score: float


@dataclasses.dataclass(frozen=True)
class Retrieval:
    """The ranking for one question, with the scores of single units that composing and gating go on with."""

    hits: list[Hit]
    unit_words: Scores
    unit_similarity: Scores
    passage_similarity: Scores
    asked_words: Scores
    asked_similarity: Scores
    unanswered_similarity: Scores
    read: ReadQuestion | None  # the question's words as the encoder has them in context
    shared: Similarities | None = None  # the same question in the space of both languages
    shared_vector: Vectors | None = None  # its vector there
    beside: Mapping[str, float] = dataclasses.field(default_factory=dict)  # more that the gate is to weigh

    @cached_property
    def most_unit_words(self) -> float:
        """The highest of `unit_words`, never 0."""
        return max(float(self.unit_words.max(initial=0.0)), 1e-6)

    @cached_property
    def most_asked_words(self) -> float:
        """The highest of `asked_words`, never 0."""
        return max(float(self.asked_words.max(initial=0.0)), 1e-6)


def retrieve(index: LanguageIndex, question: str, limit: int = 10, space: Space | None = None) -> Retrieval:
    """The `limit` best passages of `index` for `question`; a shared `space` gives a second opinion on meaning."""
    read = index.encode_question(question)
    close = index.similarities(read.vector)
    vector = space.vector(index, read) if space else None
    shared = space.similarities(index, vector) if space and vector is not None else None
    said = words_of(index, question)
    views: list[View] = [(index.words.scores(question), 1.0)]
    if index.bigrams:
        views.append((index.bigrams.scores(question), 1.0))
    else:
        views.append((index.best_of_units(said.units), 1.0))
    if index.parts.pretrained:
        views.append((close.passages + index.best_of_units(close.units), 1.0))
    else:
        views.append((close.passages, LEXICAL_WEIGHT))
    if shared:
        views.append((shared.passages + index.best_of_units(shared.units), 1.0))
    if len(close.asked):
        attached = (index.best_question(close.asked), said.asked)
        views += [(index.best_of_units(scores), ATTACHED_WEIGHT) for scores in attached]
    found = as_retrieval(index, close, said, views, read_question(index, read.tokens), limit)
    return dataclasses.replace(found, shared=shared, shared_vector=vector)


@dataclasses.dataclass(frozen=True)
class WordScores:
    """BM25 of a question's words with every unit, and for each unit with the best of the questions attached to it."""

    units: Scores
    asked: Scores


def words_of(index: LanguageIndex, words: str) -> WordScores:
    """The scores of `words`, which fusing and weighing both need."""
    return WordScores(index.unit_words.scores(words), index.best_question(index.question_words.scores(words)))


def as_retrieval(
    index: LanguageIndex,
    close: Similarities,
    said: WordScores,
    views: list[View],
    read: ReadQuestion | None,
    limit: int = 10,
) -> Retrieval:
    """The passages that `views` rank best together, with the scores of units by `close` and by the words `said`."""
    fused = fuse(views)
    best = np.argsort(-fused, kind="stable")[:limit]
    return Retrieval(
        [Hit(index.text.passages[i], int(i), float(fused[i])) for i in best],
        said.units,
        close.units,
        close.passages,
        said.asked,
        index.best_question(close.asked),
        close.unanswered,
        read,
    )


def fuse(views: list[View]) -> Scores:
    """Reciprocal rank fusion of weighted views, scaled so that first place in every view gives 1.

    Equal scores share a rank: a view in which nothing matches favours nothing, least of all the library's first files.
    """
    total = np.zeros(len(views[0][0]), dtype=np.float64)
    for scores, weight in views:
        ranks = np.searchsorted(np.sort(-scores), -scores, side="left")
        total += weight * (RRF_CONSTANT + 1) / (RRF_CONSTANT + 1 + ranks)
    fused: Scores = (total / sum(weight for _, weight in views)).astype(np.float32)
    return fused
