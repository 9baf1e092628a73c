"""Figures of a classifier: accuracy, F1 by intent, and whether its probabilities are honest."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

BINS = 15
Shares = NDArray[np.float32]  # probabilities, shape (texts, labels)


@dataclasses.dataclass(frozen=True)
class IntentFigures:
    """How one label fares; `support` is the number of its texts."""

    label: str
    precision: float
    recall: float
    f1: float
    support: int


@dataclasses.dataclass(frozen=True)
class Bin:
    """The texts that were answered with a confidence in (low, high]."""

    low: float
    high: float
    count: int
    confidence: float  # their mean
    accuracy: float


@dataclasses.dataclass(frozen=True)
class Calibration:
    """`ece`: the mean distance of confidence and accuracy over `bins` of equal width; nll in nats; brier in 0 to 2."""

    ece: float
    nll: float
    brier: float
    bins: tuple[Bin, ...]


def accuracy(gold: Sequence[str], found: Sequence[str]) -> float:
    """The share of right ones."""
    return float(np.mean([a == b for a, b in zip(gold, found, strict=True)]))


def by_intent(gold: Sequence[str], found: Sequence[str]) -> list[IntentFigures]:
    """Of every label of `gold`, by name."""
    right = Counter(a for a, b in zip(gold, found, strict=True) if a == b)
    there, said = Counter(gold), Counter(found)
    figures = []
    for label in sorted(there):
        precision, recall = right[label] / max(said[label], 1), right[label] / there[label]
        f1 = 2 * right[label] / (there[label] + said[label])
        figures.append(IntentFigures(label, round(precision, 4), round(recall, 4), round(f1, 4), there[label]))
    return figures


def macro_f1(gold: Sequence[str], found: Sequence[str]) -> float:
    """The mean F1 of the labels that occur in `gold`."""
    return float(np.mean([row.f1 for row in by_intent(gold, found)]))


def calibration(shares: Shares, right: NDArray[np.int64], bins: int = BINS) -> Calibration:
    """How honest `shares` are; `right` has the column of the true label (-1: one that the model does not know)."""
    confidence, chosen = shares.max(axis=1), shares.argmax(axis=1)
    hits = chosen == right
    known = right >= 0
    own = np.where(known, shares[np.arange(len(right)), np.maximum(right, 0)], 0.0)
    rows, distance = [], 0.0
    for low, high in zip(np.linspace(0, 1, bins + 1)[:-1], np.linspace(0, 1, bins + 1)[1:], strict=True):
        inside = (confidence > low) & (confidence <= high)
        count = int(inside.sum())
        mean, share = (float(confidence[inside].mean()), float(hits[inside].mean())) if count else (0.0, 0.0)
        distance += count / len(right) * abs(mean - share)
        rows.append(Bin(round(float(low), 4), round(float(high), 4), count, round(mean, 4), round(share, 4)))
    brier = (shares**2).sum(axis=1) - 2 * own + 1
    nll = -np.log(np.maximum(own, 1e-12))
    return Calibration(round(distance, 4), round(float(nll.mean()), 4), round(float(brier.mean()), 4), tuple(rows))


def confusions(gold: Sequence[str], found: Sequence[str], most: int = 15) -> list[tuple[str, str, int]]:
    """The most frequent mistakes: true label, label given, how often."""
    wrong = Counter((a, b) for a, b in zip(gold, found, strict=True) if a != b)
    return [(a, b, count) for (a, b), count in sorted(wrong.items(), key=lambda row: (-row[1], row[0]))[:most]]
