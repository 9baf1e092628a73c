"""`frontdesk explain`: what the dialogue model in service makes of a message, for people."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from frontdesk.runtimes import child_environment, explain_command
from textkit.errors import FrontdeskError
from textkit.settings import ROOT

SHOWN_INTENTS = 5
ROUTES = {"ask": "to the documents", "unclear": "a question back"}


def parse_texts(texts: Sequence[str], *, explain: bool = False) -> list[dict[str, Any]]:
    """What the dialogue model in service makes of each text; raises FrontdeskError when there is no model."""
    with tempfile.TemporaryDirectory() as scratch:
        given, made = Path(scratch) / "texts.json", Path(scratch) / "parsed.json"
        given.write_text(json.dumps(list(texts), ensure_ascii=False), encoding="utf-8")
        command = explain_command([str(given), str(made), *(["--explain"] if explain else [])])
        run = subprocess.run(command, cwd=ROOT, env=child_environment(), capture_output=True, text=True, check=False)
        if run.returncode:
            raise FrontdeskError("The dialogue model could not be asked.", (run.stderr + run.stdout).strip()[-500:])
        parsed: list[dict[str, Any]] = json.loads(made.read_text(encoding="utf-8"))
    return parsed


def explain_text(text: str) -> dict[str, Any]:
    """The parsed message, in the words of docs/understanding.md, and which words decided."""
    from finetune.evaluate.words import deciding_words

    read: list[dict[str, Any]] = []

    def probabilities(texts: Sequence[str]) -> list[float]:
        read.extend(parse_texts(texts, explain=True))
        return [_probability(found, _likeliest(read[0])) for found in read]

    words = deciding_words(text, probabilities)
    parsed = read[0] if read else parse_texts([text], explain=True)[0]
    name = parsed["intent"]["name"]
    route = ROUTES.get(name, f"the rule of {name}")
    if parsed.get("requests"):
        route = "one after the other: " + ", ".join(part["intent"] for part in parsed["requests"])
    raw = parsed.get("raw_scores", {})
    return {
        "text": text,
        "language": parsed.get("language"),
        "intents": [
            {"name": row["name"], "calibrated": round(row["confidence"], 4), "raw": round(raw.get(row["name"], 0.0), 4)}
            for row in parsed.get("intent_ranking", [])
        ],
        "outside": parsed.get("outside"),
        "nearest": [{"text": near, "intent": intent, "similarity": s} for near, intent, s in parsed.get("nearest", [])],
        "entities": parsed.get("found", []),
        "candidates": parsed.get("candidates", []),
        "requests": parsed.get("requests", []),
        "route": route,
        "likeliest": _likeliest(parsed),
        "words": [{"word": w.text, "start": w.start, "end": w.end, "weight": w.weight} for w in words],
    }


def _likeliest(parsed: dict[str, Any]) -> str:
    """Of all classes, before any threshold."""
    ranking = parsed.get("intent_ranking") or [{"name": "", "confidence": 0.0}]
    return str(max(ranking, key=lambda row: row["confidence"])["name"])


def _probability(parsed: dict[str, Any], label: str) -> float:
    ranking = parsed.get("intent_ranking") or []
    return next((float(row["confidence"]) for row in ranking if row["name"] == label), 0.0)


def draw(found: dict[str, Any], file: Path) -> None:
    """A PNG with a bar for each word; raises FrontdeskError where no font has the characters."""
    from finetune.evaluate.pictures import words_chart
    from finetune.evaluate.words import Word

    words = [Word(row["word"], row["start"], row["end"], row["weight"]) for row in found["words"]]
    if not words:
        raise FrontdeskError("The message has no words, so there is nothing to draw.")
    picture = words_chart(words, found["likeliest"])
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(picture)


def show(found: dict[str, Any], out: Console) -> None:
    """Print it as tables."""
    outside = found["outside"] or {"score": 0.0, "threshold": 1.0}
    out.print(f"language   {found['language'] or 'none in particular'}")
    out.print(f"outside    {outside['score']:.3f} [dim](the limit is {outside['threshold']:.3f})[/]")
    table = Table("intent", "calibrated", "raw", box=None)
    for row in sorted(found["intents"], key=lambda row: -row["calibrated"])[:SHOWN_INTENTS]:
        table.add_row(row["name"], f"{row['calibrated']:.3f}", f"{row['raw']:.3f}")
    out.print(table)
    if found["words"]:
        words = Table("word", f"log-odds for {found['likeliest']}", box=None)
        for row in found["words"]:
            words.add_row(escape(row["word"]), f"{row['weight']:+.2f}")
        out.print(words)
    nearest = Table("nearest example", "intent", "similarity", box=None)
    for row in found["nearest"]:
        nearest.add_row(escape(row["text"]), row["intent"], f"{row['similarity']:.2f}")
    out.print(nearest)
    for entity in found["entities"]:
        out.print(f"{entity['entity']:<13} {escape(str(entity['value']))} [dim]({entity['start']}–{entity['end']})[/]")
    out.print(f"[bold]goes[/]       {found['route']}")
