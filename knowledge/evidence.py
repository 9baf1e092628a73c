"""How well a sentence or row answers a question, and how well the best of them do: numbers for two linear models.

Each feature is between 0 and 1 or close to it, so that the weights (knowledge/weights/*.json, fitted on the
development questions by `frontdesk bench questions --tune`) can be read.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np

from knowledge.chunks import Passage, Unit, unit_text
from knowledge.language_index import LanguageIndex
from knowledge.question_type import Kind, asked_kind, holds
from knowledge.retriever import Retrieval
from knowledge.terms import bigram_terms, word_terms
from textkit.encoders import OnnxEncoder

CONSIDERED_PASSAGES = 6
READ_CLOSELY = 2


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
    rank: int  # of its passage
    words: frozenset[str]  # of the question that it covers, with its headings
    features: Mapping[str, float]


def weigh_question(index: LanguageIndex, text: str) -> Question:
    """Split `text` into words and weigh them."""
    rarity = {w: index.rarity.get(w, index.rarity_unknown) for w in dict.fromkeys(word_terms(text))}
    total = sum(rarity.values()) or 1.0
    return Question(
        text, {w: r / total for w, r in rarity.items()}, frozenset(bigram_terms(text)), asked_kind(text, index.language)
    )


def candidates(index: LanguageIndex, question: Question, found: Retrieval) -> list[Candidate]:
    """The units of the best passages with their features."""
    starts = np.concatenate([[0], np.cumsum([len(p.units) for p in index.text.passages])])
    top_words = max(float(found.unit_words.max(initial=0.0)), 1e-6)
    listed: list[Candidate] = []
    for rank, hit in enumerate(found.hits[:CONSIDERED_PASSAGES]):
        document = index.text.documents[hit.passage.document_id]
        headings = " ".join(hit.passage.headings)
        passage_words = frozenset(word_terms(index.text.passage_text(hit.passage)))
        heading_words = frozenset(word_terms(headings))
        for offset, unit in enumerate(hit.passage.units):
            position = int(starts[hit.position]) + offset
            shown = unit_text(document, unit)
            own = frozenset(word_terms(f"{unit.lead} {shown}"))
            covered = frozenset(w for w in question.words if w in own or w in heading_words)
            listed.append(
                Candidate(
                    hit.passage,
                    unit,
                    rank,
                    covered,
                    {
                        "similarity": float(found.unit_similarity[position]),
                        "words": float(found.unit_words[position]) / top_words,
                        "covered": _share(question, covered),
                        "covered_alone": _share(question, own),
                        "covered_by_headings": _share(question, heading_words),
                        "covered_by_passage": _share(question, passage_words),
                        "bigrams": _overlap(question.bigrams, frozenset(bigram_terms(f"{headings} {unit.lead} {shown}"))),
                        "kind_held": float(question.kind is not None and holds(question.kind, shown)),
                        "kind_missing": float(question.kind is not None and not holds(question.kind, shown)),
                        "fused": hit.score,
                        "first": float(rank == 0),
                        "row": float(unit.kind == "row"),
                        "short": float(len(word_terms(shown)) < 4),
                    },
                )
            )
    return listed


def _share(question: Question, words: frozenset[str]) -> float:
    return sum(weight for word, weight in question.words.items() if word in words)


def _overlap(asked: frozenset[str], present: frozenset[str]) -> float:
    return len(asked & present) / len(asked) if asked else 0.0


def evidence(
    index: LanguageIndex, question: Question, found: Retrieval, chosen: Sequence[Candidate], scores: Sequence[float]
) -> dict[str, float]:
    """Features of the best answer as a whole, for the gate. `chosen` is sorted by `scores`, best first."""
    best = chosen[0]
    rarest_missing = max((w for t, w in question.words.items() if t not in best.words), default=0.0)
    passages = {c.passage.id: c for c in reversed(chosen)}
    features = {
        "score": float(scores[0]),
        "margin": float(scores[0] - scores[1]) if len(scores) > 1 else 1.0,
        "similarity": best.features["similarity"],
        "passage_similarity": float(found.passage_similarity[[h.position for h in found.hits[:3]]].max(initial=0.0)),
        "top_unit_similarity": float(found.unit_similarity.max(initial=0.0)),
        "covered": best.features["covered"],
        "covered_by_passage": best.features["covered_by_passage"],
        "covered_by_any": max(c.features["covered_by_passage"] for c in chosen),
        "bigrams": best.features["bigrams"],
        "rarest_missing": rarest_missing,
        "unknown": sum(w for t, w in question.words.items() if t not in index.rarity),
        "kind_held": best.features["kind_held"],
        "kind_missing": best.features["kind_missing"],
        "fused": best.features["fused"],
        "agreement": float(found.hits[0].passage.id == best.passage.id),
        "few_words": float(len(question.words) < 2),
        "passages": len(passages) / CONSIDERED_PASSAGES,
    }
    if isinstance(index.encoder, OnnxEncoder):
        features.update(_read_closely(index, index.encoder, question, found))
    return features


def _read_closely(
    index: LanguageIndex, encoder: OnnxEncoder, question: Question, found: Retrieval
) -> dict[str, float]:
    """Late interaction: how close each word of the question comes to any word of the best passages, in context.

    A near miss has the topic and lacks one word; its closest word stays far.
    """
    texts = [index.text.passage_text(h.passage) for h in found.hits[:READ_CLOSELY]]
    (pieces, vectors), *read = encoder.encode_tokens([question.text, *texts])
    closest = np.stack([(vectors @ others.T).max(axis=1) for _, others in read]) if read else np.zeros((1, len(pieces)))
    words: list[tuple[str, list[int]]] = []
    for i, piece in enumerate(pieces):
        if piece.startswith("##") and words:
            words[-1] = (words[-1][0] + piece[2:], [*words[-1][1], i])
        else:
            words.append((piece, [i]))
    weighed = []
    for word, places in words:
        terms = word_terms(word)
        if terms:
            weighed.append((index.rarity.get(terms[0], index.rarity_unknown), closest[:, places].mean(axis=1)))
    if not weighed:
        return {"soft_covered": 0.0, "soft_weakest": 0.0}
    weights = np.array([w for w, _ in weighed])
    scores = np.stack([s for _, s in weighed])  # (words, passages)
    covered = (scores * weights[:, None]).sum(axis=0) / weights.sum()
    best = int(covered.argmax())
    return {"soft_covered": float(covered[best]), "soft_weakest": float(scores[:, best].min())}
