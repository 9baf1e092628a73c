"""Random draws. Every stream has a name, so that a change to one customer or topic leaves the others as they were."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def stream(seed: int, *name: object) -> random.Random:
    """The stream of random numbers of this name."""
    return random.Random("/".join(map(str, (seed, *name))))


def happens(rng: random.Random, probability: float) -> bool:
    """True with this probability."""
    return rng.random() < probability


def poisson(rng: random.Random, mean: float) -> int:
    """A Poisson count."""
    limit, count, product = math.exp(-mean), 0, rng.random()
    while product > limit:
        count += 1
        product *= rng.random()
    return count


def pick(rng: random.Random, options: Sequence[T], weight: Callable[[T], float]) -> T:
    """One option, drawn in proportion to its weight."""
    return rng.choices(options, [weight(option) for option in options])[0]


def token(rng: random.Random, prefix: str, length: int = 6) -> str:
    """A made-up id such as phone-3f9a1c."""
    return f"{prefix}-" + "".join(rng.choice("0123456789abcdef") for _ in range(length))
