"""An encoder fitted to one library by its attached questions.

A frozen encoder knows no shop's words: that "send it back" is a return, 退钱 a 退款. The questions that editors
attached to sentences say so. One square matrix over the frozen vectors is learned from them, so that a question comes
close to its sentence, its section and its sister questions, and stays away from all others (InfoNCE, Adam; numpy;
seconds).
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from textkit.encoders import Encoder, Vectors

# Chosen on the development questions among temperatures .03 to .1, 100 to 400 steps and pulls .003 and .03.
TEMPERATURE = {"en": 0.05, "zh": 0.1}
STEPS = 200
BATCH = 512
UNANSWERED = 256  # in a batch, as wrong targets of every question
LEARNING_RATE = 1e-3
PULL_TO_IDENTITY = 3e-3
ENOUGH_QUESTIONS = 200  # with fewer there is nothing to learn from


@dataclasses.dataclass(frozen=True)
class AdaptedEncoder:
    """Vectors of `first` beside those of `second` (weighed), times `matrix`, at unit length."""

    first: Encoder
    second: Encoder | None
    matrix: Vectors
    second_weight: float = 0.5

    @property
    def digest(self) -> str:
        """Of the matrix and the encoders under it."""
        total = hashlib.sha256(self.matrix.tobytes())
        total.update(self.first.digest.encode())
        total.update(self.second.digest.encode() if self.second else b"")
        return total.hexdigest()

    @property
    def dimensions(self) -> int:
        """Of the vectors that come out."""
        return int(self.matrix.shape[1])

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, shape (n, dimensions)."""
        return self.adapt(self.first.encode(texts), texts)

    def adapt(self, vectors: Vectors, texts: Sequence[str]) -> Vectors:
        """What `encode` gives, from the vectors that `first` has for `texts`."""
        return unit_length(join(vectors, self.second, texts, self.second_weight) @ self.matrix)

    def save(self, folder: Path) -> None:
        """Write adapter.safetensors; the encoders are kept by others."""
        from safetensors.numpy import save_file

        save_file({"matrix": self.matrix}, str(folder / "adapter.safetensors"))

    @classmethod
    def load(cls, folder: Path, first: Encoder, second: Encoder | None) -> AdaptedEncoder:
        """Read what `save` wrote."""
        from safetensors.numpy import load_file

        return cls(first, second, load_file(str(folder / "adapter.safetensors"))["matrix"])


def join(vectors: Vectors, second: Encoder | None, texts: Sequence[str], weight: float = 0.5) -> Vectors:
    """The vectors of a first encoder beside those of a second one, at unit length."""
    return vectors if second is None else unit_length(np.hstack([vectors, weight * second.encode(texts)]))


def unit_length(vectors: Vectors) -> Vectors:
    """Every row divided by its length."""
    scaled: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return scaled


@dataclasses.dataclass(frozen=True)
class Examples:
    """Frozen vectors to learn from; `unit_of[i]` is the unit of question i, `passage_of[u]` the passage of unit u."""

    questions: Vectors
    units: Vectors
    passages: Vectors
    unit_of: NDArray[np.int64]
    passage_of: NDArray[np.int64]
    unanswered: Vectors  # questions that must come close to nothing


def fit_matrix(examples: Examples, temperature: float, seed: int = 0, steps: int = STEPS) -> Vectors:
    """Learn the matrix, shape (dimensions, dimensions); deterministic for one machine and seed."""
    size = examples.questions.shape[1]
    identity = np.eye(size, dtype=np.float32)
    matrix: Vectors = identity.copy()
    mean: Vectors = np.zeros_like(identity)
    square: Vectors = np.zeros_like(identity)
    pick = np.random.default_rng(seed)
    sisters = _Sisters(examples)
    for step in range(1, steps + 1):
        anchors, targets = sisters.pairs(pick)
        if len(examples.unanswered):
            targets = np.vstack([targets, examples.unanswered[pick.choice(len(examples.unanswered), UNANSWERED)]])
        slope = _slope(matrix, anchors, targets, temperature) + PULL_TO_IDENTITY * (matrix - identity)
        mean += np.float32(0.1) * (slope - mean)
        square += np.float32(0.001) * (slope * slope - square)
        move = (mean / np.float32(1 - 0.9**step)) / (np.sqrt(square / np.float32(1 - 0.999**step)) + np.float32(1e-8))
        matrix -= np.float32(LEARNING_RATE) * move
    return matrix


class _Sisters:
    """The questions in the order of their units, to draw from."""

    def __init__(self, examples: Examples) -> None:
        self._examples = examples
        self._order = np.argsort(examples.unit_of, kind="stable")
        self._units, self._starts, self._counts = np.unique(
            examples.unit_of[self._order], return_index=True, return_counts=True
        )

    def pairs(self, pick: np.random.Generator) -> tuple[Vectors, Vectors]:
        """Of each unit drawn a question, with a sister question (half of the time), the unit itself or its section."""
        chosen = pick.choice(len(self._units), min(BATCH, len(self._units)), replace=False)
        units, starts, counts = self._units[chosen], self._starts[chosen], self._counts[chosen]
        first = pick.integers(counts)
        second = (first + 1 + pick.integers(np.maximum(counts - 1, 1))) % counts
        examples = self._examples
        targets = np.where(
            (pick.random(len(chosen)) < 0.7)[:, None],
            examples.units[units],
            examples.passages[examples.passage_of[units]],
        )
        sister = (counts > 1) & (pick.random(len(chosen)) < 0.5)
        targets[sister] = examples.questions[self._order[(starts + second)[sister]]]
        return examples.questions[self._order[starts + first]], targets


def _slope(matrix: Vectors, anchors: Vectors, targets: Vectors, temperature: float) -> Vectors:
    """The gradient of InfoNCE over the batch: target n is that of anchor n, every other one a negative."""
    left, right = anchors @ matrix, targets @ matrix
    left_length = np.linalg.norm(left, axis=1, keepdims=True) + np.float32(1e-9)
    right_length = np.linalg.norm(right, axis=1, keepdims=True) + np.float32(1e-9)
    left, right = left / left_length, right / right_length
    logits = left @ right.T / np.float32(temperature)
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    error = odds / odds.sum(axis=1, keepdims=True)
    error[np.arange(len(anchors)), np.arange(len(anchors))] -= 1
    error /= np.float32(temperature * len(anchors))
    to_left, to_right = error @ right, error.T @ left
    to_left = (to_left - left * (to_left * left).sum(axis=1, keepdims=True)) / left_length
    to_right = (to_right - right * (to_right * right).sum(axis=1, keepdims=True)) / right_length
    slope: Vectors = anchors.T @ to_left + targets.T @ to_right
    return slope
