"""The two linear models of answering: which unit answers, and whether anything does."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from textkit.errors import MissingArtefactError
from textkit.language import Language

FOLDER = Path(__file__).parent / "weights"


@dataclasses.dataclass(frozen=True)
class Logistic:
    """A logistic model over named features; a feature that is absent counts as 0."""

    bias: float
    weights: Mapping[str, float]

    def probability(self, features: Mapping[str, float]) -> float:
        """Between 0 and 1."""
        logit = self.bias + sum(w * features.get(name, 0.0) for name, w in self.weights.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


@dataclasses.dataclass(frozen=True)
class Weights:
    """`unit` scores a sentence or row, `gate` the answer as a whole; below `threshold` the bot says it does not know."""

    unit: Logistic
    gate: Logistic
    threshold: float


@cache
def load_weights(language: Language) -> Weights:
    """The weights that `frontdesk bench questions --tune` wrote for `language`."""
    file = FOLDER / f"{language}.json"
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise MissingArtefactError(f"{file} cannot be read ({error}).", "It belongs to the repository.") from error
    return Weights(Logistic(**data["unit"]), Logistic(**data["gate"]), float(data["threshold"]))
