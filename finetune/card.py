"""The card of a model: what it is for, what it was made from and how, how good it is, and where it stops."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

CARD = "card.md"
PURPOSES = {
    "intent": "Tells what a customer's message wants: one of the labels below, with a calibrated probability.",
    "sentiment": "Tells how a customer's message sounds: one of the labels below, with a calibrated probability.",
    "encoder": "Turns questions and documents into vectors that lie close where one answers the other.",
    "reranker": "Says how well a passage answers a question: a logit, the higher the better.",
}
LIMITS = """\
- It knows the labels and the manner of speaking of its training examples. What customers say changes: watch it.
- It was chosen by its development examples, so their figures are a little too good; measure it on others.
- It reads the languages named above; in others its answers mean nothing.
- Personal data in the training examples can show in what it does. Redact before you train."""


def write_card(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write card.md from what the manifest says."""
    data, about = manifest.get("data", {}), manifest.get("about", {})
    sections = {
        "Purpose": PURPOSES.get(manifest["kind"], manifest["kind"]),
        "Data": _rows({**data, **about}),
        "Licences": f"Base: {about.get('base_licence', 'see its own card')}. "
        f"Data: {about.get('licence', 'not stated when it was trained')}.",
        "Figures": _rows(manifest.get("figures", {})) + "\n\nMeasured on the development examples.",
        "How it was made": _rows({"base": manifest["base"], **manifest.get("settings", {})}),
        "Limits": LIMITS,
        "Versions": _rows(manifest.get("versions", {})),
    }
    languages = ", ".join(manifest.get("languages", []))
    head = f"# {folder.name}\n\nKind: {manifest['kind']}. Languages: {languages}. Made: {manifest['made']}.\n"
    body = "\n".join(f"## {title}\n\n{text}\n" for title, text in sections.items())
    (folder / CARD).write_text(f"{head}\n{body}", encoding="utf-8")


def _rows(values: Mapping[str, Any]) -> str:
    shown: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, Mapping):
            shown.update({f"{key}: {part}": inner for part, inner in value.items()})
        elif value is not None and key not in ("resume", "tensorboard"):
            shown[key] = Path(value).name if key.endswith("_file") or key == "teacher" else value
    return "\n".join(["| what | value |", "|---|---|", *(f"| {key} | {value} |" for key, value in shown.items())])
