"""The two linear models of answering: which unit answers, and whether anything does."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Literal

from textkit.errors import MissingArtefactError
from textkit.language import Language

FOLDER = Path(__file__).parent / "weights"
Features = Mapping[str, float]


Taught = Literal["plain", "attached", "bounded"]  # by nothing, by attached questions, by unanswered ones besides


def taught_by(*, adapted: bool, unanswered: bool) -> Taught:
    """What an index has learned from, which decides what its scores mean."""
    if not adapted:
        return "plain"
    return "bounded" if unanswered else "attached"


# What is compared: the encoder of the language and a shared space (`both`), that encoder without a shared space
# (`alone`), a lexical encoder without one, the shared space with a question in the other language (`across`).
View = Literal["both", "alone", "lexical", "across"]


def weights_file(language: Language, taught: Taught, view: View = "both") -> Path:
    """Where one set of weights is kept; a lexical encoder without weights of its own has those of `alone`."""
    named = FOLDER / f"{language}-{'' if view == 'both' else f'{view}-'}{taught}.json"
    return weights_file(language, taught, "alone") if view == "lexical" and not named.is_file() else named


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
        highest = max(logits, default=0.0)
        odds = [math.exp(logit - highest) for logit in logits]
        total = sum(odds)
        return [o / total for o in odds]

    def confidence(self, evidence: Features) -> float:
        """The probability that the documents answer the question at all."""
        logit = self.gate_bias + weigh(self.gate, evidence)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


NEVER = Weights({}, {}, -30.0, 1.0)  # for a question without a word in it


@cache
def load_weights(language: Language, taught: Taught, view: View = "both") -> Weights:
    """The weights that `frontdesk bench tune` wrote for documents in `language`."""
    file = weights_file(language, taught, view)
    try:
        return Weights(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise MissingArtefactError(f"{file.name} cannot be read ({error}).", "It belongs to the repository.") from error
