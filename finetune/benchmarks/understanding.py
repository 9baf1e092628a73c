"""Understanding on held-out messages: intents, what is out of scope, two requests in one message, entities."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from finetune.benchmarks.questions import auroc
from finetune.benchmarks.retrieval import read_jsonl
from textkit.errors import FrontdeskError

Parse = Callable[[Sequence[str]], list[dict[str, Any]]]
UNCLEAR = "unclear"


def run(folder: Path, language: str, split: str, parse: Parse) -> dict[str, Any]:
    """The figures of the files `*_{split}_{language}.jsonl` in `folder`; those that are not there are left out."""
    figures: dict[str, Any] = {}
    inside = _rows(folder / f"intents_{split}_{language}.jsonl", {"text", "intent"})
    outside = _rows(folder / f"outside_{split}_{language}.jsonl", {"text", "near"})
    double = _rows(folder / f"double_{split}_{language}.jsonl", {"text", "intents"})
    entities = _rows(folder / f"entities_{split}_{language}.jsonl", {"text", "today", "entities"})
    if inside:
        found = parse([row["text"] for row in inside])
        figures |= _intents([row["intent"] for row in inside], found)
        if outside:
            figures |= _outside(found, outside, parse([row["text"] for row in outside]))
    if double:
        figures |= _double(double, parse([row["text"] for row in double]))
    if entities:
        figures |= _entities(entities)
    if not figures:
        raise FrontdeskError(f"There is no test file for {language} and {split!r} in {folder}.", "Splits: dev, test.")
    return figures


def _rows(file: Path, keys: set[str]) -> list[dict[str, Any]]:
    return list(read_jsonl(file, keys)) if file.is_file() else []


def _intents(gold: Sequence[str], found: Sequence[dict[str, Any]]) -> dict[str, Any]:
    first = [_first_choice(f) for f in found]
    routed = [f["intent"]["name"] for f in found]
    names = sorted(set(gold))
    unclear = [g in f.get("candidates", []) for g, f in zip(gold, found, strict=True) if f["intent"]["name"] == UNCLEAR]
    return {
        "messages": len(gold),
        "accuracy": _share([a == b for a, b in zip(gold, first, strict=True)]),
        "macro_f1": round(sum(_f1(name, gold, first) for name in names) / len(names), 4),
        "accuracy_routed": _share([a == b for a, b in zip(gold, routed, strict=True)]),
        "sent_to_documents": _share([name == "ask" for name in routed]),
        "asked_back": _share([name == UNCLEAR for name in routed]),
        "asked_back_with_the_right_one": _share(unclear),
        "split_in_two": _share([bool(f.get("requests")) for f in found]),
    }


def _first_choice(found: dict[str, Any]) -> str:
    """The likeliest of all classes, the documents among them, before any threshold."""
    return str(max(found["intent_ranking"], key=lambda row: row["confidence"])["name"])


def _f1(name: str, gold: Sequence[str], found: Sequence[str]) -> float:
    right = sum(g == f == name for g, f in zip(gold, found, strict=True))
    return 2 * right / max(sum(g == name for g in gold) + sum(f == name for f in found), 1)


def _outside(
    inside: Sequence[dict[str, Any]], rows: Sequence[dict[str, Any]], found: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    near = [f for row, f in zip(rows, found, strict=True) if row["near"]]
    far = [f for row, f in zip(rows, found, strict=True) if not row["near"]]
    return {
        "outside_messages": len(rows),
        "outside_auroc": auroc([f["outside"]["score"] for f in found], [f["outside"]["score"] for f in inside]),
        "outside_threshold": round(found[0]["outside"]["threshold"], 3),
        "outside_accepted": _share([f["intent"]["name"] != "ask" for f in found]),
        "outside_accepted_near": _share([f["intent"]["name"] != "ask" for f in near]),
        "outside_accepted_far": _share([f["intent"]["name"] != "ask" for f in far]),
    }


def _double(rows: Sequence[dict[str, Any]], found: Sequence[dict[str, Any]]) -> dict[str, Any]:
    heard = [[part["intent"] for part in f.get("requests", [])] for f in found]
    return {
        "double_messages": len(rows),
        "double_split": _share([bool(parts) for parts in heard]),
        "double_right": _share([parts == row["intents"] for row, parts in zip(rows, heard, strict=True)]),
    }


def _entities(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Exact: kind, place and value agree."""
    from finetune.benchmarks.entities import score

    return score(rows)


def _share(values: Sequence[bool]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0
