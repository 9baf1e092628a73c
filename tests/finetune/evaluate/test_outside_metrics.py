import numpy as np
import pytest

from finetune.benchmarks.questions import auroc as counted
from finetune.evaluate import outside_metrics as measure

INSIDE, OUTSIDE = np.array([0.1, 0.2, 0.3, 0.4]), np.array([0.35, 0.6, 0.7])


def test_auroc_counts_pairs_and_half_of_ties():
    assert measure.auroc(INSIDE, OUTSIDE) == pytest.approx(11 / 12)
    assert measure.auroc(np.array([1.0, 2.0]), np.array([2.0])) == 0.75
    pick = np.random.default_rng(0)
    inside, outside = pick.random(50).round(1), pick.random(40).round(1)
    assert measure.auroc(inside, outside) == pytest.approx(counted(outside.tolist(), inside.tolist()), abs=1e-4)


def test_what_passes_and_what_is_refused():
    assert measure.accepted_at(INSIDE, OUTSIDE) == pytest.approx(1 / 3)
    assert measure.refused_at(INSIDE, OUTSIDE) == pytest.approx(1 / 4)
    apart = measure.figures([0.1, 0.2], [0.8, 0.9])
    assert apart == {"auroc": 1.0, "aupr": 1.0, "fpr95": 0.0, "refused_at_95": 0.0}


def test_a_limit_that_accepts_wrongly_costs_more():
    row = measure.at_threshold(INSIDE, OUTSIDE, 0.38, 2.0)
    assert (row.accepted_wrongly, row.refused_wrongly) == (0.3333, 0.25)
    assert row.cost == pytest.approx(2 / 3 + 0.25, abs=1e-4)


def test_the_dearer_a_wrong_answer_the_lower_the_limit():
    assert measure.cheapest(INSIDE, OUTSIDE, 5.0) == pytest.approx(0.325)
    assert measure.cheapest(INSIDE, OUTSIDE, 0.5) == pytest.approx(0.5)


def test_the_table_goes_from_few_refusals_to_many():
    rows = measure.threshold_table(np.linspace(0, 1, 500), np.linspace(0.5, 1.5, 100), 2.0)
    assert [row.threshold for row in rows] == sorted((row.threshold for row in rows), reverse=True)
    assert rows[0].refused_wrongly <= 0.01 < rows[-1].refused_wrongly <= 0.21
