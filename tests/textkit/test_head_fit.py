import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from textkit.errors import FrontdeskError
from textkit.head import LinearHead


@pytest.mark.filterwarnings("ignore:scipy.optimize. The `disp` and `iprint` options:DeprecationWarning")  # in sklearn
@pytest.mark.parametrize("labels", [["ask", "bye"], ["ask", "bye", "闲聊"]])
def test_fitting_learns_and_agrees_with_scikit_learn(labels):
    pick = np.random.default_rng(0)
    given = [labels[n % len(labels)] for n in range(60)]
    vectors = np.eye(4, dtype=np.float32)[[labels.index(g) for g in given]]
    vectors += pick.normal(0, 0.3, vectors.shape).astype(np.float32)
    head = LinearHead.fit(vectors, given)
    model = LogisticRegression(C=20.0, class_weight="balanced", max_iter=300, tol=1e-3).fit(vectors, given)
    assert head.labels == tuple(model.classes_)
    np.testing.assert_allclose(head.probabilities(vectors), model.predict_proba(vectors), atol=1e-4)


def test_one_label_cannot_be_told_apart():
    with pytest.raises(FrontdeskError, match=r"two labels or more, got \['ask'\]"):
        LinearHead.fit(np.ones((2, 3), dtype=np.float32), ["ask", "ask"])


@pytest.mark.filterwarnings("ignore:scipy.optimize. The `disp` and `iprint` options:DeprecationWarning")  # in sklearn
def test_of_many_labels_the_fit_does_not_end_where_it_begins():
    pick = np.random.default_rng(0)
    vectors = np.repeat(pick.normal(size=(400, 384)), 2, axis=0) + pick.normal(0, 0.2, (800, 384))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    given = [f"{n // 2:03}" for n in range(800)]
    head = LinearHead.fit(vectors, given)
    assert [head.labels[n] for n in head.logits(vectors).argmax(axis=1)] == given
