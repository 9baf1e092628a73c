import numpy as np
import pytest

from textkit.errors import FrontdeskError
from textkit.head import LinearHead


@pytest.fixture
def head():
    return LinearHead(("ask", "bye"), np.array([[2, -2], [0, 1]], dtype=np.float32), np.array([0, 0.5], dtype=np.float32))


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


@pytest.mark.filterwarnings("ignore:scipy.optimize. The `disp` and `iprint` options:DeprecationWarning")  # in sklearn
@pytest.mark.parametrize("labels", [["ask", "bye"], ["ask", "bye", "闲聊"]])
def test_fitting_learns_and_agrees_with_scikit_learn(labels):
    linear_model = pytest.importorskip("sklearn.linear_model", reason="scikit-learn is in the dialogue runtime")
    pick = np.random.default_rng(0)
    given = [labels[n % len(labels)] for n in range(60)]
    vectors = np.eye(4, dtype=np.float32)[[labels.index(g) for g in given]]
    vectors += pick.normal(0, 0.3, vectors.shape).astype(np.float32)
    head = LinearHead.fit(vectors, given)
    model = linear_model.LogisticRegression(C=20.0, class_weight="balanced", max_iter=1000).fit(vectors, given)
    assert head.labels == tuple(model.classes_)
    np.testing.assert_allclose(head.probabilities(vectors), model.predict_proba(vectors), atol=1e-4)


def test_one_label_cannot_be_told_apart():
    pytest.importorskip("sklearn", reason="scikit-learn is in the dialogue runtime")
    with pytest.raises(FrontdeskError, match=r"two labels or more, got \['ask'\]"):
        LinearHead.fit(np.ones((2, 3), dtype=np.float32), ["ask", "ask"])
