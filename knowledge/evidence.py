"""How well a sentence or row answers a question, and how well the best of them do: numbers for two linear models.

Each feature is between 0 and 1 or close to it, so that the weights (knowledge/weights/*.json, fitted on the
development questions by `frontdesk bench tune`) can be read.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from knowledge.chunks import Passage, Unit, unit_text
from knowledge.close_reading import NOTHING
from knowledge.language_index import LanguageIndex, Similarities
from knowledge.question_type import Kind, asked_kind, holds
from knowledge.retriever import Retrieval
from knowledge.term_sets import Terms
from knowledge.terms import word_terms
from textkit.encoders import Vectors
from textkit.language import Language

CONSIDERED_PASSAGES = 10
LEVEL_UNITS, LEVEL_SKIPPED = 100, 5  # the best units after the very best, whose similarity is that of anything near
BESIDE_UNANSWERED = (
    "unanswered_similarity",
    "unanswered_several",
    "unanswered_lead",
    "unanswered_words",
    "unanswered_words_lead",
)


@dataclasses.dataclass(frozen=True)
class Question:
    """A question with its words weighed by their rarity in the index; weights sum to 1."""

    text: str
    words: dict[str, float]
    bigrams: frozenset[str]
    kind: Kind | None


@dataclasses.dataclass(frozen=True)
class Candidate:
    """A unit that may be part of the answer, with its features."""

    passage: Passage
    unit: Unit
    passage_position: int
    position: int  # of the unit
    words: frozenset[str]  # of the question that it covers, with its headings and its attached questions
    bigrams: frozenset[str]  # of its own text
    near: Vectors  # for each word of the question how close the unit comes to it, in context
    features: Mapping[str, float]


def weigh_question(index: LanguageIndex, text: str) -> Question:
    """Split `text` into words and weigh them."""
    terms = Terms.of(text)
    rarity = {w: index.rarity.get(w, index.rarity_unknown) for w in sorted(terms.words)}
    total = sum(rarity.values()) or 1.0
    return Question(text, {w: r / total for w, r in rarity.items()}, terms.bigrams, asked_kind(text, index.language))


def weigh_across(index: LanguageIndex, text: str, translated: str, asked_in: Language) -> Question:
    """As `weigh_question`, for `text` in the other language: its words are those of `translated`."""
    question = weigh_question(index, translated)
    return dataclasses.replace(question, text=text, kind=asked_kind(text, asked_in))


def candidates(index: LanguageIndex, question: Question, found: Retrieval) -> list[Candidate]:
    """The units of the best passages with their features."""
    places = [
        (rank, index.first_units[hit.position] + offset)
        for rank, hit in enumerate(found.hits[:CONSIDERED_PASSAGES])
        for offset in range(len(hit.passage.units))
    ]
    read = found.read
    near = read.near(index, [unit for _, unit in places]) if read else np.zeros((0, len(places)), dtype=np.float32)
    asked = index.best_question(found.shared.asked) if found.shared else None
    listed = []
    for column, (rank, unit) in enumerate(places):
        features: dict[str, float] = dict(read.features(near[:, column]) if read else NOTHING)
        if found.shared is not None and asked is not None:
            features |= {
                "shared_similarity": float(found.shared.units[unit]),
                "shared_passage_similarity": float(found.shared.passages[found.hits[rank].position]),
                "shared_asked_similarity": float(asked[unit]),
            }
        listed.append(_candidate(index, question, found, rank, unit, near[:, column], features))
    return listed


def _candidate(
    index: LanguageIndex,
    question: Question,
    found: Retrieval,
    rank: int,
    position: int,
    near: Vectors,
    more: Mapping[str, float],
) -> Candidate:
    hit = found.hits[rank]
    unit = hit.passage.units[position - index.first_units[hit.position]]
    shown = unit_text(index.text.documents[hit.passage.document_id], unit)
    own, headings = index.terms("unit", position), index.terms("headings", hit.position)
    asked, here = index.terms("asked", position), own | headings
    covered = frozenset(w for w in question.words if w in here.words or w in asked.words)
    features = {
        "similarity": float(found.unit_similarity[position]),
        "passage_similarity": float(found.passage_similarity[hit.position]),
        "asked_similarity": float(found.asked_similarity[position]),
        "words": float(found.unit_words[position]) / found.most_unit_words,
        "asked_words": float(found.asked_words[position]) / found.most_asked_words,
        "covered": _share(question, here.words),
        "covered_alone": _share(question, own.words),
        "covered_with_asked": _share(question, covered),
        "covered_by_passage": _share(question, index.terms("passage", hit.position).words),
        "bigrams": _overlap(question.bigrams, here.bigrams),
        "bigrams_asked": _overlap(question.bigrams, asked.bigrams),
        "kind_held": float(question.kind is not None and holds(question.kind, shown)),
        "kind_missing": float(question.kind is not None and not holds(question.kind, shown)),
        "fused": hit.score,
        "first": float(rank == 0),
        "row": float(unit.kind == "row"),
        "short": float(len(own.words) < 4),
        "not_asked": float(not unit.questions),
        **more,
    }
    return Candidate(hit.passage, unit, hit.position, position, covered, own.bigrams, near, features)


def _share(question: Question, words: frozenset[str]) -> float:
    return sum(weight for word, weight in question.words.items() if word in words)


def _overlap(asked: frozenset[str], present: frozenset[str]) -> float:
    return len(asked & present) / len(asked) if asked else 0.0


def evidence(
    index: LanguageIndex, question: Question, found: Retrieval, ranked: Sequence[Candidate], scores: Sequence[float]
) -> dict[str, float]:
    """Features of the best answer as a whole, for the gate. `ranked` is sorted by `scores`, best first."""
    best = ranked[0]
    second = next((s for c, s in zip(ranked, scores, strict=True) if c.passage.id != best.passage.id), 0.0)
    features = {
        "score": float(scores[0]),
        "margin": float(scores[0] - second),
        "top_similarity": float(found.unit_similarity.max(initial=0.0)),
        "top_passage_similarity": float(found.passage_similarity.max(initial=0.0)),
        "top_asked_similarity": float(found.asked_similarity.max(initial=0.0)),
        "covered_by_any": max(c.features["covered_by_passage"] for c in ranked),
        "rarest_missing": max((w for t, w in question.words.items() if t not in best.words), default=0.0),
        "unknown": sum(w for t, w in question.words.items() if t not in index.rarity),
        "agreement": float(found.hits[0].passage.id == best.passage.id),
        "few_words": float(len(question.words) < 2),
        "kind_asked": float(question.kind is not None),
        "closest_question": _closest_question(question, best.unit.questions),
        **_beside_unanswered(index, question, found, best),
        **found.beside,
    }
    features.update({f"best_{name}": value for name, value in best.features.items()})
    features.update(_read_closely(index, found, ranked))
    if found.shared:
        features.update(_second_opinion(found.shared))
    return features


def _read_closely(index: LanguageIndex, found: Retrieval, ranked: Sequence[Candidate]) -> Mapping[str, float]:
    """Late interaction with all that is said at the best unit: its passage and the questions attached to it."""
    read, best = found.read, ranked[0]
    if read is None:
        return NOTHING
    said = [c.near for c in ranked if c.passage_position == best.passage_position]
    asked = read.near(index, index.asked_tokens(best.position))
    return read.features(np.column_stack([*said, asked]).max(axis=1, initial=0.0))


def _second_opinion(shared: Similarities) -> dict[str, float]:
    """The best in the shared space, beside what is merely near and beside what no shop could answer.

    Some questions are alike to everything; what counts is how far the best stands out.
    """
    near = np.sort(shared.units)[::-1][:LEVEL_UNITS]
    unanswered, asked = float(shared.unanswered.max(initial=0.0)), float(shared.asked.max(initial=0.0))
    elsewhere = np.sort(shared.background)[::-1][:5]
    return {
        "shared_top_similarity": float(near[0]),
        "shared_top_passage_similarity": float(shared.passages.max(initial=0.0)),
        "shared_top_asked_similarity": asked,
        "shared_level": float(near[LEVEL_SKIPPED:].mean() if len(near) > LEVEL_SKIPPED else near.mean()),
        "shared_unanswered_similarity": unanswered,
        "shared_unanswered_lead": unanswered - asked if len(shared.unanswered) else 0.0,
        "shared_background_similarity": float(elsewhere[0]),
        "shared_background_several": float(elsewhere.mean()),
        "shared_background_lead": float(elsewhere[0] - near[0]),
    }


def _beside_unanswered(index: LanguageIndex, question: Question, found: Retrieval, best: Candidate) -> dict[str, float]:
    """How alike the question is to some that the documents do not answer, and to them more than to those they do."""
    scores = found.unanswered_similarity
    if not len(scores):
        return dict.fromkeys(BESIDE_UNANSWERED, 0.0)
    nearest = np.argsort(-scores)[:5]
    words = _closest_question(question, [index.text.unanswered[n] for n in nearest])
    return {
        "unanswered_similarity": float(scores[nearest[0]]),
        "unanswered_several": float(scores[nearest].mean()),
        "unanswered_lead": float(scores[nearest[0]] - found.asked_similarity.max(initial=0.0)),
        "unanswered_words": words,
        "unanswered_words_lead": words - _closest_question(question, best.unit.questions),
    }


@lru_cache(maxsize=20_000)
def _words_asked(question: str) -> frozenset[str]:
    """Of an attached or an unanswered question, of which there are only so many."""
    return frozenset(word_terms(question))


def _closest_question(question: Question, others: Sequence[str]) -> float:
    """How much the question and the most alike of `others` have in common: words weighed, both ways (F1)."""
    top = 0.0
    for asked in others:
        words = _words_asked(asked)
        common = _share(question, words)
        back = len(words & question.words.keys()) / max(len(words), 1)
        top = max(top, 2 * common * back / max(common + back, 1e-9))
    return top
