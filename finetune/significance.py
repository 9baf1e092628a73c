"""Whether a difference is more than noise: bootstrap intervals, and McNemar's exact test of two models on one set."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]
ROUNDS = 1000


@dataclasses.dataclass(frozen=True)
class McNemar:
    """Two models on the same texts; `p` is the chance of such a difference between two that are equally good."""

    only_first: int  # texts that the first alone gets right
    only_second: int
    p: float


def mcnemar(first: Sequence[bool], second: Sequence[bool]) -> McNemar:
    """The exact (binomial) two-sided test; `first` and `second` say of the same texts whether they are right."""
    from scipy.stats import binomtest

    if len(first) != len(second):
        raise ValueError(f"The two models judged {len(first)} and {len(second)} texts; they must be the same.")
    a, b = np.asarray(first, dtype=bool), np.asarray(second, dtype=bool)
    only_first, only_second = int((a & ~b).sum()), int((b & ~a).sum())
    differ = only_first + only_second
    p = float(binomtest(only_first, differ).pvalue) if differ else 1.0
    return McNemar(only_first, only_second, p)


def interval(
    measure: Callable[[Rows], float], size: int, *, level: float = 0.95, rounds: int = ROUNDS, seed: int = 0
) -> tuple[float, float]:
    """The percentile bootstrap of `measure`, which is given the numbers of the `size` rows drawn with replacement."""
    pick = np.random.default_rng(seed)
    values = [measure(pick.integers(0, size, size)) for _ in range(rounds)]
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return round(float(low), 4), round(float(high), 4)
