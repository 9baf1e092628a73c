import numpy as np
import pytest

from knowledge import adapter
from knowledge.adapter import AdaptedEncoder, Examples, fit_matrix, join, unit_length
from textkit.lexical import LexicalEncoder

TEXTS = ["refund of a return", "express delivery", "退货退款", "礼品卡余额"]


@pytest.fixture(scope="module")
def examples():
    """Ten units; the questions of each lie where its vector lies after an unknown rotation."""
    pick = np.random.default_rng(1)
    units = unit_length(pick.normal(size=(10, 16)).astype(np.float32))
    rotation = np.linalg.qr(pick.normal(size=(16, 16)))[0].astype(np.float32)
    unit_of = np.repeat(np.arange(10), 4)
    questions = unit_length(units[unit_of] @ rotation + pick.normal(0, 0.05, (40, 16)).astype(np.float32))
    return Examples(questions, units, units[::2], unit_of, np.arange(10) // 2, units[:0])


def share_right(matrix, examples):
    left, right = unit_length(examples.questions @ matrix), unit_length(examples.units @ matrix)
    return ((left @ right.T).argmax(axis=1) == examples.unit_of).mean()


def test_a_question_comes_close_to_its_unit(examples):
    matrix = fit_matrix(examples, temperature=0.05, steps=300)
    assert share_right(np.eye(16, dtype=np.float32), examples) < 0.5
    assert share_right(matrix, examples) > 0.7
    assert matrix.dtype == np.float32


def test_learning_is_deterministic(examples):
    np.testing.assert_array_equal(fit_matrix(examples, 0.1), fit_matrix(examples, 0.1))


def test_the_slope_is_the_derivative_of_the_loss():
    pick = np.random.default_rng(0)
    matrix, anchors, targets = (pick.normal(size=shape) for shape in ((5, 5), (7, 5), (7, 5)))

    def loss(weights):
        logits = unit_length(anchors @ weights) @ unit_length(targets @ weights).T / 0.2
        return -np.mean(np.diag(logits) - np.log(np.exp(logits).sum(axis=1)))

    slope = adapter._slope(matrix, anchors, targets, 0.2)
    step = np.zeros((5, 5))
    for place in [(0, 0), (2, 3), (4, 1)]:
        step[:] = 0
        step[place] = 1e-5
        measured = (loss(matrix + step) - loss(matrix - step)) / 2e-5
        assert slope[place] == pytest.approx(measured, rel=1e-3, abs=1e-5)


def test_what_is_saved_reads_back_and_the_digest_names_every_part(tmp_path):
    first, second = LexicalEncoder.fit(TEXTS, 3), LexicalEncoder.fit(TEXTS[::-1] * 2, 2)
    size = first.dimensions + second.dimensions
    made = AdaptedEncoder(first, second, np.random.default_rng(0).normal(size=(size, size)).astype(np.float32))
    made.save(tmp_path)
    again = AdaptedEncoder.load(tmp_path, first, second)
    np.testing.assert_array_equal(again.encode(TEXTS), made.encode(TEXTS))
    assert again.digest == made.digest
    assert made.digest not in (
        AdaptedEncoder(second, first, made.matrix).digest,
        AdaptedEncoder(first, None, made.matrix).digest,
    )
    assert made.dimensions == size


def test_joined_vectors_have_length_one_and_both_parts():
    first, second = LexicalEncoder.fit(TEXTS, 3), LexicalEncoder.fit(TEXTS, 2)
    both = join(first.encode(TEXTS), second, TEXTS)
    np.testing.assert_allclose(np.linalg.norm(both, axis=1), 1, atol=1e-5)
    assert both.shape == (4, first.dimensions + second.dimensions)
    np.testing.assert_array_equal(join(first.encode(TEXTS), None, TEXTS), first.encode(TEXTS))
