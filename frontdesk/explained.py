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
    """The parsed message, in the words of docs/understanding.md."""
    (parsed,) = parse_texts([text], explain=True)
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
    }


def show(found: dict[str, Any], out: Console) -> None:
    """Print it as tables."""
    outside = found["outside"] or {"score": 0.0, "threshold": 1.0}
    out.print(f"language   {found['language'] or 'none in particular'}")
    out.print(f"outside    {outside['score']:.3f} [dim](the limit is {outside['threshold']:.3f})[/]")
    table = Table("intent", "calibrated", "raw", box=None)
    for row in sorted(found["intents"], key=lambda row: -row["calibrated"])[:SHOWN_INTENTS]:
        table.add_row(row["name"], f"{row['calibrated']:.3f}", f"{row['raw']:.3f}")
    out.print(table)
    nearest = Table("nearest example", "intent", "similarity", box=None)
    for row in found["nearest"]:
        nearest.add_row(escape(row["text"]), row["intent"], f"{row['similarity']:.2f}")
    out.print(nearest)
    for entity in found["entities"]:
        out.print(f"{entity['entity']:<13} {escape(str(entity['value']))} [dim]({entity['start']}–{entity['end']})[/]")
    out.print(f"[bold]goes[/]       {found['route']}")
