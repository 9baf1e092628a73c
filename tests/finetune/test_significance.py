import numpy as np
import pytest

from finetune.significance import interval, mcnemar


def test_only_texts_on_which_two_models_differ_count():
    found = mcnemar([True] * 10 + [False] * 90, [False] * 10 + [False] * 90)
    assert (found.only_first, found.only_second) == (10, 0)
    assert found.p == pytest.approx(2 / 2**10)


def test_equal_models_differ_by_chance():
    assert mcnemar([True, False], [True, False]).p == 1
    assert mcnemar([True, False], [False, True]).p == 1


def test_two_models_are_judged_on_the_same_texts():
    with pytest.raises(ValueError, match="judged 1 and 2 texts"):
        mcnemar([True], [True, False])


def test_an_interval_lies_around_the_figure_and_is_seeded():
    hits = np.arange(400) % 10 > 0
    low, high = interval(lambda rows: hits[rows].mean(), 400)
    assert 0.86 < low < 0.9 < high < 0.94
    assert (low, high) == interval(lambda rows: hits[rows].mean(), 400)
