"""Which FAQ a customer's question is: the nearest by an encoder, on VIRA's questions."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from textkit.encoders import Encoder


def run(
    encoder: Encoder, faqs: list[str], asked: list[tuple[str, int]], attached: Sequence[tuple[str, int]] = ()
) -> dict[str, Any]:
    """R@1, R@5 and the mean reciprocal rank; every question against every FAQ.

    `attached` are questions with the number of their FAQ, as a shop attaches them to an entry: of an entry's own text
    and its questions the most alike one counts.
    """
    begin = time.perf_counter()
    entries = [*((faq, n) for n, faq in enumerate(faqs)), *attached]
    similar = encoder.encode([text for text, _ in entries]) @ encoder.encode([text for text, _ in asked]).T
    best = np.full((len(faqs), len(asked)), -1, dtype=np.float32)
    np.maximum.at(best, [place for _, place in entries], similar)
    own = best[[place for _, place in asked], np.arange(len(asked))]
    ranks = 1 + (best > own).sum(axis=0)
    return {
        "questions": len(asked),
        "faqs": len(faqs),
        "texts": len(entries),
        "r@1": round(float((ranks == 1).mean()), 4),
        "r@5": round(float((ranks <= 5).mean()), 4),
        "mrr": round(float((1 / ranks).mean()), 4),
        "seconds_predict": round(time.perf_counter() - begin, 2),
    }
