import shutil

import numpy as np
import pytest

from tests.textkit.conftest import MINILM
from textkit.encoders import encoder_digest, open_encoder
from textkit.errors import FrontdeskError, MissingArtefactError
from textkit.registry import Registry

TEXTS = [
    "Where is my order?",
    "refund",
    "How do I descale the espresso machine after a year of hard water? " * 3,
    "",
    "🙂",
    "\x00 \ud800",
]


@pytest.fixture(scope="module")
def encoder(encoder_registry):
    return open_encoder(MINILM, "en", encoder_registry)


def test_vectors_have_length_one_and_the_shape_that_the_manifest_says(encoder):
    vectors = encoder.encode(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), encoder.dimensions) == (len(TEXTS), 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_rows_keep_the_order_of_the_texts(encoder):
    together = encoder.encode(TEXTS * 8)
    apart = np.vstack([encoder.encode([t]) for t in TEXTS])
    similarity = together @ apart.T
    assert similarity.argmax(axis=1).tolist() == list(range(len(TEXTS))) * 8
    # Activations are quantised by the batch, so a text's vector moves a little with its neighbours.
    assert similarity.max(axis=1).min() > 0.95


def test_vectors_are_those_of_the_fused_graph(encoder, encoder_registry, monkeypatch):
    monkeypatch.setattr("textkit.encoders.SLOWER", [])
    fused = open_encoder(MINILM, "en", encoder_registry)
    for text in TEXTS:
        np.testing.assert_allclose(encoder.encode([text]), fused.encode([text]), atol=2e-2)


def test_no_texts_give_no_rows(encoder):
    assert encoder.encode([]).shape == (0, 384)
    assert encoder.encode_with_tokens([])[1] == []


def test_meanings_that_are_close_are_close_in_vectors(encoder):
    asked, same, other = encoder.encode(
        ["I want my money back", "How do I get a refund?", "Which kettle is the lightest?"]
    )
    assert asked @ same > asked @ other + 0.2


def test_word_pieces_come_with_their_vectors_and_without_special_ones(encoder):
    (pieces, vectors), (others, _) = encoder.encode_with_tokens(["Descaling costs £5", "tea"])[1]
    assert "[CLS]" not in pieces
    assert vectors.shape == (len(pieces), 384)
    assert others == ["tea"]
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_text_longer_than_the_encoder_reads_is_cut(encoder):
    assert encoder.encode(["word " * 5000]).shape == (1, 384)


def test_an_encoder_that_cannot_read_the_language_is_refused(encoder_registry):
    with pytest.raises(FrontdeskError, match=r"reads en, not zh.*FRONTDESK_ENCODER_ZH"):
        open_encoder(MINILM, "zh", encoder_registry)


def test_the_digest_is_read_without_loading_the_model(encoder_registry, encoder, tmp_path):
    assert encoder_digest(MINILM, encoder_registry) == encoder.digest
    copy = shutil.copytree(encoder_registry.root, tmp_path / "registry", ignore=shutil.ignore_patterns("*.onnx"))
    assert encoder_digest(MINILM, Registry(copy)) == encoder.digest


def test_a_missing_encoder_is_named(tmp_path):
    with pytest.raises(MissingArtefactError, match="some/encoder"):
        open_encoder("some/encoder", "en", Registry(tmp_path))


def test_a_flat_encoder_is_read_whole_even_shallowly(encoder):
    np.testing.assert_array_equal(encoder.shallow().encode(TEXTS), encoder.encode(TEXTS))
