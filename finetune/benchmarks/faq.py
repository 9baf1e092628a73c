"""Which FAQ a customer's question is: the nearest by an encoder, on VIRA's questions."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import numpy as np

from finetune.benchmarks.sets import table
from textkit.encoders import Encoder
from textkit.errors import FrontdeskError

_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\ufeff": " ", "\xa0": " "})  # noqa: RUF001


def vira(folder: Path, split: str = "validation") -> tuple[list[str], list[tuple[str, int]]]:
    """The FAQs, and the questions of a split with the number of their FAQ.

    Many labels are written in another way than their FAQ: case, quotation marks, white space, the mark at the end.
    """
    source = folder / "intent_dataset"
    faqs = [row["intent"].strip() for row in table(source / "intents.csv", "vira")]
    places = {normal(faq): n for n, faq in enumerate(faqs)}
    asked = []
    for row in table(source / f"{split}.csv", "vira"):
        if normal(row["label"]) not in places:
            raise FrontdeskError(f"{split}.csv has the label {row['label']!r}, which is no FAQ of intents.csv.")
        asked.append((row["sentence"].strip(), places[normal(row["label"])]))
    return faqs, asked


def normal(label: str) -> str:
    """The same for every spelling of one label."""
    plain = re.sub(r"\s+", " ", label.translate(_QUOTES).casefold()).strip()
    return re.sub(r"\s*[.?!]+$", "", plain)


def run(encoder: Encoder, faqs: list[str], asked: list[tuple[str, int]]) -> dict[str, Any]:
    """R@1, R@5 and the mean reciprocal rank; every question against every FAQ."""
    begin = time.perf_counter()
    similar = encoder.encode([text for text, _ in asked]) @ encoder.encode(faqs).T
    right = np.array([place for _, place in asked])
    own = similar[np.arange(len(asked)), right]
    ranks = 1 + (similar > own[:, None]).sum(axis=1)
    return {
        "questions": len(asked),
        "faqs": len(faqs),
        "r@1": round(float((ranks == 1).mean()), 4),
        "r@5": round(float((ranks <= 5).mean()), 4),
        "mrr": round(float((1 / ranks).mean()), 4),
        "seconds_predict": round(time.perf_counter() - begin, 2),
    }
