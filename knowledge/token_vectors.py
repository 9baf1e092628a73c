"""Every word piece of the passages and of the attached questions as a vector in context, for reading closely.

Kept at ingestion, so that a question costs one run of the encoder. The vectors are cut to their main directions and to
half precision: a quarter of a megabyte per hundred sentences instead of two.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from textkit.encoders import TokenEncoder, Vectors

DIMENSIONS = 128
FILE = "tokens.safetensors"


@dataclasses.dataclass(frozen=True)
class TokenVectors:
    """Text n has the rows `starts[n]` to `starts[n + 1]` of `rows`, shape (tokens, dimensions), float16, unit length.

    `directions`, shape (encoder's dimensions, dimensions), turns a token's vector into such a row.
    """

    rows: NDArray[np.float16]
    starts: NDArray[np.int64]
    directions: Vectors

    @classmethod
    def build(cls, texts: Sequence[str], encoder: TokenEncoder) -> tuple[TokenVectors, Vectors]:
        """The token vectors of `texts`, and their sentence vectors, which come from the same run."""
        sentences, tokens = encoder.encode_with_tokens(texts)
        lengths = [len(vectors) for _, vectors in tokens]
        every = np.concatenate([vectors for _, vectors in tokens])
        directions = _main_directions(every)
        starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        return cls(reduce(every, directions).astype(np.float16), starts, directions), sentences

    def of(self, numbers: Sequence[int]) -> Vectors:
        """The rows of the texts in `numbers`, one below the other."""
        parts = [self.rows[self.starts[n] : self.starts[n + 1]] for n in numbers]
        return np.concatenate(parts).astype(np.float32) if parts else self.rows[:0].astype(np.float32)

    def nearest(self, vectors: Vectors, numbers: Sequence[int]) -> Vectors:
        """For each row of `vectors` and each text in `numbers` the cosine of the text's nearest token."""
        near = reduce(vectors, self.directions) @ self.of(numbers).T
        places = np.array(numbers, dtype=np.int64)
        lengths = self.starts[places + 1] - self.starts[places]
        best = np.zeros((len(vectors), len(numbers)), dtype=np.float32)
        filled = lengths > 0  # a text without a token is near nothing
        if filled.any():
            begins = np.concatenate([[0], np.cumsum(lengths[filled])[:-1]])
            best[:, filled] = np.maximum.reduceat(near, begins, axis=1)
        return best

    def save(self, folder: Path) -> None:
        """Write tokens.safetensors into `folder`."""
        from safetensors.numpy import save_file

        save_file({"rows": self.rows, "starts": self.starts, "directions": self.directions}, str(folder / FILE))

    @classmethod
    def load(cls, folder: Path) -> TokenVectors:
        """Read what `save` wrote."""
        from safetensors.numpy import load_file

        return cls(**load_file(str(folder / FILE)))


def reduce(vectors: Vectors, directions: Vectors) -> Vectors:
    """`vectors` in the main directions, at unit length again."""
    short = vectors @ directions
    scaled: Vectors = short / np.maximum(np.linalg.norm(short, axis=1, keepdims=True), 1e-9)
    return scaled


def _main_directions(vectors: Vectors) -> Vectors:
    """The eigenvectors of the largest eigenvalues of the second moments; not centred, so that angles are kept."""
    _, found = np.linalg.eigh(vectors.T @ vectors)
    return np.ascontiguousarray(found[:, ::-1][:, :DIMENSIONS], dtype=np.float32)
