"""Which messages are most worth a person's label: those that the model is unsure of, and not all of one kind."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from textkit.encoders import Vectors


def rank_by_worth(vectors: Vectors, unsure: Sequence[float], known: Vectors, most: int) -> list[int]:
    """The places of the `most` messages to label, best first.

    Farthest-first (Gonzalez 1985), weighed by uncertainty: each next one has the greatest product of what the model
    does not know of it and its distance to the training examples and to those chosen before it. `vectors` and `known`
    are unit vectors, `unsure` lies between 0 and 1.
    """
    weights = np.asarray(unsure, dtype=np.float32)
    nearest = (vectors @ known.T).max(axis=1) if len(known) else np.full(len(vectors), -1.0, dtype=np.float32)
    distance = 1.0 - nearest
    chosen: list[int] = []
    for _ in range(min(most, len(vectors))):
        worth = weights * distance
        worth[chosen] = -1.0
        best = int(worth.argmax())
        chosen.append(best)
        distance = np.minimum(distance, 1.0 - vectors @ vectors[best])
    return chosen
