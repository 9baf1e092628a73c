"""Questions about a library: is the right document first, is the answer right, does the bot abstain when it should.

A question file is JSON Lines with `question`, `answerable`, `kind`, `documents` (any of them is right), `values` (each
a list of spellings; an answer needs one spelling of every value) and `previous` (the question before a follow-up).
"""

from __future__ import annotations

import dataclasses
import json
import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from finetune.benchmarks.report import percentile
from knowledge.answerer import Answer, Answerer
from textkit.errors import DocumentError

KEYS = {"question", "kind", "answerable", "documents", "values"}


@dataclasses.dataclass(frozen=True)
class GoldQuestion:
    """One line of a question file."""

    question: str
    kind: str
    answerable: bool
    documents: tuple[str, ...]
    values: tuple[tuple[str, ...], ...]
    previous: str | None


def read_questions(file: Path) -> list[GoldQuestion]:
    """Every line of `file`; raises DocumentError naming the line that is not of the form."""
    found = []
    if not file.is_file():
        raise DocumentError(f"{file} does not exist.", "Name a question file (JSON Lines).")
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            missing = KEYS - row.keys()
            if missing:
                raise KeyError(f"no {', '.join(sorted(missing))}")
            values = tuple(tuple(v) for v in row["values"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DocumentError(
                f"{file.name}, line {number}: {error}.", f"A line needs {', '.join(sorted(KEYS))}."
            ) from error
        found.append(
            GoldQuestion(
                row["question"], row["kind"], row["answerable"], tuple(row["documents"]), values, row.get("previous")
            )
        )
    return found


def has_values(text: str, values: Sequence[Sequence[str]]) -> bool:
    """Whether `text` has one spelling of every value; case and space do not count."""
    flat = _flat(text)
    return all(any(_flat(spelling) in flat for spelling in value) for value in values)


def _flat(text: str) -> str:
    return re.sub(r"\s+", "", text).lower()


def is_right(gold: GoldQuestion, answer: Answer) -> bool:
    """The gold value from a gold document."""
    cited = any(c.source in gold.documents for c in answer.citations)
    return not answer.abstained and cited and has_values(answer.answer, gold.values)


def document_is_first(gold: GoldQuestion, answerer: Answerer, language: str) -> bool:
    """Whether the unit ranked first stands in a gold document, abstained or not."""
    found = answerer.rank(gold.question, "zh" if language == "zh" else "en", gold.previous)
    return found[0] in gold.documents if found else False


def run(answerer: Answerer, golds: Sequence[GoldQuestion], language: str) -> dict[str, Any]:
    """The figures of one file; `p95_ms` is the time of one answer without HTTP."""
    if not golds:
        raise DocumentError("The question file is empty.", "A line holds one question.")
    if language not in answerer.index.languages:
        raise DocumentError(f"The index holds no documents in {language}.", "Run `frontdesk ingest` on some.")
    rows = []
    for gold in golds:
        begin = time.perf_counter()
        answer = answerer.answer(gold.question, "zh" if language == "zh" else "en", gold.previous)
        rows.append((gold, answer, time.perf_counter() - begin))
    answerable = [(g, a) for g, a, _ in rows if g.answerable]
    others = [(g, a) for g, a, _ in rows if not g.answerable]
    milliseconds = [1000 * s for _, _, s in rows]
    answered = [a for _, a in answerable if not a.abstained]
    return {
        "questions": len(rows),
        "recall@1": _share([document_is_first(g, answerer, language) for g, _ in answerable]),
        "answered_right": _share([is_right(g, a) for g, a in answerable]),
        "abstained": _share([a.abstained for _, a in others]),
        "abstained_near_miss": _share([a.abstained for g, a in others if g.kind == "near_miss"]),
        "abstained_off_topic": _share([a.abstained for g, a in others if g.kind == "off_topic"]),
        "abstained_answerable": _share([a.abstained for _, a in answerable]),
        "auroc": auroc([a.score for _, a in answerable], [a.score for _, a in others]),
        "units_per_answer": round(sum(len(a.citations) for a in answered) / max(len(answered), 1), 2),
        "p50_ms": round(percentile(milliseconds, 0.5), 1),
        "p95_ms": round(percentile(milliseconds, 0.95), 1),
    }


def _share(values: Sequence[bool]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """The chance that a positive scores above a negative; ties count half."""
    wins = sum((p > n) + 0.5 * (p == n) for p in positive for n in negative)
    return round(wins / max(len(positive) * len(negative), 1), 4)
