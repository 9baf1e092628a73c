import numpy as np

from finetune.label.worth import most_worth

ROWS = np.array([[1, 0], [1, 0], [0.6, 0.8], [0, 1]], dtype=np.float32)


def test_doubt_comes_first_and_its_doubles_last():
    assert most_worth(ROWS, [0.9, 0.8, 0.5, 0.6], 4) == [0, 3, 2, 1]


def test_never_more_than_there_are_and_none_twice():
    assert sorted(most_worth(ROWS, [0.0, 0.0, 0.0, 0.0], 9)) == [0, 1, 2, 3]
    assert most_worth(ROWS, [0.9, 0.8, 0.5, 0.6], 0) == []
    assert most_worth(np.zeros((0, 2), dtype=np.float32), [], 3) == []
