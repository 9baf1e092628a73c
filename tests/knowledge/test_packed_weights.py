"""A small file of the packed form, written here, comes out as the folder that the hub would give."""

import json
import struct

import numpy as np
import pytest
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from knowledge.onnx_bert import write_graphs
from knowledge.packed_weights import BLOCK, unpack
from textkit.errors import MissingArtefactError

HIDDEN, WIDE, POSITIONS = 32, 64, 16
PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", "▁que", "ry", ":", "退", "款", "退款", "при", "é", "!", "7"]
KEPT = [p for p in PIECES if p not in ("при", "é")]


def packed(values):
    """4 bits a value, as the package writes them: one scale for 32, low halves first."""
    blocks = values.reshape(-1, BLOCK)
    scale = np.maximum(np.abs(blocks).max(axis=1) / 7, 1e-4).astype("<f2")
    steps = np.clip(np.round(blocks / scale[:, None].astype(np.float32)) + 8, 0, 15).astype(np.uint8)
    halves = steps[:, :16] | (steps[:, 16:] << 4)
    return b"".join(s.tobytes() + h.tobytes() for s, h in zip(scale, halves, strict=True))


def tensors():
    """Every tensor of a model of one layer: name, shape; matrices are packed."""
    pick = np.random.default_rng(0)
    shapes = {"emb.word": (len(PIECES), HIDDEN), "l0.fi.w": (WIDE, HIDDEN), "l0.fo.w": (HIDDEN, WIDE)}
    shapes |= {f"l0.{part}.w": (HIDDEN, HIDDEN) for part in ("q", "k", "v", "ao")}
    shapes |= {"emb.pos": (POSITIONS, HIDDEN), "emb.type": (2, HIDDEN), "l0.fi.b": (WIDE,)}
    vectors = ("emb.ln.w", "emb.ln.b", "l0.aln.w", "l0.aln.b", "l0.oln.w", "l0.oln.b")
    shapes |= {name: (HIDDEN,) for name in (*vectors, *(f"l0.{part}.b" for part in ("q", "k", "v", "ao", "fo")))}
    return {name: pick.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


def write(file, values, magic=b"E5S1"):
    text = [piece.encode() for piece in PIECES]
    ends = np.cumsum([0, *map(len, text)]).astype("<u4")
    head = (
        magic + struct.pack("<I7i", 1, HIDDEN, 1, 4, WIDE, len(PIECES), POSITIONS, 2) + struct.pack("<fi", 1e-12, BLOCK)
    )
    head += struct.pack("<5i", len(PIECES), 0, 2, 1, 3) + struct.pack("<Q", int(ends[-1])) + ends.tobytes()
    head += np.linspace(-1, -2, len(PIECES)).astype("<f4").tobytes() + b"".join(text) + struct.pack("<iI", 0, 0)
    head += struct.pack("<i", len(values))
    matrices = {name for name, value in values.items() if name == "emb.word" or (value.ndim == 2 and name[0] == "l")}
    bodies = {n: packed(v) if n in matrices else v.tobytes() for n, v in values.items()}
    place = len(head) + sum(2 + len(name) + 21 for name in values)
    for name, body in bodies.items():
        head += struct.pack("<H", len(name)) + name.encode()
        head += struct.pack("<BIQQ", name in matrices, values[name].size, place, len(body))
        place += len(body)
    file.write_bytes(head + b"".join(bodies.values()))
    return file


@pytest.fixture
def unpacked(tmp_path):
    values = tensors()
    unpack(write(tmp_path / "small.bin", values), tmp_path)
    return tmp_path, values


def test_matrices_come_back_within_half_a_step(unpacked):
    folder, values = unpacked
    found = load_file(str(folder / "model.safetensors"))
    name = "encoder.layer.0.intermediate.dense.weight"
    step = np.abs(values["l0.fi.w"].reshape(-1, BLOCK)).max(axis=1) / 7
    error = np.abs(found[name] - values["l0.fi.w"]).reshape(-1, BLOCK).max(axis=1)
    assert (error <= 0.51 * step + 1e-2).all()
    np.testing.assert_array_equal(found["encoder.layer.0.output.LayerNorm.bias"], values["l0.oln.b"])


def test_the_vocabulary_is_cut_to_english_and_chinese(unpacked):
    folder, _ = unpacked
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    assert [tokenizer.id_to_token(n) for n in range(tokenizer.get_vocab_size())] == KEPT
    words = load_file(str(folder / "model.safetensors"))["embeddings.word_embeddings.weight"]
    assert (
        words.shape == (len(KEPT), HIDDEN) == (json.loads((folder / "config.json").read_text())["vocab_size"], HIDDEN)
    )


def test_text_is_normalised_and_gets_the_prefix_the_model_knows(unpacked):
    tokenizer = Tokenizer.from_file(str(unpacked[0] / "tokenizer.json"))
    assert tokenizer.encode("退款  ７！").tokens == ["<s>", "▁que", "ry", ":", "▁", "退款", "▁", "7", "!", "</s>"]


def test_the_config_has_every_size_that_another_reader_would_guess(unpacked):
    config = json.loads((unpacked[0] / "config.json").read_text())
    assert (config["intermediate_size"], config["num_attention_heads"], config["num_hidden_layers"]) == (WIDE, 4, 1)


def test_the_folder_makes_a_graph(unpacked, tmp_path):
    assert write_graphs(unpacked[0], tmp_path)[0]["hidden_size"] == HIDDEN


@pytest.mark.parametrize("damage", ["magic", "cut"])
def test_another_file_is_named(tmp_path, damage):
    file = write(tmp_path / "small.bin", tensors(), magic=b"ELSE" if damage == "magic" else b"E5S1")
    if damage == "cut":
        file.write_bytes(file.read_bytes()[:-40])
    with pytest.raises(MissingArtefactError, match=r"small\.bin is not of the form"):
        unpack(file, tmp_path)
