import json
import math

import numpy as np
import onnx
import onnxruntime
import pytest
from safetensors.numpy import save_file
from scipy.special import erf

from knowledge.encoder_install import find_weights
from knowledge.onnx_bert import DEEP, build_graph, quantise, write_graphs
from tests.knowledge.conftest import MINILM
from textkit.errors import FrontdeskError

CONFIG = {
    "model_type": "bert",
    "hidden_act": "gelu",
    "hidden_size": 24,
    "num_hidden_layers": 2,
    "num_attention_heads": 3,
    "intermediate_size": 40,
    "layer_norm_eps": 1e-12,
    "max_position_embeddings": 16,
}
IDS = np.array([[2, 7, 9, 11, 3], [2, 5, 3, 0, 0], [2, 3, 0, 0, 0]])
MASK = (IDS > 0).astype(np.int64)


@pytest.fixture(scope="module")
def weights():
    """Random tensors under the names of a BERT encoder."""
    pick = np.random.default_rng(0)
    size, wide = CONFIG["hidden_size"], CONFIG["intermediate_size"]
    shapes = {"embeddings.word_embeddings.weight": (30, size), "embeddings.position_embeddings.weight": (16, size)}
    shapes["embeddings.token_type_embeddings.weight"] = (2, size)
    norms = ["embeddings.LayerNorm"]
    for n in range(CONFIG["num_hidden_layers"]):
        layer = f"encoder.layer.{n}."
        dense = {f"attention.self.{part}": (size, size) for part in ("query", "key", "value")}
        dense |= {
            "attention.output.dense": (size, size),
            "intermediate.dense": (wide, size),
            "output.dense": (size, wide),
        }
        for name, shape in dense.items():
            shapes[f"{layer}{name}.weight"], shapes[f"{layer}{name}.bias"] = shape, (shape[0],)
        norms += [f"{layer}attention.output.LayerNorm", f"{layer}output.LayerNorm"]
    shapes |= {f"{norm}.{part}": (size,) for norm in norms for part in ("weight", "bias")}
    return {name: pick.normal(0, 0.5, shape).astype(np.float32) for name, shape in shapes.items()}


MPNET = CONFIG | {
    "model_type": "mpnet",
    "pad_token_id": 1,
    "max_position_embeddings": 300,
    "relative_attention_num_buckets": 8,
}
RENAMED = {
    "attention.self.query": "attention.attn.q",
    "attention.self.key": "attention.attn.k",
    "attention.self.value": "attention.attn.v",
    "attention.output.dense": "attention.attn.o",
    "attention.output.LayerNorm": "attention.LayerNorm",
}


@pytest.fixture(scope="module")
def mpnet(weights):
    """The same tensors under the names of an MPNet, with its places and its biases of distance."""
    pick = np.random.default_rng(1)
    found = {}
    for name, tensor in weights.items():
        for old, new in RENAMED.items():
            name = name.replace(old, new)
        found[name] = tensor
    del found["embeddings.token_type_embeddings.weight"]
    found["embeddings.position_embeddings.weight"] = pick.normal(0, 0.5, (300, 24)).astype(np.float32)
    return found | {"encoder.relative_attention_bias.weight": pick.normal(0, 1, (8, 3)).astype(np.float32)}


def bucket(apart):
    """MPNet's of a distance with 8 buckets: 0 and 1 alone, 2 and 3 by logarithm; the same for what follows."""
    size = abs(apart)
    near = size if size < 2 else min(3, 2 + int(math.log(size / 2) / math.log(64) * 2))
    return near + (4 if apart > 0 else 0)


def as_bert(mpnet, count):
    """What `bert` needs to compute an MPNet over `count` pieces: weights by BERT's names, a bias per pair of pieces."""
    found = {}
    for name, tensor in mpnet.items():
        for old, new in RENAMED.items():
            name = name.replace(new, old)
        found[name] = tensor
    found["embeddings.position_embeddings.weight"] = mpnet["embeddings.position_embeddings.weight"][2:]
    found["embeddings.token_type_embeddings.weight"] = np.zeros((2, 24), dtype=np.float32)
    places = [[bucket(j - i) for j in range(count)] for i in range(count)]
    return found, mpnet["encoder.relative_attention_bias.weight"][np.array(places)].transpose(2, 0, 1)


