"""The best units read once more, each together with the question, where a reranker is in service.

The order among them and the gate then weigh what it says beside all else, with weights of their own (view `reranked`).
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

from knowledge.evidence import Candidate, Question
from knowledge.language_index import LanguageIndex
from knowledge.reranker import Reranker
from knowledge.retriever import Retrieval
from knowledge.weights import Features, Weights

READ = 5  # units of the linear ranking; more cost time and seldom hold what answers
SCALE = 10.0  # of a logit, so that features are near 1


@dataclasses.dataclass(frozen=True)
class Ranking:
    """Units by the probability that each is the one that answers, best first, and what the gate is to weigh beside."""

    units: list[Candidate]
    shares: list[float]
    found: Retrieval


def logits_of(index: LanguageIndex, question: Question, units: Sequence[Candidate], reranker: Reranker) -> list[float]:
    """What the reranker says of the first READ of `units`."""
    texts = [index.text.unit_in_context(c.passage, c.unit) for c in units[:READ]]
    return [float(logit) for logit in reranker.score(question.text, texts)] if texts else []


def unit_features(shares: Sequence[float], logits: Sequence[float]) -> list[Features]:
    """For each unit that was read again: how the linear ranking has it, and the reranker."""
    return [
        {"ranked": math.log(max(share, 1e-6)), "reread": logit / SCALE}
        for share, logit in zip(shares, logits, strict=False)
    ]


def gate_features(units: Sequence[Candidate], logits: Sequence[float]) -> Features:
    """What the reranker says of the best unit, of the best of the others, and of none of them; `units` as `logits`."""
    best, passage = logits[0], units[0].passage.id
    others = [logit for unit, logit in zip(units, logits, strict=False) if unit.passage.id != passage]
    return {
        "reread_best": best / SCALE,
        "reread_top": max(logits) / SCALE,
        "reread_lead": (best - max(others, default=best)) / SCALE,
        "reread_none": 1 / (1 + sum(math.exp(min(logit, 30.0)) for logit in logits)),
    }


def reread(ranking: Ranking, logits: Sequence[float], weights: Weights) -> Ranking:
    """The same units, those that were read again in their new order; together they keep the share that they had."""
    count = len(logits)
    shares = weights.shares(unit_features(ranking.shares, logits))
    total = sum(ranking.shares[:count])
    order = sorted(range(count), key=lambda n: -shares[n])
    units = [ranking.units[n] for n in order]
    beside = {**ranking.found.beside, **gate_features(units, [logits[n] for n in order])}
    return Ranking(
        units + list(ranking.units[count:]),
        [total * shares[n] for n in order] + list(ranking.shares[count:]),
        dataclasses.replace(ranking.found, beside=beside),
    )
