"""How a training runs. What is None is chosen by the amount of data: a few examples per label want another way."""

from __future__ import annotations

import dataclasses
from typing import Any

from textkit.errors import FrontdeskError

DEFAULT_BASE = "sentence-transformers/all-MiniLM-L6-v2"
FEW = 20  # examples per label (the median) up to which the few-shot way is taken


@dataclasses.dataclass(frozen=True)
class TrainSettings:
    """The settings of one training; `filled` gives the numbers for what was left open."""

    epochs: int | None = None
    batch: int | None = None
    learning_rate: float | None = None
    accumulate: int = 1  # batches per step of the optimiser
    warm_up: float = 0.1  # share of the steps
    weight_decay: float = 0.01
    layer_decay: float | None = None  # what the rate of a layer is of that above it
    smoothing: float | None = None  # of the labels
    contrast: float | None = None  # what the supervised contrast counts beside the cross-entropy
    views: int | None = None  # of a text in a batch, each with a dropout of its own
    together: int | None = None  # examples of one label that stand side by side in a batch
    of_base: float | None = None  # share of the base in the weights at the end (Wortsman et al. 2022)
    patience: int = 3  # looks at the development examples without a gain before it stops
    negatives: int = 4  # of a query, besides its positive; for a reranker
    layers: int | None = None  # kept of the base; all by default
    names: bool | None = None  # whether a label's name is one more example of it
    teacher: str | None = None  # folder of a larger model whose vectors the smaller one should give
    precision: str | None = None  # int8 or float32; without it int8 where that answers as full precision does
    seed: int = 0
    few_shot: bool | None = None
    resume: bool = False
    tensorboard: bool = False

    def __post_init__(self) -> None:
        """Refuse numbers that no training can have."""
        for name in (
            "epochs",
            "batch",
            "learning_rate",
            "accumulate",
            "views",
            "together",
            "patience",
            "negatives",
            "layers",
        ):
            value = getattr(self, name)
            if value is not None and not value > 0:
                raise FrontdeskError(f"{name} must be greater than 0, got {value}.")

    def filled(self, few: bool, **others: Any) -> TrainSettings:
        """With the defaults for few or many examples where nothing was chosen; `others` go before these."""
        defaults = {**(FEW_SHOT if few else FULL), **others}
        chosen = {name: value for name, value in defaults.items() if getattr(self, name) is None}
        return dataclasses.replace(self, few_shot=few, **chosen)


# Of these only of_base was compared with another value (.25), on MASSIVE's validation; see docs/benchmarks.md.
FULL: dict[str, Any] = {
    "epochs": 8,
    "batch": 64,
    "learning_rate": 1e-4,
    "layer_decay": 0.8,
    "smoothing": 0.1,
    "contrast": 1.0,
    "views": 1,
    "together": 2,
    "names": False,
    "of_base": 0.0,
}
PAIRS: dict[str, Any] = {"epochs": 4, "batch": 64, "learning_rate": 5e-5, "layer_decay": 1.0}
FEW_SHOT: dict[str, Any] = {
    "epochs": 10,
    "batch": 64,
    "learning_rate": 1e-4,
    "layer_decay": 0.8,
    "smoothing": 0.1,
    "contrast": 1.0,
    "views": 2,
    "together": 4,
    "names": True,
    "of_base": 0.25,
}
