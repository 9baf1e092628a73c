"""Linear classifiers over vectors: multinomial logistic regression, kept as numbers and names."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from textkit.errors import FrontdeskError

LEAST_TOLERANCE = 1e-7
Rows: TypeAlias = NDArray[np.float32] | sparse.csr_matrix


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Row by row."""
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: NDArray[np.float32] = odds / odds.sum(axis=1, keepdims=True)
    return shares


@dataclasses.dataclass(frozen=True)
class LinearHead:
    """softmax(vectors @ weights + bias); `weights` has shape (dimensions, labels)."""

    labels: tuple[str, ...]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    @classmethod
    def fit(cls, vectors: Rows, labels: Sequence[str], strength: float = 20.0) -> LinearHead:
        """Fit on one label per row; classes weigh alike. `strength` is the inverse of the regularisation."""
        from sklearn.linear_model import LogisticRegression

        names = sorted(set(labels))
        if len(names) < 2:
            raise FrontdeskError(f"A classifier needs two labels or more, got {names}.", "Add examples.")
        model = LogisticRegression(C=strength, class_weight="balanced", max_iter=300, tol=1e-3)
        model.fit(vectors, list(labels))
        while not model.n_iter_.any() and model.tol > LEAST_TOLERANCE:
            # Of many labels each gradient is small from the start, and the fit ended where it began.
            model.set_params(tol=model.tol / 10).fit(vectors, list(labels))
        weights, bias = model.coef_, model.intercept_
        if len(names) == 2:  # scikit-learn keeps one row for two classes
            weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
        return cls(tuple(model.classes_), weights.T.astype(np.float32), bias.astype(np.float32))

    def logits(self, vectors: Rows) -> NDArray[np.float32]:
        """What the softmax is taken of: one row per vector, one column per label."""
        return np.asarray(vectors @ self.weights + self.bias, dtype=np.float32)

    def probabilities(self, vectors: Rows) -> NDArray[np.float32]:
        """One row per vector, one column per label; rows sum to 1."""
        return softmax(self.logits(vectors))

    def times(self, factor: float) -> LinearHead:
        """The head whose logits are `factor` times as large."""
        return LinearHead(self.labels, self.weights * np.float32(factor), self.bias * np.float32(factor))

    def save(self, folder: Path) -> None:
        """Write head.json and head.safetensors into `folder`."""
        from safetensors.numpy import save_file

        (folder / "head.json").write_text(json.dumps(self.labels, ensure_ascii=False), encoding="utf-8")
        save_file({"weights": np.ascontiguousarray(self.weights), "bias": self.bias}, str(folder / "head.safetensors"))

    @classmethod
    def load(cls, folder: Path) -> LinearHead:
        """Read what `save` wrote."""
        from safetensors.numpy import load_file

        labels = tuple(json.loads((folder / "head.json").read_text(encoding="utf-8")))
        tensors = load_file(str(folder / "head.safetensors"))
        return cls(labels, tensors["weights"], tensors["bias"])


@dataclasses.dataclass(frozen=True)
class TwoHeads:
    """Heads of two views of the same texts, their logits added; `weight` is what the second one's count.

    Each is fitted by itself: of a single head over both views the view with more dimensions would take all.
    """

    first: LinearHead
    second: LinearHead
    weight: float

    @property
    def labels(self) -> tuple[str, ...]:
        """In the order of the columns."""
        return self.first.labels

    def logits(self, first: Rows, second: Rows) -> NDArray[np.float32]:
        """One row per text, one column per label."""
        total: NDArray[np.float32] = self.first.logits(first) + np.float32(self.weight) * self.second.logits(second)
        return total

    def save(self, folder: Path) -> None:
        """Write a folder of its own for each head into `folder`."""
        for name, head in (("first", self.first), ("second", self.second)):
            (folder / name).mkdir()
            head.save(folder / name)
        (folder / "heads.json").write_text(json.dumps({"weight": self.weight}), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> TwoHeads:
        """Read what `save` wrote."""
        weight = json.loads((folder / "heads.json").read_text(encoding="utf-8"))["weight"]
        return cls(LinearHead.load(folder / "first"), LinearHead.load(folder / "second"), weight)
