"""An encoder that needs no downloaded weights: character n-grams and words, TF-IDF, truncated SVD.

Fitted on the texts it will serve (training examples, passages); reads any language. numpy and scipy, kept as
safetensors and JSON.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from textkit.encoders import Vectors
from textkit.words import normalise, runs

MAX_FEATURES = 60_000
MANY_TEXTS = 500  # from here on a feature that occurs in one text alone is left out: it connects nothing


def lexical_features(text: str) -> list[str]:
    """Characters, bigrams and trigrams of Chinese; words and their 3- to 5-grams, with word ends, of the rest."""
    found: list[str] = []
    for run in runs(text):
        if run[0] > "\u3000":
            padded = f"^{run}$"
            found.extend(run)
            found.extend(padded[i : i + n] for n in (2, 3) for i in range(len(padded) - n + 1))
        else:
            padded = f"<{run}>"
            found.append(padded)
            found.extend(padded[i : i + n] for n in (3, 4, 5) for i in range(len(padded) - n + 1) if n < len(padded))
    return found or [normalise(text).strip() or "<empty>"]


class LexicalEncoder:
    """TF-IDF over `lexical_features`, projected to `dimensions` by a truncated SVD, at unit length."""

    def __init__(self, vocabulary: dict[str, int], idf: NDArray[np.float32], projection: NDArray[Any]) -> None:
        self.vocabulary = vocabulary
        self.idf = idf
        self.projection = projection.astype(np.float16)  # tens of megabytes, of which a text needs a few rows
        self.dimensions = int(projection.shape[1])
        total = hashlib.sha256(json.dumps(list(vocabulary), ensure_ascii=False).encode())
        total.update(idf.tobytes())
        total.update(self.projection.tobytes())
        self.digest = total.hexdigest()

    @classmethod
    def fit(cls, texts: Sequence[str], dimensions: int = 256) -> LexicalEncoder:
        """Learn the vocabulary, the weights and the projection from `texts`; deterministic."""
        rows = [Counter(lexical_features(t)) for t in texts]
        frequency = Counter(feature for row in rows for feature in row)
        least = 2 if len(texts) >= MANY_TEXTS else 1
        kept = sorted((f for f in frequency if frequency[f] >= least), key=lambda f: (-frequency[f], f))[:MAX_FEATURES]
        vocabulary = {feature: i for i, feature in enumerate(kept)}
        count = np.array([frequency[f] for f in kept], dtype=np.float32)
        idf = (np.log((1 + len(rows)) / (1 + count)) + 1).astype(np.float32)
        encoder = cls(vocabulary, idf, np.zeros((len(kept), 0), dtype=np.float32))
        return cls(vocabulary, idf, _main_directions(encoder._weigh(rows), dimensions))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (n, dimensions); a text without any known feature gives a zero vector."""
        return self.project(self.weigh(texts))

    def weigh(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """TF-IDF at unit length, shape (n, features): all that `encode` makes its vectors from."""
        return self._weigh(Counter(lexical_features(t)) for t in texts)

    def project(self, matrix: sparse.csr_matrix) -> Vectors:
        """What `encode` gives for the texts of these rows."""
        known, place = np.unique(matrix.indices, return_inverse=True)
        short = sparse.csr_matrix((matrix.data, place, matrix.indptr), shape=(matrix.shape[0], len(known)))
        vectors: Vectors = np.asarray(short @ self.projection[known].astype(np.float32), dtype=np.float32)
        unit: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return unit

    def _weigh(self, rows: Iterable[Counter[str]]) -> sparse.csr_matrix:
        known = [[(self.vocabulary[f], n) for f, n in row.items() if f in self.vocabulary] for row in rows]
        ends = np.concatenate([[0], np.cumsum([len(row) for row in known])]).astype(np.int64)
        pairs = np.array([pair for row in known for pair in row], dtype=np.int64).reshape(-1, 2)
        weights = (1 + np.log(pairs[:, 1])) * self.idf[pairs[:, 0]]
        matrix = sparse.csr_matrix((weights, pairs[:, 0], ends), shape=(len(known), len(self.vocabulary)))
        lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
        matrix.data /= np.maximum(np.repeat(lengths, np.diff(ends)), 1e-12)
        return matrix.astype(np.float32)

    def save(self, folder: Path) -> None:
        """Write lexical.json and lexical.safetensors into `folder`."""
        from safetensors.numpy import save_file

        text = json.dumps(list(self.vocabulary), ensure_ascii=False)
        (folder / "lexical.json").write_text(text, encoding="utf-8")
        save_file({"idf": self.idf, "projection": self.projection}, str(folder / "lexical.safetensors"))

    @classmethod
    def load(cls, folder: Path) -> LexicalEncoder:
        """Read what `save` wrote."""
        from safetensors.numpy import load_file

        features = json.loads((folder / "lexical.json").read_text(encoding="utf-8"))
        tensors = load_file(str(folder / "lexical.safetensors"))
        return cls({f: i for i, f in enumerate(features)}, tensors["idf"], tensors["projection"])


def _main_directions(matrix: sparse.csr_matrix, dimensions: int) -> Vectors:
    """The right singular vectors of the largest singular values, shape (features, rank); the identity when tiny.

    Randomised (Halko, Martinsson and Tropp 2011) with two power iterations: a few seconds where Lanczos takes a minute.
    """
    rank = min(dimensions, min(matrix.shape) - 1)
    if rank < 1:
        return np.eye(matrix.shape[1], dtype=np.float32)
    width = min(rank + 10, min(matrix.shape))
    start = np.random.default_rng(0).standard_normal((matrix.shape[1], width)).astype(np.float32)
    basis = np.linalg.qr(matrix @ start)[0]
    for _ in range(2):
        basis = np.linalg.qr(matrix @ (matrix.T @ basis))[0]
    # The small side's Gram matrix, in double precision, instead of an SVD of a matrix as wide as the vocabulary.
    short = np.asarray(matrix.T @ basis, dtype=np.float64)
    squares, turn = np.linalg.eigh(short.T @ short)
    kept = np.flatnonzero(squares > squares[-1] * 1e-12)[::-1][:rank]
    return np.ascontiguousarray(short @ turn[:, kept] / np.sqrt(squares[kept]), dtype=np.float32)
