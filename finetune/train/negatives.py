"""Hard negatives: passages that the base takes for an answer, and that answer another question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from finetune.examples import Pair
from textkit.encoders import Encoder

MARGIN = 0.95  # of the positive's cosine: what lies nearer may well be an answer that nobody marked


def mine(pairs: Sequence[Pair], encoder: Encoder, count: int) -> list[list[str]]:
    """For each pair up to `count` negatives, its own first; the others by `encoder` among all pairs' positives.

    A pair without a positive gets one more, so that all lists are equally long.

    No positive of the same query, wherever it stands, is a negative of it.
    """
    wanted = [count if pair.positive else count + 1 for pair in pairs]
    short = [pair for pair, number in zip(pairs, wanted, strict=True) if len(pair.negatives) < number]
    more = iter(_alike(pairs, short, encoder) if short else ())
    return [
        list(dict.fromkeys([*pair.negatives, *(next(more) if len(pair.negatives) < number else ())]))[:number]
        for pair, number in zip(pairs, wanted, strict=True)
    ]


def _alike(pairs: Sequence[Pair], short: Sequence[Pair], encoder: Encoder) -> Iterator[list[str]]:
    """For each pair of `short` the positives of other pairs, the most alike first."""
    passages = list(dict.fromkeys(p.positive for p in pairs if p.positive))
    places = {passage: n for n, passage in enumerate(passages)}
    own: dict[str, set[int]] = defaultdict(set)
    for pair in pairs:
        own[pair.query] |= {places[pair.positive]} if pair.positive else set()
    vectors = encoder.encode(passages)
    for pair, query in zip(short, encoder.encode([pair.query for pair in short]), strict=True):
        row = vectors @ query
        limit = MARGIN * row[places[pair.positive]] if pair.positive else np.inf
        others = [n for n in np.argsort(-row) if n not in own[pair.query]]
        near = sum(row[n] >= limit for n in others)  # perhaps answers: the least alike of them, where others lack
        yield [passages[n] for n in others[near:] + others[:near][::-1]]


def split_pairs(pairs: Sequence[Pair], seed: int, share: float = 0.1) -> tuple[list[Pair], list[Pair]]:
    """The pairs to learn from and those held out, by query: none is on both sides."""
    queries = sorted({pair.query for pair in pairs})
    count = max(1, round(len(queries) * share))
    held = set(np.random.default_rng(seed).choice(queries, count, replace=False).tolist())
    return [p for p in pairs if p.query not in held], [p for p in pairs if p.query in held]


def found_first(cosines: np.ndarray[tuple[int, int], np.dtype[np.float32]], pairs: Sequence[Pair]) -> list[bool]:
    """Of each query whether a positive of it stands first; rows and columns as `queries_and_passages` orders them."""
    queries, passages = queries_and_passages(pairs)
    wanted: dict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        wanted[pair.query].add(pair.positive)
    return [passages[int(row.argmax())] in wanted[query] for query, row in zip(queries, cosines, strict=True)]


def queries_and_passages(pairs: Sequence[Pair]) -> tuple[list[str], list[str]]:
    """Each once, in the order of the file."""
    return list(dict.fromkeys(p.query for p in pairs)), list(dict.fromkeys(p.positive for p in pairs))
