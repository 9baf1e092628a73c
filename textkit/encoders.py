"""Texts to unit vectors: the interface that every encoder has, and the one that runs ONNX."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from textkit.errors import FrontdeskError
from textkit.registry import Registry, read_manifest

Vectors = NDArray[np.float32]
Tokens = tuple[list[str], Vectors]  # the word pieces of a text and their vectors
BATCH = 8  # fits the caches; with 32 a text takes a third longer
GRAPH, GRAPH_REST = "model.onnx", "rest.onnx"  # in an encoder's folder; the second goes on where the first ends
# ONNX Runtime's fused node takes more than twice the time of the two that it stands for, a sixth of a short text's.
SLOWER = ["SkipLayerNormFusion"]
LEXICAL = "lexical"  # in a setting: no pretrained encoder, one fitted to the texts at hand


class Encoder(Protocol):
    """Texts to vectors of length 1; `digest` names the exact model, so that vectors of two are never compared."""

    @property
    def digest(self) -> str:
        """Names the exact model."""
        ...

    @property
    def dimensions(self) -> int:
        """Of every vector."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row per text, shape (n, dimensions), float32."""
        ...


class TokenEncoder(Encoder, Protocol):
    """A pretrained one, which gives the vectors of word pieces too."""

    @property
    def languages(self) -> list[str]:
        """Those that it reads."""
        ...

    def encode_with_tokens(self, texts: Sequence[str]) -> tuple[Vectors, list[Tokens]]:
        """What `encode` gives, and for each text its word pieces and their unit vectors in context."""
        ...


class OnnxEncoder:
    """A transformer encoder in ONNX Runtime on the CPU: mean pooling, unit length.

    `folder` holds model.onnx (inputs `input_ids`, `attention_mask`; outputs `tokens`, `sentence`), tokenizer.json
    and the manifest; of a deep encoder also rest.onnx, which goes on with the `tokens` of the first as `read`. A text
    of 12 pieces takes 1.2 ms on one core for MiniLM in int8, 3.5 ms for multilingual-e5-small.
    """

    def __init__(self, folder: Path, threads: int = 1) -> None:
        from tokenizers import Tokenizer

        manifest = read_manifest(folder)
        self.digest: str = manifest["digest"]
        self.dimensions: int = manifest["dimensions"]
        self.languages: list[str] = manifest["languages"]
        self._threads = threads
        # One text at a time is read by two threads; of many, several at a time share the cores better.
        self._sessions = open_graphs(folder, threads=1 if threads > 1 else min(2, os.cpu_count() or 1))
        self._tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
        # Some tokenizers put words of their own before a text (knowledge/packed_weights.py); they say nothing of it.
        self._prefix_pieces = sum(self._tokenizer.encode("x", add_special_tokens=False).attention_mask) - 1
        self._tokenizer.enable_truncation(manifest["max_length"])
        self._tokenizer.no_padding()  # of its own file; a batch is filled up to its longest text
        self._pad_id: int = manifest["pad_id"]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (n, dimensions)."""
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for batch, (sentences,), _ in self._run_batches(texts, "sentence"):
            rows[batch] = sentences
        return rows

    def shallow(self) -> ShallowEncoder:
        """The same encoder read after its first graph: half the layers of a deep one, all of another."""
        return ShallowEncoder(self)

    def encode_shallowly(self, texts: Sequence[str]) -> Vectors:
        """The mean after the first graph, as unit vectors."""
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for batch, (sentences,), _ in self._run_batches(texts, "sentence", graphs=1):
            rows[batch] = sentences
        return rows

    def encode_with_tokens(self, texts: Sequence[str]) -> tuple[Vectors, list[Tokens]]:
        """What `encode` gives, and for each text its word pieces and their unit vectors in context, from one run."""
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        found: list[Tokens] = [([], rows[:0])] * len(texts)
        for batch, (sentences, tokens), encodings in self._run_batches(texts, "sentence", "tokens"):
            rows[batch] = sentences
            tokens /= np.maximum(np.linalg.norm(tokens, axis=-1, keepdims=True), 1e-12)
            for number, row, encoding in zip(batch, tokens, encodings, strict=True):
                keep = [i for i, special in enumerate(encoding.special_tokens_mask) if not special]
                keep = keep[self._prefix_pieces :]
                found[number] = ([encoding.tokens[i] for i in keep], row[keep])
        return rows, found

    def _run_batches(
        self, texts: Sequence[str], *outputs: str, graphs: int = 2
    ) -> Iterator[tuple[list[int], list[Vectors], list[Any]]]:
        # Half of a surrogate pair, which JSON can carry, is no text to the tokenizer.
        encodings = self._tokenizer.encode_batch([t.encode("utf-8", "replace").decode("utf-8") for t in texts])
        order = sorted(range(len(texts)), key=lambda i: len(encodings[i].ids))  # alike lengths share a batch
        batches = [order[start : start + BATCH] for start in range(0, len(order), BATCH)]

        def run(batch: list[int]) -> tuple[list[int], list[Vectors], list[Any]]:
            chosen = [encodings[i] for i in batch]
            return batch, run_graphs(self._sessions[:graphs], self._feed(chosen), outputs), chosen

        if self._threads == 1 or len(batches) < 2:
            yield from map(run, batches)
        else:
            with ThreadPoolExecutor(self._threads) as pool:
                yield from pool.map(run, batches)

    def _feed(self, encodings: Sequence[Any]) -> dict[str, NDArray[np.int64]]:
        """The pieces of several texts as one array, the shorter ones filled up."""
        shape = (len(encodings), max(len(e.ids) for e in encodings))
        ids, mask = np.full(shape, self._pad_id, dtype=np.int64), np.zeros(shape, dtype=np.int64)
        for row, encoding in enumerate(encodings):
            ids[row, : len(encoding.ids)] = encoding.ids
            mask[row, : len(encoding.ids)] = 1
        return {"input_ids": ids, "attention_mask": mask}


def open_graphs(folder: Path, threads: int = 1) -> list[Any]:
    """The graphs of the encoder in `folder`, in the order in which they read on."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Threads that wait spinning take the cores from the other server: twice the time instead of two thirds.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return [
        onnxruntime.InferenceSession(
            str(folder / name), options, providers=["CPUExecutionProvider"], disabled_optimizers=SLOWER
        )
        for name in (GRAPH, GRAPH_REST)
        if (folder / name).is_file()
    ]


