"""The order in which examples are seen: labels side by side for the contrast, alike lengths together for the speed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from torch.utils.data import Sampler

POOL = 50  # batches whose examples are sorted by length together
JITTER = 0.2  # of a length while its like is looked for, so that no two examples always meet


class GroupedSampler(Sampler[int]):
    """The numbers of all examples in an order of each epoch's own.

    `together` examples of a label and of alike length stand side by side, so that a batch has several of each of its
    labels; among groups that chance has put near each other, those of alike length share a batch, since a batch takes
    as long as its longest text. `epoch` tells which epoch begins.
    """

    def __init__(
        self,
        labels: Sequence[int],
        lengths: Sequence[int],
        *,
        together: int,
        batch: int,
        seed: int,
        epoch: Callable[[], int],
    ) -> None:
        self._labels = np.asarray(labels)
        self._lengths = np.asarray(lengths)
        self._together, self._batch, self._seed, self._epoch = together, batch, seed, epoch

    def __len__(self) -> int:
        return len(self._labels)

    def __iter__(self) -> Iterator[int]:
        pick = np.random.default_rng([self._seed, self._epoch()])
        groups = []
        for label in np.unique(self._labels):
            places = np.flatnonzero(self._labels == label)
            near = self._lengths[places] * pick.uniform(1 - JITTER, 1 + JITTER, len(places))
            places = places[np.argsort(near)]
            groups += [places[n : n + self._together] for n in range(0, len(places), self._together)]
        order = pick.permutation(len(groups))
        per_pool = max(1, POOL * self._batch // self._together)
        pools = [order[n : n + per_pool] for n in range(0, len(order), per_pool)]
        sorted_groups = [
            groups[n] for pool in pools for n in sorted(pool, key=lambda n: -self._lengths[groups[n]].max())
        ]
        rows = np.concatenate(sorted_groups)
        full = len(rows) // self._batch
        batches = [rows[n * self._batch : (n + 1) * self._batch] for n in range(full)]
        batches = [batches[n] for n in pick.permutation(full)]
        yield from (int(n) for batch in [*batches, rows[full * self._batch :]] for n in batch)
