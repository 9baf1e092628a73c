"""Redaction of personal data on sentences with known spans: what leaks, and what is blanked without need.

A span counts as found when every letter and digit of it is covered, by placeholders of any kind; a placeholder counts
as right when it touches a span. Both are shares of spans; characters are counted beside them.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from finetune.benchmarks.retrieval import read_jsonl
from finetune.clean.redact import find_personal
from textkit.errors import FrontdeskError

PRESIDIO_FILE = "data/synth_dataset_v2.json"
PRESIDIO = {
    "PERSON": "NAME",
    "STREET_ADDRESS": "ADDRESS",
    "ZIP_CODE": "ADDRESS",
    "CREDIT_CARD": "CARD",
    "PHONE_NUMBER": "PHONE",
    "EMAIL_ADDRESS": "EMAIL",
    "IBAN_CODE": "IBAN",
    "US_SSN": "SSN",
    "US_DRIVER_LICENSE": "LICENCE",
    "IP_ADDRESS": "IP",
}
# No kind of ours: places, organisations and groups take a recogniser of names; ages, titles and sites name nobody.
NOT_OURS = ("GPE", "ORGANIZATION", "NRP", "AGE", "TITLE", "DATE_TIME", "DOMAIN_NAME")
# Patterns see these only where words announce them, or in the forms of two countries.
NEEDS_RECOGNISER = ("NAME", "ADDRESS")


@dataclass(frozen=True)
class Gold:
    """A text, the spans that must go, and those that may go or stay."""

    text: str
    spans: Sequence[tuple[str, int, int]]
    free: Sequence[tuple[int, int]] = ()


def read_presidio(file: Path) -> list[Gold]:
    """Sentences of presidio-research; kinds that are not ours may go or stay."""
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FrontdeskError(
            f"{file} cannot be read ({type(error).__name__}).",
            "--data names a copy of github.com/microsoft/presidio-research.",
        ) from error
    golds = []
    for row in rows:
        places = [(s["entity_type"], s["start_position"], s["end_position"]) for s in row["spans"]]
        born = "birth" in row["full_text"].lower() or "born" in row["full_text"].lower()
        kinds = PRESIDIO | ({"DATE_TIME": "BIRTH_DATE"} if born else {})
        spans = [(kinds[kind], start, end) for kind, start, end in places if kind in kinds]
        free = [(start, end) for kind, start, end in places if kind not in kinds]
        golds.append(Gold(row["full_text"], spans, free))
    return golds


def read_own(file: Path) -> list[Gold]:
    """Sentences of our own: `{"text": ..., "spans": [{"type", "start", "end"}]}` per line."""
    rows = read_jsonl(file, {"text", "spans"})
    return [Gold(row["text"], [(s["type"], s["start"], s["end"]) for s in row["spans"]]) for row in rows]


def run(golds: Sequence[Gold]) -> dict[str, Any]:
    """The figures of all kinds together, and of each."""
    scores: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for gold in golds:
        _score(gold, scores)
    total: dict[str, int] = defaultdict(int)
    patterns: dict[str, int] = defaultdict(int)
    for kind, counts in scores.items():
        for name, count in counts.items():
            total[name] += count
            patterns[name] += 0 if kind in NEEDS_RECOGNISER else count
    nothing = [gold.text for gold in golds if not gold.spans and not gold.free]
    spared = sum(not find_personal(text) for text in nothing)
    figures: dict[str, Any] = {
        "sentences": len(golds),
        "without_personal_data": len(nothing),
        "left_alone": _share(spared, len(nothing)),
    }
    figures |= {"all": _figures(total), "without_names_and_addresses": _figures(patterns)}
    return figures | {kind: _figures(scores[kind]) for kind in sorted(scores)}


def _score(gold: Gold, scores: dict[str, dict[str, int]]) -> None:
    found = find_personal(gold.text)
    covered = bytearray(len(gold.text))
    for span in found:
        covered[span.start : span.end] = b"\1" * (span.end - span.start)
    for kind, start, end in gold.spans:
        leaked = sum(gold.text[n].isalnum() and not covered[n] for n in range(start, end))
        scores[kind]["spans"] += 1
        scores[kind]["whole"] += leaked == 0
        scores[kind]["characters"] += sum(c.isalnum() for c in gold.text[start:end])
        scores[kind]["leaked"] += leaked
    wanted = [(start, end) for _, start, end in gold.spans]
    for span in found:
        if any(start < span.end and span.start < end for start, end in wanted):
            scores[span.kind]["right"] += 1
            scores[span.kind]["placeholders"] += 1
        elif not any(start < span.end and span.start < end for start, end in gold.free):
            scores[span.kind]["placeholders"] += 1


def _figures(counts: dict[str, int]) -> dict[str, Any]:
    return {
        "spans": counts["spans"],
        "recall": _share(counts["whole"], counts["spans"]),
        "placeholders": counts["placeholders"],
        "precision": _share(counts["right"], counts["placeholders"]),
        "leaked_characters": counts["leaked"],
        "leaked": _share(counts["leaked"], counts["characters"]),
    }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