def bert(weights, ids, mask, bias=(0, 0, 0)):
    """BERT (Devlin et al. 2019) in numpy, in double precision: one vector per piece."""
    w = {name: tensor.astype(np.float64) for name, tensor in weights.items()}
    heads, size = CONFIG["num_attention_heads"], CONFIG["hidden_size"] // CONFIG["num_attention_heads"]

    def norm(x, name):
        spread = np.sqrt(x.var(-1, keepdims=True) + CONFIG["layer_norm_eps"])
        return (x - x.mean(-1, keepdims=True)) / spread * w[f"{name}.weight"] + w[f"{name}.bias"]

    def dense(x, name):
        return x @ w[f"{name}.weight"].T + w[f"{name}.bias"]

    x = w["embeddings.word_embeddings.weight"][ids] + w["embeddings.position_embeddings.weight"][: ids.shape[1]]
    x = norm(x + w["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    for n in range(CONFIG["num_hidden_layers"]):
        layer, context = f"encoder.layer.{n}.", np.zeros_like(x)
        query, key, value = (dense(x, f"{layer}attention.self.{part}") for part in ("query", "key", "value"))
        for head in range(heads):
            part = slice(head * size, (head + 1) * size)
            scores = query[..., part] @ key[..., part].transpose(0, 2, 1) / math.sqrt(size) + bias[head]
            odds = np.exp(scores) * mask[:, None, :]
            context[..., part] = odds / odds.sum(-1, keepdims=True) @ value[..., part]
        x = norm(dense(context, f"{layer}attention.output.dense") + x, f"{layer}attention.output.LayerNorm")
        wide = dense(x, f"{layer}intermediate.dense")
        wide = wide * (1 + erf(wide / math.sqrt(2))) / 2
        x = norm(dense(wide, f"{layer}output.dense") + x, f"{layer}output.LayerNorm")
    return x


def run(model, ids=IDS, mask=MASK):
    content = model if isinstance(model, str) else model.SerializeToString()
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    return session.run(["tokens", "sentence"], {"input_ids": ids, "attention_mask": mask})


@pytest.mark.parametrize("pooling", ["mean", "cls"])
def test_the_graph_agrees_with_bert_written_in_numpy(weights, pooling):
    tokens, sentence = run(build_graph(weights, CONFIG, pooling))
    expected = bert(weights, IDS, MASK)
    real = MASK.astype(bool)
    np.testing.assert_allclose(tokens[real], expected[real], atol=1e-5)
    counts = MASK[:, :, None]
    pooled = expected[:, 0] if pooling == "cls" else (expected * counts).sum(1) / counts.sum(1)
    np.testing.assert_allclose(sentence, pooled / np.linalg.norm(pooled, axis=1, keepdims=True), atol=1e-5)


@pytest.mark.parametrize("length", [5, 260])
def test_the_graph_agrees_with_mpnet_written_in_numpy(mpnet, length):
    ids = np.random.default_rng(2).integers(2, 30, (2, length))
    mask = np.ones_like(ids)
    ids[1, 3:], mask[1, 3:] = 1, 0
    tokens, sentence = run(build_graph(mpnet, MPNET), ids, mask)
    renamed, bias = as_bert(mpnet, length)
    expected = bert(renamed, ids, mask, bias)
    np.testing.assert_allclose(tokens[mask.astype(bool)], expected[mask.astype(bool)], atol=2e-5)
    pooled = (expected * mask[:, :, None]).sum(1)
    np.testing.assert_allclose(sentence, pooled / np.linalg.norm(pooled, axis=1, keepdims=True), atol=2e-5)


def test_two_graphs_of_an_mpnet_say_what_one_says(mpnet):
    first, rest = (build_graph(mpnet, MPNET, layers=layers) for layers in (range(1), range(1, 2)))
    session = onnxruntime.InferenceSession(rest.SerializeToString(), providers=["CPUExecutionProvider"])
    (sentence,) = session.run(["sentence"], {"read": run(first)[0], "attention_mask": MASK})
    np.testing.assert_allclose(sentence, run(build_graph(mpnet, MPNET))[1], atol=1e-5)


@pytest.mark.parametrize("pooling", ["mean", "cls"])
def test_padding_does_not_change_a_vector(weights, pooling):
    model = build_graph(weights, CONFIG, pooling)
    _, together = run(model)
    for row, length in enumerate(MASK.sum(axis=1)):
        _, alone = run(model, IDS[row : row + 1, :length], MASK[row : row + 1, :length])
        np.testing.assert_allclose(together[row], alone[0], atol=1e-5)


def test_two_graphs_say_what_one_says(weights):
    first, rest = (build_graph(weights, CONFIG, layers=layers) for layers in (range(1), range(1, 2)))
    session = onnxruntime.InferenceSession(rest.SerializeToString(), providers=["CPUExecutionProvider"])
    tokens, sentence = session.run(["tokens", "sentence"], {"read": run(first)[0], "attention_mask": MASK})
    whole = run(build_graph(weights, CONFIG))
    np.testing.assert_allclose(tokens[MASK.astype(bool)], whole[0][MASK.astype(bool)], atol=1e-5)
    np.testing.assert_allclose(sentence, whole[1], atol=1e-5)


def test_a_deep_encoder_is_written_as_two_graphs(weights, tmp_path):
    deep = CONFIG | {"num_hidden_layers": DEEP}
    kinds = {name.split(".", 3)[-1] for name in weights if name.startswith("encoder.layer.")}
    layers = {f"encoder.layer.{n}.{k}": weights[f"encoder.layer.{n % 2}.{k}"] for n in range(DEEP) for k in kinds}
    (tmp_path / "config.json").write_text(json.dumps(deep))
    save_file(weights | layers, str(tmp_path / "model.safetensors"))
    _, files = write_graphs(tmp_path, tmp_path)
    assert [file.name for file in files] == ["model.onnx", "rest.onnx"]


def test_a_row_of_padding_alone_gives_numbers(weights):
    _, sentence = run(build_graph(weights, CONFIG), np.zeros((1, 3), dtype=np.int64), np.zeros((1, 3), dtype=np.int64))
    assert np.isfinite(sentence).all()


@pytest.mark.parametrize(
    "change",
    [
        {"model_type": "roberta"},
        {"model_type": None},
        {"hidden_act": "relu"},
        {"position_embedding_type": "relative_key"},
        {"is_decoder": True},
    ],
)
def test_another_architecture_is_refused_by_name(weights, change):
    ((key, value),) = change.items()
    with pytest.raises(FrontdeskError, match=rf"knows encoders with {key} .*, not {value}.*make install-finetune"):
        build_graph(weights, CONFIG | change)


def test_an_unknown_pooling_is_refused(weights):
    with pytest.raises(FrontdeskError, match="pooling must be mean or cls, got 'max'"):
        build_graph(weights, CONFIG, "max")


@pytest.mark.parametrize("prefix", ["", "bert."])
def test_a_folder_of_safetensors_becomes_a_file_that_passes_the_checker(weights, tmp_path, prefix):
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))
    save_file({f"{prefix}{name}": tensor for name, tensor in weights.items()}, str(tmp_path / "model.safetensors"))
    assert write_graphs(tmp_path, tmp_path) == (CONFIG, [tmp_path / "model.onnx"])
    onnx.checker.check_model(str(tmp_path / "model.onnx"))
    np.testing.assert_allclose(run(str(tmp_path / "model.onnx"))[1], run(build_graph(weights, CONFIG))[1], atol=1e-6)


def test_int8_keeps_the_directions_of_the_real_encoder(tmp_path):
    from tokenizers import Tokenizer

    source = find_weights(MINILM)
    write_graphs(source, tmp_path)[1][0].rename(tmp_path / "float.onnx")
    quantise(tmp_path / "float.onnx", tmp_path / "int8.onnx")
    assert (tmp_path / "int8.onnx").stat().st_size < 0.3 * (tmp_path / "float.onnx").stat().st_size
    tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
    tokenizer.no_padding()
    for text in ["Where is my order?", "refund", "The return label costs £2.95 and faulty goods travel free."]:
        ids = np.array([tokenizer.encode(text).ids])
        exact, small = (run(str(tmp_path / name), ids, np.ones_like(ids))[1][0] for name in ("float.onnx", "int8.onnx"))
        assert exact @ small > 0.98
