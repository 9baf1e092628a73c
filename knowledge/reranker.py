"""A cross-encoder: a question and a passage read together, and how well the one answers the other.

    manifest.json, model.onnx, tokenizer.json       an encoder's files, which reads "question [SEP] passage"
    head.safetensors                                `weights`, shape (dimensions,), and `bias`, of the logit

Both are of one segment, as in the training, so the encoder's graph serves as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from textkit.encoders import open_graphs, run_graphs
from textkit.errors import FrontdeskError
from textkit.registry import read_manifest

BATCH = 16
Scores = NDArray[np.float32]


def join_pieces(query: Sequence[int], passage: Sequence[int], longest: int) -> list[int]:
    """The pieces of both, each with its own beginning and end; the passage's beginning is left out.

    A query takes half of `longest` at most, what does not fit of the passage is cut.
    """
    first = list(query) if len(query) <= longest // 2 else [*query[: longest // 2 - 1], query[-1]]
    rest = list(passage[1:])
    room = longest - len(first)
    return first + (rest if len(rest) <= room else [*rest[: room - 1], rest[-1]])


class Reranker:
    """Opens what `frontdesk finetune reranker` made; ONNX Runtime and tokenizers only."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        manifest = read_manifest(folder)
        if manifest.get("kind") != "reranker":
            raise FrontdeskError(f"The model in {folder} is of kind {manifest.get('kind')!r}, not a reranker.")
        self.digest: str = manifest["digest"]
        self.languages: list[str] = manifest["languages"]
        self._longest: int = manifest["max_length"]
        self._pad: int = manifest["pad_id"]
        self._sessions = open_graphs(folder, threads)
        self._tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(self._longest)
        head = load_file(str(folder / "head.safetensors"))
        self._weights, self._bias = head["weights"], float(head["bias"][0])

    def score(self, query: str, passages: Sequence[str]) -> Scores:
        """A logit for each passage, the higher the better it answers; shape (passages,)."""
        first, *others = (e.ids for e in self._tokenizer.encode_batch([query, *passages]))
        rows = [join_pieces(first, other, self._longest) for other in others]
        scores = np.zeros(len(rows), dtype=np.float32)
        order = sorted(range(len(rows)), key=lambda n: len(rows[n]))
        for start in range(0, len(order), BATCH):
            places = order[start : start + BATCH]
            scores[places] = self._run([rows[n] for n in places])
        return scores

    def _run(self, rows: Sequence[Sequence[int]]) -> Scores:
        longest = max(map(len, rows))
        ids = np.full((len(rows), longest), self._pad, dtype=np.int64)
        mask = np.zeros_like(ids)
        for place, row in enumerate(rows):
            ids[place, : len(row)], mask[place, : len(row)] = row, 1
        (vectors,) = run_graphs(self._sessions, {"input_ids": ids, "attention_mask": mask}, ["sentence"])
        logits: Scores = vectors @ self._weights + np.float32(self._bias)
        return logits
