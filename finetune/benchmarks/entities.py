"""Entities on held-out messages: precision, recall and F1, where kind, place and value agree exactly."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from textkit.entities import Catalogue, extract
from textkit.language import detect_language
from textkit.settings import ROOT

CATALOGUE = ROOT / "actions/sample/catalogue.json"  # the products that the files speak of


def score(rows: Sequence[dict[str, Any]], catalogue: Catalogue | None = None) -> dict[str, Any]:
    """Figures over all kinds, and the F1 of each."""
    catalogue = catalogue or Catalogue.of(_products())
    right: Counter[str] = Counter()
    found: Counter[str] = Counter()
    gold: Counter[str] = Counter()
    for row in rows:
        language = detect_language(row["text"])
        seen = extract(row["text"], date.fromisoformat(row["today"]), language, catalogue)
        predicted = {_key(e.entity, e.start, e.end, e.value) for e in seen}
        wanted = {_key(e["entity"], e["start"], e["end"], e["value"]) for e in row["entities"]}
        for counter, keys in ((right, predicted & wanted), (found, predicted), (gold, wanted)):
            counter.update(key[0] for key in keys)
    figures: dict[str, Any] = {
        "entity_messages": len(rows),
        "entities": gold.total(),
        "entity_precision": round(right.total() / max(found.total(), 1), 4),
        "entity_recall": round(right.total() / max(gold.total(), 1), 4),
        "entity_f1": _f1(right.total(), found.total(), gold.total()),
    }
    return figures | {f"{kind}_f1": _f1(right[kind], found[kind], gold[kind]) for kind in sorted(gold)}


def _products() -> list[dict[str, Any]]:
    content = json.loads(CATALOGUE.read_text(encoding="utf-8"))
    goods = content["products"] if isinstance(content, dict) else content
    names = [{"name_en": good["name"]["en"], "name_zh": good["name"]["zh"]} for good in goods]
    return [{"sku": g["sku"], "aliases": g["aliases"], **n} for g, n in zip(goods, names, strict=True)]


def _key(kind: str, start: int, end: int, value: Any) -> tuple[str, int, int, str]:
    return kind, start, end, json.dumps(value, sort_keys=True, ensure_ascii=False)


def _f1(right: int, found: int, gold: int) -> float:
    return round(2 * right / max(found + gold, 1), 4)
