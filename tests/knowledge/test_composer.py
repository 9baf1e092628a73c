import numpy as np
import pytest

from knowledge.chunks import Passage, Unit
from knowledge.composer import compose
from knowledge.evidence import Candidate


def candidate(document, start, bigrams=()):
    unit = Unit(start, start + 5, "sentence")
    passage = Passage(f"{document}#0", document, ("T",), start, start + 5, (unit,))
    return Candidate(passage, unit, 0, 0, frozenset(), frozenset(bigrams), np.zeros(0, dtype=np.float32), {})


RANKED = [candidate("b", 50), candidate("a", 10), candidate("b", 20), candidate("b", 90)]


@pytest.mark.parametrize(
    ("shares", "chosen"),
    [
        ([0.96, 0.02, 0.01, 0.01], [("b", 50)]),
        ([0.5, 0.46, 0.02, 0.02], [("b", 50), ("a", 10)]),
        ([0.4, 0.25, 0.2, 0.15], [("b", 20), ("b", 50), ("a", 10)]),
        ([0.6, 0.02, 0.02, 0.02], [("b", 50)]),
        ([0.25, 0.25, 0.25, 0.25], [("b", 20), ("b", 50), ("a", 10)]),
    ],
)
def test_the_fewest_units_in_the_order_of_their_documents(shares, chosen):
    assert [(c.passage.document_id, c.unit.start) for c in compose(RANKED, shares)] == chosen


def test_one_candidate_is_enough():
    assert compose(RANKED[:1], [1.0]) == RANKED[:1]
