"""The fewest sentences or rows that answer, in the order of their documents."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.evidence import Candidate, Question

MAX_UNITS = 3
# A further unit must be nearly as good as the best, or bring words of the question that are still missing.
CLOSE = 0.85
NEW_WORDS = 0.25
STILL_GOOD = 0.6


def compose(question: Question, ranked: Sequence[Candidate], scores: Sequence[float]) -> list[Candidate]:
    """Up to MAX_UNITS of `ranked` (best first, scores between 0 and 1), in document order."""
    chosen = [ranked[0]]
    covered = set(ranked[0].words)
    for candidate, score in zip(ranked[1:8], scores[1:8], strict=False):
        if len(chosen) == MAX_UNITS:
            break
        gain = sum(question.words[w] for w in candidate.words - covered)
        close = score >= CLOSE * scores[0] and score >= 0.5
        if close or (gain >= NEW_WORDS and score >= STILL_GOOD * scores[0]):
            chosen.append(candidate)
            covered |= candidate.words
    first = ranked[0].passage.document_id
    return sorted(chosen, key=lambda c: (c.passage.document_id != first, c.passage.document_id, c.unit.start))
