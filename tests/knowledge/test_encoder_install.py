import io
import json
import logging
import zipfile

import numpy as np
import pytest
from safetensors.numpy import save_file

from knowledge import encoder_install
from knowledge.encoder_install import FILES, FORMAT, OPTIONAL_FILES, find_weights, install_encoder, open_weights
from tests.knowledge.conftest import MINILM, MPNET
from tests.knowledge.test_onnx_bert import CONFIG
from tests.knowledge.test_onnx_bert import weights as weights  # a fixture
from textkit.encoders import OnnxEncoder, open_encoder
from textkit.errors import FrontdeskError, MissingArtefactError
from textkit.registry import Registry, read_manifest

WORDS = [
    "[PAD]",
    "[UNK]",
    "[CLS]",
    "[SEP]",
    "where",
    "is",
    "my",
    "order",
    *"请问这个订单什么时候发货可以开具增值税票并退换",
]


@pytest.fixture
def small(tmp_path, weights):
    """The folder of a BERT with random weights that reads English and Chinese, pooled by its first piece."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    folder = tmp_path / "small-bert"
    (folder / "1_Pooling").mkdir(parents=True)
    table = np.random.default_rng(1).normal(size=(len(WORDS), CONFIG["hidden_size"])).astype(np.float32)
    save_file(weights | {"embeddings.word_embeddings.weight": table}, str(folder / "model.safetensors"))
    (folder / "config.json").write_text(json.dumps(CONFIG | {"pad_token_id": 0}))
    (folder / "1_Pooling/config.json").write_text(json.dumps({"pooling_mode_cls_token": True}))
    vocabulary = {word: n for n, word in enumerate(dict.fromkeys([*WORDS, "，"]))}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


def test_the_packaged_encoder_is_installed_with_its_manifest(registry):
    manifest = read_manifest(registry.get(MINILM))
    assert manifest | {"digest": ""} == {
        "name": MINILM,
        "digest": "",
        "kind": "encoder",
        "format": FORMAT,
        "precision": "int8",
        "pooling": "mean",
        "dimensions": 384,
        "max_length": 256,
        "pad_id": 0,
        "languages": ["en"],
    }
    assert sorted(p.name for p in registry.get(MINILM).iterdir()) == ["manifest.json", "model.onnx", "tokenizer.json"]


def test_the_encoder_of_documents_is_joined_from_its_pieces(registry, monkeypatch):
    monkeypatch.setattr(encoder_install, "_download", lambda name: pytest.fail(f"downloads {name}"))
    manifest = read_manifest(registry.get(MPNET))
    assert (manifest["dimensions"], manifest["max_length"], manifest["pad_id"]) == (768, 384, 1)
    assert manifest["languages"] == ["en"]
    encoder = open_encoder(MPNET, "en", registry)
    question, answer, other = encoder.encode(
        ["how long have I got to send it back", "You have 30 days for returns.", "The roastery is closed on Mondays."]
    )
    assert question @ answer > question @ other + 0.2


def test_pieces_with_other_weights_are_refused(tmp_path, monkeypatch):
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for file in (*FILES, *OPTIONAL_FILES):
            archive.writestr(f"all-mpnet-base-v2/{file}", b"{}")
    pieces = [tmp_path / "1", tmp_path / "2"]
    for piece, content in zip(pieces, (whole.getvalue()[:100], whole.getvalue()[100:]), strict=True):
        piece.write_bytes(content)
    monkeypatch.setattr(encoder_install, "_find_pieces", lambda name: pieces)
    with pytest.raises(MissingArtefactError, match="other weights than its authors'"), open_weights(MPNET):
        pass
    pieces[1].write_bytes(b"")
    with pytest.raises(MissingArtefactError, match="cannot be read"), open_weights(MPNET):
        pass


def test_a_folder_is_installed_as_its_files_say(small, tmp_path):
    registry = Registry(tmp_path / "registry")
    manifest = read_manifest(install_encoder(str(small), registry))
    assert (manifest["pooling"], manifest["dimensions"], manifest["max_length"]) == ("cls", 24, 16)
    assert manifest["languages"] == ["en", "zh"]
    for language in ("en", "zh"):
        vectors = open_encoder(str(small), language, registry).encode(
            ["where is my order", "订单什么时候发货", "请问" * 40]
        )
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize(
    ("config", "pooling"),
    [
        ({"pooling_mode_mean_tokens": True, "include_prompt": True}, "mean"),
        ({"pooling_mode": "cls"}, "cls"),
        ({}, "mean"),
    ],
)
def test_pooling_is_as_sentence_transformers_wrote_it_down(small, tmp_path, config, pooling):
    (small / "1_Pooling/config.json").write_text(json.dumps(config))
    assert read_manifest(install_encoder(str(small), Registry(tmp_path / "registry")))["pooling"] == pooling


def test_installing_again_gives_the_same_model(small, tmp_path):
    registry = Registry(tmp_path / "registry")
    first, second = (install_encoder(str(small), registry) for _ in range(2))
    assert first == second
    np.testing.assert_array_equal(OnnxEncoder(first).encode(["order"]), OnnxEncoder(second).encode(["order"]))


@pytest.mark.parametrize("missing", FILES)
def test_a_folder_without_a_file_names_it(small, missing):
    (small / missing).unlink()
    with pytest.raises(MissingArtefactError, match=rf"has no {missing}"):
        find_weights(str(small))


def test_an_architecture_that_is_not_written_leaves_the_registry_as_it_was(small, tmp_path):
    registry = Registry(tmp_path / "registry")
    folder = install_encoder(str(small), registry)
    (small / "config.json").write_text(json.dumps(CONFIG | {"model_type": "xlm-roberta"}))
    before = list(logging.getLogger().filters)
    with pytest.raises(FrontdeskError, match="xlm-roberta"):
        install_encoder(str(small), registry)
    assert registry.get(str(small)) == folder
    assert logging.getLogger().filters == before


def test_an_encoder_that_is_nowhere_is_named(monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(MissingArtefactError, match=r"'nobody/nothing' is neither packaged nor a folder"):
        find_weights("nobody/nothing")


def test_a_packaged_encoder_needs_no_network(monkeypatch):
    monkeypatch.setattr(encoder_install, "_download", lambda name: pytest.fail(f"downloads {name}"))
    assert all((find_weights(MINILM) / file).is_file() for file in FILES)


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("model.safetensors", b"\x08\x00", r"model\.safetensors in .* cannot be read"),
        ("config.json", b"{", r"config\.json or .* cannot be read"),
        ("config.json", json.dumps(CONFIG | {"num_hidden_layers": 3}).encode(), r"has no 'encoder\.layer\.2\."),
        ("modules.json", b'[{"type": "sentence_transformers.models.Dense"}]', r"in another way \(Dense"),
        ("1_Pooling/config.json", b'{"pooling_mode_max_tokens": true}', r"in another way \(max\)"),
    ],
)
def test_an_encoder_that_cannot_be_built_is_refused_and_leaves_nothing(small, tmp_path, file, content, said):
    (small / file).write_bytes(content)
    registry = Registry(tmp_path / "registry")
    with pytest.raises(FrontdeskError, match=said):
        install_encoder(str(small), registry)
    assert registry.find(str(small)) is None
    assert not list(registry.root.rglob("*.onnx"))
