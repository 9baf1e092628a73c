"""The two linear models of answering: which unit answers, and whether anything does."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from textkit.errors import MissingArtefactError
from textkit.language import Language

FOLDER = Path(__file__).parent / "weights"
Features = Mapping[str, float]


def weights_file(language: Language, adapted: bool) -> Path:
    """Where one set of weights is kept."""
    return FOLDER / f"{language}-{'attached' if adapted else 'plain'}.json"


def weigh(weights: Features, features: Features) -> float:
    """The weighted sum; a feature that is absent counts as 0."""
    return sum(weight * features.get(name, 0.0) for name, weight in weights.items())


@dataclasses.dataclass(frozen=True)
class Weights:
    """`unit` ranks sentences and rows, `gate` judges the answer; below `threshold` the bot says it does not know."""

    unit: Features
    gate: Features
    gate_bias: float
    threshold: float

    def shares(self, candidates: Sequence[Features]) -> list[float]:
        """For each candidate the probability that it is the one that answers; they sum to 1."""
        logits = [weigh(self.unit, features) for features in candidates]
        odds = [math.exp(logit - max(logits)) for logit in logits]
        return [o / sum(odds) for o in odds]

    def confidence(self, evidence: Features) -> float:
        """The probability that the documents answer the question at all."""
        logit = self.gate_bias + weigh(self.gate, evidence)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


@cache
def load_weights(language: Language, adapted: bool) -> Weights:
    """The weights that `frontdesk bench tune` wrote for `language`.

    There are two sets: for an index whose encoder is adapted to attached questions, and for one without.
    """
    file = weights_file(language, adapted)
    try:
        return Weights(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise MissingArtefactError(f"{file.name} cannot be read ({error}).", "It belongs to the repository.") from error
