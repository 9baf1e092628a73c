import numpy as np
import pytest

from finetune.evaluate import metrics


def test_figures_by_intent():
    rows = {row.label: row for row in metrics.by_intent(["a", "a", "b", "c"], ["a", "b", "b", "b"])}
    assert rows["a"] == metrics.IntentFigures("a", 1.0, 0.5, 0.6667, 2)
    assert (rows["b"].precision, rows["b"].recall, rows["c"].f1) == (0.3333, 1.0, 0.0)
    assert metrics.macro_f1(["a", "a", "b", "c"], ["a", "b", "b", "b"]) == pytest.approx((2 / 3 + 0.5) / 3, abs=1e-4)


def test_honest_probabilities_have_no_calibration_error():
    shares = np.array([[0.75, 0.25]] * 4, dtype=np.float32)
    honest = metrics.calibration(shares, np.array([0, 0, 0, 1]))
    assert honest.ece == pytest.approx(0, abs=1e-6)
    assert sum(row.count for row in honest.bins) == 4
    assert metrics.calibration(shares, np.array([1, 1, 1, 1])).ece == pytest.approx(0.75)


def test_a_certain_and_right_answer_costs_nothing():
    sure = metrics.calibration(np.array([[1.0, 0.0]], dtype=np.float32), np.array([0]))
    assert (sure.nll, sure.brier) == (0, 0)
    unknown = metrics.calibration(np.array([[1.0, 0.0]], dtype=np.float32), np.array([-1]))
    assert unknown.brier == 2


def test_what_is_confused_most_comes_first():
    gold, found = ["a", "a", "a", "b"], ["b", "b", "c", "b"]
    assert metrics.confusions(gold, found) == [("a", "b", 2), ("a", "c", 1)]
