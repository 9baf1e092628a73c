"""Messages that mean the same, by density (HDBSCAN, Campello et al. 2013), and the words that set them apart."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np

from textkit.encoders import Vectors
from textkit.words import index_terms

LONE = -1  # the cluster of messages that belong to none
NEIGHBOURLY = 0.75  # distance of unit vectors below which small sets are joined


def cluster(vectors: Vectors, smallest: int) -> list[int]:
    """The cluster of each vector, LONE for none; clusters have `smallest` members or more, the largest is 0."""
    from sklearn.cluster import HDBSCAN, AgglomerativeClustering

    if len(vectors) < max(2, smallest):
        return [LONE] * len(vectors)
    found = HDBSCAN(min_cluster_size=smallest, min_samples=1, cluster_selection_method="leaf", copy=True).fit_predict(
        vectors.astype(np.float64)
    )
    if len(set(found) - {LONE}) < 2:  # few messages, or all of one density
        model = AgglomerativeClustering(n_clusters=None, distance_threshold=NEIGHBOURLY, linkage="average")
        found = model.fit_predict(vectors)
    sizes = Counter(int(number) for number in found if number != LONE)
    order = [number for number, size in sizes.most_common() if size >= smallest]
    place = {number: rank for rank, number in enumerate(order)}
    return [place.get(int(number), LONE) for number in found]


def key_terms(texts: Sequence[str], clusters: Sequence[int], most: int = 5) -> dict[int, list[str]]:
    """The terms that are commoner in a cluster than elsewhere (class-based TF-IDF)."""
    counts: dict[int, Counter[str]] = {}
    for text, number in zip(texts, clusters, strict=True):
        counts.setdefault(number, Counter()).update({term for term in index_terms(text) if len(term) > 1})
    total = Counter[str]()
    for count in counts.values():
        total.update(count)
    average = sum(total.values()) / max(len(counts), 1)
    weighed = {
        number: sorted(count, key=lambda t: (-count[t] * math.log(1 + average / total[t]), t))[:most]
        for number, count in counts.items()
        if number != LONE
    }
    return weighed
