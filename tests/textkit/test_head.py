import numpy as np
import pytest
from scipy import sparse

from textkit.head import LinearHead, TwoHeads


@pytest.fixture
def head():
    return LinearHead(
        ("ask", "bye"), np.array([[2, -2], [0, 1]], dtype=np.float32), np.array([0, 0.5], dtype=np.float32)
    )


def test_probabilities_are_the_softmax_of_the_scores(head):
    shares = head.probabilities(np.array([[1, 0], [0, 1], [1000, 0]], dtype=np.float32))
    np.testing.assert_allclose(shares[:2, 0], [1 / (1 + np.exp(-3.5)), 1 / (1 + np.exp(1.5))], rtol=1e-5)
    np.testing.assert_allclose(shares.sum(axis=1), 1, rtol=1e-6)
    assert shares[2, 0] == 1


def test_what_is_saved_reads_back_exactly(head, tmp_path):
    head.save(tmp_path)
    again = LinearHead.load(tmp_path)
    assert again.labels == head.labels
    np.testing.assert_array_equal(again.weights, head.weights)
    np.testing.assert_array_equal(again.bias, head.bias)
    assert sorted(p.suffix for p in tmp_path.iterdir()) == [".json", ".safetensors"]


def test_two_heads_add_their_logits(head, tmp_path):
    rows, letters = np.eye(2, dtype=np.float32), sparse.csr_matrix(np.array([[0, 1], [0, 0]], dtype=np.float32))
    heads = TwoHeads(head, head, 0.5)
    np.testing.assert_allclose(heads.logits(rows, letters), [[2, -0.75], [0, 1.75]])
    heads.save(tmp_path)
    again = TwoHeads.load(tmp_path)
    assert (again.labels, again.weight) == (("ask", "bye"), 0.5)
    np.testing.assert_array_equal(again.logits(rows, letters), heads.logits(rows, letters))
