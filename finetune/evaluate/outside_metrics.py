"""How well a score tells what is out of scope: the higher the score, the further outside."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.floating]
ROWS = 11


@dataclasses.dataclass(frozen=True)
class Threshold:
    """What a limit does: texts whose score reaches it are refused."""

    threshold: float
    accepted_wrongly: float  # share of what is outside
    refused_wrongly: float  # share of what is inside
    cost: float


def auroc(inside: Scores, outside: Scores) -> float:
    """The chance that a text outside scores above one inside; ties count half."""
    from scipy.stats import rankdata

    ranks = rankdata(np.concatenate([outside, inside]))[: len(outside)]
    above = ranks.sum() - len(outside) * (len(outside) + 1) / 2
    return float(above / (len(outside) * len(inside)))


def aupr(inside: Scores, outside: Scores) -> float:
    """Average precision with what is outside as the positive class; its chance level is its share of the texts."""
    from sklearn.metrics import average_precision_score

    labels = np.concatenate([np.zeros(len(inside)), np.ones(len(outside))])
    return float(average_precision_score(labels, np.concatenate([inside, outside])))


def accepted_at(inside: Scores, outside: Scores, kept: float = 0.95) -> float:
    """FPR95: the share of what is outside that passes when the limit lets `kept` of what is inside pass."""
    limit = np.quantile(inside, kept, method="higher")
    return float((outside <= limit).mean())


def refused_at(inside: Scores, outside: Scores, caught: float = 0.95) -> float:
    """The other way: the share of what is inside that is refused when the limit catches `caught` of what is outside."""
    limit = np.quantile(outside, 1 - caught, method="lower")
    return float((inside >= limit).mean())


def at_threshold(inside: Scores, outside: Scores, threshold: float, wrong_accept_cost: float) -> Threshold:
    """Accepting a text that is outside costs `wrong_accept_cost` times as much as refusing one that is inside.

    Both sides weigh alike, however many texts each has: how many customers ask for what is outside is not known here.
    """
    accepted, refused = float((outside < threshold).mean()), float((inside >= threshold).mean())
    cost = wrong_accept_cost * accepted + refused
    return Threshold(float(threshold), round(accepted, 4), round(refused, 4), round(cost, 4))


def threshold_table(inside: Scores, outside: Scores, wrong_accept_cost: float, rows: int = ROWS) -> list[Threshold]:
    """Limits that refuse from nothing to a fifth of what is inside."""
    limits = np.unique(np.quantile(inside, 1 - np.linspace(0.005, 0.2, rows), method="higher"))
    return [at_threshold(inside, outside, float(limit), wrong_accept_cost) for limit in limits[::-1]]


def cheapest(inside: Scores, outside: Scores, wrong_accept_cost: float) -> float:
    """The limit with the least cost on these scores, midway between two of them."""
    scores = np.unique(np.concatenate([inside, outside]))
    limits = np.concatenate([[scores[0]], (scores[1:] + scores[:-1]) / 2, [np.nextafter(scores[-1], np.inf)]])
    accepted = np.searchsorted(np.sort(outside), limits) / len(outside)
    refused = 1 - np.searchsorted(np.sort(inside), limits) / len(inside)
    return float(limits[int(np.argmin(wrong_accept_cost * accepted + refused))])


def figures(inside: Sequence[float] | Scores, outside: Sequence[float] | Scores) -> dict[str, float]:
    """What does not depend on a threshold, by the field's keys."""
    within, without = np.asarray(inside, dtype=np.float64), np.asarray(outside, dtype=np.float64)
    return {
        "auroc": round(auroc(within, without), 4),
        "aupr": round(aupr(within, without), 4),
        "fpr95": round(accepted_at(within, without), 4),
        "refused_at_95": round(refused_at(within, without), 4),
    }
