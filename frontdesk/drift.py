"""`frontdesk drift`: whether customers still write what the understanding was taught, and what to label next."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from textkit.errors import FrontdeskError
from textkit.settings import ROOT

if TYPE_CHECKING:
    from finetune.drift import ReadMessage
    from textkit.encoders import Vectors

MOST = 2000  # messages of each side that are read
NLU = ROOT / "bot/data/nlu"
COLOURS = {"stable": "green", "moved": "yellow", "moved far": "red"}
out = Console(highlight=False)


def drift(
    messages: Annotated[
        Path | None, typer.Option(help="Chats of `frontdesk chats import` instead of the conversations kept here.")
    ] = None,
    days: Annotated[int, typer.Option(help="How many days back.", min=1, max=3650)] = 7,
    against: Annotated[
        Path | None, typer.Option(help="Chats of an earlier time to compare with, instead of the training examples.")
    ] = None,
    label: Annotated[int, typer.Option(help="How many messages to name that are worth labelling.", min=0)] = 10,
    json_out: Annotated[Path | None, typer.Option("--json", help="Write the figures to this file.")] = None,
) -> None:
    """Compare the last days' messages with what the understanding was taught.

    Languages, intents, what is out of scope, confidence, and how far messages lie from all that is known; and the
    messages most worth labelling, personal data redacted. With --messages, the days count back from the last of them.
    """
    from finetune.drift import compare

    recent = _recent(messages, days)
    known = _texts_of(against) if against else _examples()
    read, before = _read(recent), _read(known)
    vectors, known_vectors = _vectors(read), _vectors(before)
    found = compare(read, before, vectors, known_vectors)
    found["days"] = days
    found["label_next"] = _label_next(read, vectors, label)
    _show(found)
    if json_out:
        json_out.parent.mkdir(parents=True, exist_ok=True)
        json_out.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _recent(file: Path | None, days: int) -> list[str]:
    """What customers wrote in the last `days`, of the file or of the conversations in service."""
    from finetune.chats.formats import read_chats

    if file is None:
        since = datetime.now(UTC) - timedelta(days=days)
        with tempfile.TemporaryDirectory() as scratch:
            exported = Path(scratch) / "conversations.jsonl"
            _export(exported, since)
            if not exported.stat().st_size:
                raise FrontdeskError(f"Nobody has written in the last {days} days.", "Take more days (--days).")
            chats = read_chats([exported]).messages
    else:
        chats = read_chats([file]).messages
        last = max((m.time for m in chats if m.time), default=None)
        since = last - timedelta(days=days) if last else datetime.min.replace(tzinfo=UTC)
    said = [m.text for m in chats if m.sender == "customer" and (m.time is None or m.time >= since)]
    if not said:
        raise FrontdeskError(f"No customer has written in the last {days} days.", "Take more days (--days).")
    return _some(said)


def _export(target: Path, since: datetime) -> None:
    from frontdesk.runtimes import child_environment, stores_command

    command = stores_command(["export", "--since", str(since.timestamp())])
    with target.open("wb") as lines:
        run = subprocess.run(
            command, cwd=ROOT, env=child_environment(), stdout=lines, stderr=subprocess.PIPE, check=False
        )
    if run.returncode:
        raise FrontdeskError("The conversations could not be read.", run.stderr.decode(errors="replace").strip()[-300:])


def _texts_of(file: Path) -> list[str]:
    from finetune.chats.formats import read_chats

    return _some([m.text for m in read_chats([file]).messages if m.sender == "customer"])


def _examples() -> list[str]:
    from finetune.examples import read_nlu

    return _some([example.text for file in sorted(NLU.glob("*.yml")) for example in read_nlu(file)])


def _some(texts: Sequence[str]) -> list[str]:
    """A seeded sample where there are too many."""
    chosen = np.sort(np.random.default_rng(0).permutation(len(texts))[:MOST])
    return [texts[n] for n in chosen]


def _read(texts: Sequence[str]) -> list[ReadMessage]:
    from finetune.drift import ReadMessage
    from frontdesk.explained import parse_texts

    read = []
    for text, parsed in zip(texts, parse_texts(texts), strict=True):
        # The likeliest of all, before the threshold and the question back.
        first = max(parsed.get("intent_ranking") or [parsed["intent"]], key=lambda row: row["confidence"])
        language, outside = parsed.get("language") or "other", parsed.get("outside") or {}
        score, limit = outside.get("score", 0.0), outside.get("threshold", 1.0)
        read.append(ReadMessage(text, language, first["name"], float(first["confidence"]), score, limit))
    return read


def _vectors(messages: Iterable[ReadMessage]) -> dict[str, Vectors]:
    """The vectors of the messages in each language that an encoder reads, in their order."""
    from textkit.encoders import LEXICAL, open_encoder
    from textkit.language import LANGUAGES
    from textkit.settings import settings

    found: dict[str, Vectors] = {}
    listed = list(messages)
    for language in LANGUAGES:
        name = settings().encoder(language)
        texts = [m.text for m in listed if m.language == language]
        if texts and name != LEXICAL:
            found[language] = open_encoder(name, language, threads=2).encode(texts)
    return found


def _label_next(read: Sequence[ReadMessage], vectors: dict[str, Vectors], count: int) -> list[dict[str, Any]]:
    from finetune.clean.redact import redacted
    from finetune.label.worth import most_worth

    chosen = []
    for language, rows in vectors.items():
        own = [m for m in read if m.language == language]
        doubt = np.array([max(1 - m.confidence, m.outside) for m in own])
        share = round(count * len(own) / len(read))
        chosen += [own[n] for n in most_worth(rows, doubt, share)]
    return [
        {"text": redacted(m.text), "language": m.language, "intent": m.intent, "confidence": round(m.confidence, 3)}
        for m in chosen
    ]


def _show(found: dict[str, Any]) -> None:
    verdict = found["verdict"]
    reasons = "; ".join(found["reasons"])
    out.print(f"[bold {COLOURS[verdict]}]{verdict}[/]{': ' + reasons if reasons else ''}")
    out.print(f"[dim]{found['messages']} messages of the last {found['days']} days beside {found['known']} known[/]")
    table = Table("measure", "last days", "known", "size", "verdict", box=None)
    for name, measure in found["measures"].items():
        sides = [_shown(measure[side]) for side in ("recent", "known")]
        table.add_row(name, *sides, f"{measure['size']:.3f}", f"[{COLOURS[measure['verdict']]}]{measure['verdict']}[/]")
    out.print(table)
    if found["label_next"]:
        out.print("worth labelling next (`frontdesk label` takes them up):")
        for row in found["label_next"]:
            out.print(f"  {escape(row['text'])} [dim]{row['intent']} {row['confidence']:.2f}[/]")


def _shown(value: Any) -> str:  # noqa: ANN401  a share, or a share for each name
    if isinstance(value, dict):
        return ", ".join(f"{name} {share:.0%}" for name, share in list(value.items())[:3])
    return f"{value:.1%}"
