"""The fewest sentences or rows that answer, in the order of their documents."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.evidence import Candidate

# Chosen on the development questions: more units answer more questions and say more that was not asked.
MAX_UNITS = 3
ENOUGH = 0.95  # summed probability of the units that are chosen
TOO_WEAK = 0.05  # of the best unit's probability
SAME = 0.5  # share of its word pairs that another document has said already


def compose(ranked: Sequence[Candidate], shares: Sequence[float]) -> list[Candidate]:
    """Units of `ranked`, best first, until their `shares` (probabilities that sum to 1) are enough; document order."""
    chosen, total = [ranked[0]], shares[0]
    for candidate, share in zip(ranked[1:], shares[1:], strict=True):
        if len(chosen) == MAX_UNITS or total >= ENOUGH or share < TOO_WEAK * shares[0]:
            break
        if not _repeats(candidate, chosen):
            chosen.append(candidate)
        total += share
    first = ranked[0].passage.document_id
    return sorted(chosen, key=lambda c: (c.passage.document_id != first, c.passage.document_id, c.unit.start))


def _repeats(candidate: Candidate, chosen: Sequence[Candidate]) -> bool:
    """Whether another document has said nearly the same; within one document a sentence goes on from the last."""
    others = [c for c in chosen if c.passage.document_id != candidate.passage.document_id]
    return any(
        len(candidate.bigrams & c.bigrams) > SAME * max(1, min(len(candidate.bigrams), len(c.bigrams))) for c in others
    )
