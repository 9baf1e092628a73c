"""Whether customers still write what the understanding was taught: their last messages beside what it learned from.

What is compared: the mix of languages and of intents (population stability index), the share that is out of scope
(Fisher's exact test), confidence (Kolmogorov and Smirnov), and where the messages lie among the known ones: the share
that is stranger than all but few of the known are to each other, and the energy distance (Székely and Rizzo 2004) with
the probability that chance alone makes one as large.

Examples are never a fair sample of a week's messages, and with many messages any difference is certain; so a verdict
goes by how large a difference is, and a test only keeps it from resting on a handful.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from textkit.encoders import Vectors
from textkit.errors import FrontdeskError

FEWEST = 20  # messages, below which nothing can be said
STABLE, MOVED, FAR = "stable", "moved", "moved far"
ORDER = (STABLE, MOVED, FAR)
# Where a difference begins to count, and where it is large. The first two rows are the customary limits of the index.
LIMITS = {
    "languages": (0.1, 0.25),
    "intents": (0.1, 0.25),
    "outside": (0.05, 0.15),  # share of messages
    "confidence": (0.1, 0.25),  # largest gap between the two distributions
    "strange": (0.1, 0.2),  # share of messages; among the known it is STRANGE
}
CERTAIN = 0.01
STRANGE = 0.05
COMPARED = 400  # messages of each side in the energy distance
PERMUTATIONS = 300
ADVICE = {
    "languages": "customers write in other languages than the examples do",
    "intents": "customers ask for other things than before",
    "outside": "more of the messages belong to no intent",
    "confidence": "the model is less sure, or surer, than of its examples",
    "strange": "many messages are unlike everything that the model knows",
}


@dataclasses.dataclass(frozen=True)
class ReadMessage:
    """A message as the model in service reads it; `outside` is the chance that it belongs to no intent."""

    text: str
    language: str
    intent: str
    confidence: float
    outside: float
    limit: float  # from which on `outside` keeps it from its intent

    @property
    def is_outside(self) -> bool:
        """Whether it belongs to no intent."""
        return self.outside >= self.limit


def compare(
    recent: Sequence[ReadMessage],
    known: Sequence[ReadMessage],
    recent_vectors: Mapping[str, Vectors],
    known_vectors: Mapping[str, Vectors],
    seed: int = 0,
) -> dict[str, Any]:
    """Every measure with its verdict, and one over all; vectors are given by language, in the order of the messages."""
    for side, name in ((recent, "The last messages"), (known, "What the model knows")):
        if len(side) < FEWEST:
            raise FrontdeskError(f"{name} are {len(side)}; {FEWEST} are the least.", "Take more days (--days).")
    places = {
        language: _places(recent_vectors[language], known_vectors[language], seed)
        for language in recent_vectors
        if language in known_vectors and min(len(recent_vectors[language]), len(known_vectors[language])) >= FEWEST
    }
    measures = {
        "languages": _mix([m.language for m in recent], [m.language for m in known]),
        "intents": _mix([m.intent for m in recent], [m.intent for m in known]),
        "outside": _shares([m.is_outside for m in recent], [m.is_outside for m in known]),
        "confidence": _distributions([m.confidence for m in recent], [m.confidence for m in known]),
    }
    if places:
        counts = {language: len(recent_vectors[language]) for language in places}
        strange = sum(places[name]["strange"] * count for name, count in counts.items()) / sum(counts.values())
        measures["strange"] = {"recent": round(strange, 4), "known": STRANGE, "size": round(strange, 4), "p": None}
    for name, measure in measures.items():
        measure["verdict"] = _verdict(name, measure["size"], measure["p"])
    worst = max((m["verdict"] for m in measures.values()), key=ORDER.index)
    reasons = [ADVICE[name] for name, m in measures.items() if m["verdict"] == worst] if worst != STABLE else []
    return {
        "messages": len(recent),
        "known": len(known),
        "verdict": worst,
        "reasons": reasons,
        "measures": measures,
        "places": places,
    }


def stability_index(recent: Mapping[str, int], known: Mapping[str, int]) -> float:
    """The population stability index of two counts; what one side lacks counts as half a message there."""
    names = sorted(recent.keys() | known.keys())
    shares = [np.array([max(side.get(name, 0), 0.5) for name in names], dtype=float) for side in (recent, known)]
    new, old = (share / share.sum() for share in shares)
    return float(((new - old) * np.log(new / old)).sum())


def energy_distance(first: Vectors, second: Vectors, seed: int = 0) -> tuple[float, float]:
    """The distance of two samples, and the share of random divisions of both that are as far apart or farther."""
    pick = np.random.default_rng(seed)
    first, second = (_sample(side, COMPARED, pick) for side in (first, second))
    both = np.vstack([first, second]).astype(np.float64)
    squares = (both**2).sum(axis=1)
    apart = np.sqrt(np.maximum(squares[:, None] + squares - 2 * both @ both.T, 0.0))

    def distance(chosen: NDArray[np.bool_]) -> float:
        across, within = apart[chosen][:, ~chosen].mean(), apart[chosen][:, chosen].mean()
        return float(2 * across - within - apart[~chosen][:, ~chosen].mean())

    chosen = np.arange(len(both)) < len(first)
    found = distance(chosen)
    further = sum(distance(pick.permutation(chosen)) >= found for _ in range(PERMUTATIONS))
    return found, (further + 1) / (PERMUTATIONS + 1)


def _places(recent: Vectors, known: Vectors, seed: int) -> dict[str, float]:
    pick = np.random.default_rng(seed)
    sample = pick.permutation(len(known))[:COMPARED]
    alike = known[sample] @ known.T
    alike[np.arange(len(sample)), sample] = -1.0  # each with the others
    usual = float(np.quantile(alike.max(axis=1), STRANGE))
    nearest = (recent @ known.T).max(axis=1)
    distance, chance = energy_distance(recent, known, seed)
    return {
        "messages": len(recent),
        "strange": round(float((nearest < usual).mean()), 4),
        "energy": round(distance, 4),
        "p": round(chance, 4),
    }


def _mix(recent: Sequence[str], known: Sequence[str]) -> dict[str, Any]:
    new, old = Counter(recent), Counter(known)
    names = sorted(new | old, key=lambda name: -abs(new[name] / len(recent) - old[name] / len(known)))
    return {
        "size": round(stability_index(new, old), 4),
        "p": None,
        "recent": {name: round(new[name] / len(recent), 4) for name in names},
        "known": {name: round(old[name] / len(known), 4) for name in names},
    }


def _shares(recent: Sequence[bool], known: Sequence[bool]) -> dict[str, Any]:
    table = [[sum(side), len(side) - sum(side)] for side in (recent, known)]
    new, old = (sum(side) / len(side) for side in (recent, known))
    chance = float(stats.fisher_exact(table)[1])
    return {"size": round(abs(new - old), 4), "p": round(chance, 6), "recent": round(new, 4), "known": round(old, 4)}


def _distributions(recent: Sequence[float], known: Sequence[float]) -> dict[str, Any]:
    found = stats.ks_2samp(recent, known)
    new, old = float(np.median(recent)), float(np.median(known))
    chance = round(float(found.pvalue), 6)
    return {"size": round(float(found.statistic), 4), "p": chance, "recent": round(new, 4), "known": round(old, 4)}


def _verdict(name: str, size: float, chance: float | None) -> str:
    if chance is not None and chance > CERTAIN:
        return STABLE
    return ORDER[sum(size >= limit for limit in LIMITS[name])]


def _sample(rows: Vectors, most: int, pick: np.random.Generator) -> Vectors:
    return rows[np.sort(pick.permutation(len(rows))[:most])]
