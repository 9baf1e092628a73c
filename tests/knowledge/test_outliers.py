import shutil

import numpy as np
import onnx
import onnxruntime
import pytest
from tokenizers import Tokenizer

from knowledge.background import background_questions
from knowledge.encoder_install import find_weights
from knowledge.onnx_bert import build_graph, quantise, write_graphs
from knowledge.outliers import split_outliers
from tests.knowledge.conftest import MINILM
from tests.knowledge.test_onnx_bert import CONFIG, IDS, MASK
from tests.knowledge.test_onnx_bert import weights as weights  # a fixture

FEED = {"input_ids": IDS, "attention_mask": MASK}


@pytest.fixture
def graphs(weights, tmp_path):
    """An encoder in two graphs with one channel that is far larger than the others, as trained ones have them."""
    large = dict(weights)
    norm = "encoder.layer.0.attention.output.LayerNorm.weight"
    large[norm] = large[norm].copy()
    large[norm][7] = 200.0
    files = [tmp_path / "first.onnx", tmp_path / "second.onnx"]
    for file, layers in zip(files, (range(1), range(1, 2)), strict=True):
        onnx.save_model(build_graph(large, CONFIG, layers=layers), str(file))
    return files


def run(files, feed=FEED):
    """The sentences' vectors."""
    for file in files:
        session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
        tokens, sentence = session.run(["tokens", "sentence"], feed)
        feed = {"read": tokens, "attention_mask": feed["attention_mask"]}
    return sentence


def test_a_split_graph_computes_the_same(graphs):
    before = run(graphs)
    kept = split_outliers(graphs, [FEED])
    assert any("intermediate.dense" in name for name in kept[0])
    np.testing.assert_allclose(run(graphs), before, atol=1e-4)


def test_int8_is_nearer_to_float32_where_outliers_stand_apart(tmp_path):
    source = find_weights(MINILM)
    tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
    tokenizer.no_padding()

    def feed(text):
        ids = np.array([tokenizer.encode(text).ids])
        return {"input_ids": ids, "attention_mask": np.ones_like(ids)}

    (file,) = write_graphs(source, tmp_path)[1]
    quantise(file, tmp_path / "plain.onnx")
    shutil.copyfile(file, tmp_path / "split.onnx")
    (kept,) = split_outliers([tmp_path / "split.onnx"], [feed(t) for t in background_questions("en")[::20]])
    quantise(tmp_path / "split.onnx", tmp_path / "apart.onnx", kept)
    lost = {"plain.onnx": 0.0, "apart.onnx": 0.0}
    for text in ["Where is my order?", "refund", "The return label costs £2.95 and faulty goods travel free."]:
        exact = run([file], feed(text))
        for name in lost:
            lost[name] += float(1 - (exact * run([tmp_path / name], feed(text))).sum())
    assert lost["apart.onnx"] < 0.4 * lost["plain.onnx"]


def test_a_graph_without_outliers_stays_as_it_is(weights, tmp_path):
    even = {name: np.ones_like(t) if "LayerNorm.weight" in name else t / 10 for name, t in weights.items()}
    file = tmp_path / "even.onnx"
    onnx.save_model(build_graph(even, CONFIG, layers=range(1)), str(file))
    before = onnx.load(str(file))
    assert split_outliers([file], [FEED]) == [[]]
    assert onnx.load(str(file)) == before
