import numpy as np
import pytest

from knowledge.token_vectors import DIMENSIONS, TokenVectors, reduce
from textkit.encoders import open_encoder

TEXTS = ["The warranty lasts 3 years.", "tea", "Send the kettle back within thirty days of delivery, in its box."]


@pytest.fixture
def encoder(registry):
    return open_encoder("sentence-transformers/all-MiniLM-L6-v2", "en", registry)


def test_the_sentences_come_from_the_same_run(encoder):
    made, sentences = TokenVectors.build(TEXTS, encoder)
    np.testing.assert_allclose(sentences, encoder.encode(TEXTS), atol=0.05)  # int8 moves a little with the batch
    assert [len(made.of([n])) for n in range(3)] == [len(encoder.encode_with_tokens([t])[1][0][0]) for t in TEXTS]
    assert made.of([]).shape == (0, min(DIMENSIONS, encoder.dimensions))


def test_cut_vectors_keep_their_angles(encoder):
    made, _ = TokenVectors.build(TEXTS, encoder)
    _, whole = encoder.encode_with_tokens(TEXTS)
    cut = reduce(whole[0][1], made.directions)
    np.testing.assert_allclose(cut @ made.of([2]).T, whole[0][1] @ whole[2][1].T, atol=0.05)
    np.testing.assert_allclose(np.linalg.norm(made.of([0, 1]), axis=1), 1, atol=1e-2)


def test_the_nearest_token_of_each_text_is_found(encoder):
    made, _ = TokenVectors.build([*TEXTS, "..."], encoder)
    _, ((_, vectors),) = encoder.encode_with_tokens(["thirty days"])
    near = made.nearest(vectors, [2, 0, 1])
    assert near.shape == (len(vectors), 3)
    np.testing.assert_allclose(near[:, 1], (reduce(vectors, made.directions) @ made.of([0]).T).max(axis=1), atol=1e-5)
    assert (near[:, 0] > near[:, 2]).all()
    assert made.nearest(vectors, []).shape == (len(vectors), 0)


def test_what_is_saved_is_read(encoder, tmp_path):
    made, _ = TokenVectors.build(TEXTS, encoder)
    made.save(tmp_path)
    again = TokenVectors.load(tmp_path)
    np.testing.assert_array_equal(again.of([1, 0]), made.of([1, 0]))
    np.testing.assert_array_equal(again.directions, made.directions)
