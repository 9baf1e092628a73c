"""A seeded share of each label's examples held out, for files that come without development examples."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from finetune.examples import Example

SHARE = 0.1


def stratified(examples: Sequence[Example], seed: int = 0, share: float = SHARE) -> tuple[list[Example], list[Example]]:
    """The examples to learn from and those held out: `share` of each label's, at least one."""
    pick = np.random.default_rng(seed)
    places: dict[str, list[int]] = defaultdict(list)
    for n, example in enumerate(examples):
        places[example.label].append(n)
    held: set[int] = set()
    for label in sorted(places):
        count = max(1, round(len(places[label]) * share))
        held.update(int(n) for n in pick.choice(places[label], count, replace=False))
    kept = [example for n, example in enumerate(examples) if n not in held]
    return kept, [examples[n] for n in sorted(held)]