def run_graphs(sessions: Sequence[Any], feed: dict[str, Any], outputs: Sequence[str]) -> list[Vectors]:
    """The `outputs` of the last of `sessions`; `feed` has `input_ids` and `attention_mask` for the first."""
    *before, last = sessions
    for session in before:
        (tokens,) = session.run(["tokens"], feed)
        feed = {"read": tokens, "attention_mask": feed["attention_mask"]}
    found: list[Vectors] = last.run(list(outputs), feed)
    return found


class ShallowEncoder:
    """The first half of a deep encoder: enough beside another one, where a fitted head reads the vectors."""

    def __init__(self, whole: OnnxEncoder) -> None:
        self._whole = whole
        self.digest, self.dimensions, self.languages = f"{whole.digest} shallow", whole.dimensions, whole.languages

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See OnnxEncoder."""
        return self._whole.encode_shallowly(texts)


class RememberingEncoder:
    """An encoder that encodes every text once; for building an index, whose parts ask for the same texts."""

    def __init__(self, encoder: OnnxEncoder) -> None:
        self.encoder = encoder
        self._known: dict[str, Vectors] = {}
        self.digest, self.dimensions, self.languages = encoder.digest, encoder.dimensions, encoder.languages

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See OnnxEncoder."""
        fresh = [text for text in dict.fromkeys(texts) if text not in self._known]
        self._known.update(zip(fresh, self.encoder.encode(fresh), strict=True))
        return np.array([self._known[text] for text in texts], dtype=np.float32).reshape(-1, self.dimensions)

    def encode_with_tokens(self, texts: Sequence[str]) -> tuple[Vectors, list[Tokens]]:
        """See OnnxEncoder; the tokens are not remembered."""
        rows, tokens = self.encoder.encode_with_tokens(texts)
        self._known.update(zip(texts, rows, strict=True))
        return rows, tokens


def encoder_digest(name: str, registry: Registry | None = None) -> str:
    """The digest of the encoder `name` in the registry, without loading it."""
    return str((registry or Registry()).manifest(name)["digest"])


def open_encoder(name: str, language: str, registry: Registry | None = None, threads: int = 1) -> OnnxEncoder:
    """The encoder `name` of the registry; refuses one that cannot read `language`."""
    encoder = OnnxEncoder((registry or Registry()).get(name), threads)
    if language not in encoder.languages:
        of_messages, of_documents = (f"FRONTDESK_{kind}ENCODER_{language.upper()}" for kind in ("", "KNOWLEDGE_"))
        raise FrontdeskError(
            f"The encoder {name!r} reads {', '.join(encoder.languages)}, not {language}.",
            f"Set {of_messages} (of documents: {of_documents}) to `lexical` or to an encoder that does.",
        )
    return encoder
