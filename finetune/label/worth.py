"""Which messages are most worth labelling: those the model doubts, and unlike one another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from textkit.encoders import Vectors


def most_worth(vectors: Vectors, doubt: Sequence[float] | NDArray[np.float64], count: int) -> list[int]:
    """The places of `count` messages, the worthiest first.

    Greedy: each next one has the largest product of its doubt (0 to 1) and its distance (1 - cosine) from those chosen
    already, so that ten spellings of one question are asked about once.
    """
    worth = np.asarray(doubt, dtype=np.float64)
    apart = np.ones(len(worth))
    chosen: list[int] = []
    for _ in range(min(count, len(worth))):
        product = worth * apart
        product[chosen] = -1.0
        best = int(product.argmax())
        chosen.append(best)
        apart = np.minimum(apart, np.maximum(1.0 - vectors @ vectors[best], 0.0))
    return chosen
