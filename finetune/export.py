"""A trained encoder as it will be served: ONNX, in int8 where that answers as full precision does; heads and card."""

from __future__ import annotations

import dataclasses
import json
import platform
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from finetune.card import write_card
from finetune.examples import Example
from finetune.intents.model import FITTED, IntentModel
from finetune.intents.outside import fit_outside
from finetune.onnx_export import export_encoder
from textkit.encoders import OnnxEncoder, RememberingEncoder
from textkit.head import LinearHead
from textkit.registry import MANIFEST, digest_of, read_manifest

AGREEMENT = 0.985  # the least share of texts that int8 and full precision label alike
LOSS = 0.003  # the most accuracy that int8 may cost
ENOUGH = 200  # development texts; fewer cannot tell 98.5 % from 97 %
LETTERS_WEIGHTS = (0.0, 0.3, 0.5, 0.7)
PRECISIONS = ("int8", "float32")
PACKAGES = ("torch", "transformers", "sentence-transformers", "onnx", "onnxruntime", "tokenizers")


@dataclasses.dataclass(frozen=True)
class Parity:
    """How the int8 model answers the texts beside that in full precision."""

    texts: int
    agreement: float
    accuracy_float32: float
    accuracy_int8: float

    @property
    def loss(self) -> float:
        """Of accuracy."""
        return self.accuracy_float32 - self.accuracy_int8

    @property
    def holds(self) -> bool:
        """Whether int8 may serve; too few texts cannot tell, and do not speak against it."""
        return self.texts < ENOUGH or (self.agreement >= AGREEMENT and self.loss <= LOSS + 1e-9)

    def sentence(self) -> str:
        """What was found."""
        measured = f"int8 agrees with full precision on {self.agreement:.1%} of {self.texts} development texts"
        measured += f" and costs {100 * self.loss:.1f} points of accuracy"
        if self.texts < ENOUGH:
            return f"{measured} (fewer than {ENOUGH} texts: not decided by)."
        return f"{measured}; the limits are {AGREEMENT:.1%} and {100 * LOSS:.1f}."


def compare(full: IntentModel, small: IntentModel, examples: Sequence[Example]) -> Parity:
    """Both models on `examples`."""
    texts, right = [e.text for e in examples], np.array([e.label for e in examples])
    wanted, got = np.array(full.predict(texts)), np.array(small.predict(texts))
    return Parity(
        len(texts), float((wanted == got).mean()), float((wanted == right).mean()), float((got == right).mean())
    )


def write_model(
    out: Path,
    train: Sequence[Example],
    dev: Sequence[Example],
    *,
    few: bool,
    joined: bool = False,
    precision: str | None = None,
    outside: bool = False,
    said: Any = None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Export `out`/weights into `out` with heads on what was exported; the encoder's manifest and the figures.

    `dev` chooses between the head that was trained and one fitted to what was exported. Without `precision` it is int8
    where that answers as full precision does. With `outside` it learns to tell what is out of scope. With `joined` the
    fitted heads learn from `dev` too, once all is chosen and measured.
    """
    say = said or (lambda line: None)
    choices: dict[str, Any] = {}  # a few development examples cannot choose
    if not few:
        choices = {"letters_weights": LETTERS_WEIGHTS, "trained": trained_head(out / "weights")}
    fit = partial(IntentModel.fit, train=train, dev=dev, **choices)
    figures: dict[str, Any] = {}
    fields = export_encoder(out / "weights", out, precision or "int8")
    model = fit(encoder=_encoder(out, fields))
    if precision is None:
        with tempfile.TemporaryDirectory() as scratch:
            full_fields = export_encoder(out / "weights", Path(scratch), "float32")
            full = fit(encoder=_encoder(Path(scratch), full_fields), letters_of=model)
            parity = compare(full, model, dev)
        figures["parity"] = {**dataclasses.asdict(parity), "loss": parity.loss}
        say(parity.sentence())
        if not parity.holds:
            say("The model is kept in full precision; --precision int8 decides otherwise.")
            fields = export_encoder(out / "weights", out, "float32")
            model = fit(encoder=_encoder(out, fields), letters_of=model)
    figures["dev_accuracy"] = round(_accuracy(model, dev), 4)
    figures["head"] = model.head
    figures["letters_weight"], figures["temperature"] = model.letters_weight, round(model.temperature, 3)
    if outside:
        learned, chosen = ((model.encode([e.text for e in rows]), [e.label for e in rows]) for rows in (train, dev))
        model.outside = fit_outside(model, learned, chosen)
    if joined:
        again = IntentModel.fit(model.encoder, [*train, *dev], dev)
        meaning = again.meaning if model.head == FITTED else model.meaning
        model = dataclasses.replace(model, meaning=meaning, lexical=again.lexical, letters=again.letters)
    model.save(out)
    return fields, figures


def trained_head(weights: Path) -> LinearHead | None:
    """The head with which the encoder in `weights` was trained; None where it was not kept."""
    return LinearHead.load(weights) if (weights / "head.json").is_file() else None


def _encoder(folder: Path, fields: dict[str, Any]) -> RememberingEncoder:
    return RememberingEncoder(open_draft(folder, fields))


def open_draft(folder: Path, fields: dict[str, Any], kind: Any = OnnxEncoder) -> Any:
    """The encoder (or what else of `kind`) in `folder`, which has no manifest of its own yet."""
    (folder / MANIFEST).write_text(json.dumps({"digest": "draft", **fields}), encoding="utf-8")
    encoder = kind(folder, threads=2)
    (folder / MANIFEST).unlink()
    return encoder


def _accuracy(model: IntentModel, examples: Sequence[Example]) -> float:
    found = model.predict([e.text for e in examples])
    return float(np.mean([a == e.label for a, e in zip(found, examples, strict=True)]))


def finish(out: Path, manifest: dict[str, Any]) -> Path:
    """Write the card and the manifest with the digest: from here on `out` is a model."""
    manifest = {**manifest, "made": datetime.now(UTC).isoformat(timespec="seconds"), "versions": versions()}
    write_card(out, manifest)
    text = json.dumps({"name": out.name, "digest": digest_of(out), **manifest}, ensure_ascii=False, indent=2)
    (out / MANIFEST).write_text(text + "\n", encoding="utf-8")
    return out


def versions() -> dict[str, str]:
    """Of what the model was made with."""
    return {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}}


def measure(folder: Path, model: IntentModel, examples: Sequence[Example], reference: Sequence[str]) -> dict[str, Any]:
    """Size, time of one text on one core, throughput, accuracy, and agreement with the labels in `reference`."""
    texts = [e.text for e in examples]
    begin = time.perf_counter()
    found = model.predict(texts)
    seconds = time.perf_counter() - begin
    times = []
    for text in texts[:200]:
        start = time.perf_counter()
        model.predict([text])
        times.append(time.perf_counter() - start)
    size = sum(p.stat().st_size for p in folder.iterdir() if p.is_file())
    return {
        "precision": read_manifest(folder)["precision"],
        "mb": round(size / 1e6, 1),
        "ms_one_text": round(1000 * float(np.median(times)), 2),
        "sentences_per_second": round(len(texts) / seconds, 1),
        "accuracy": round(float(np.mean([a == e.label for a, e in zip(found, examples, strict=True)])), 4),
        "agreement": round(float(np.mean([a == b for a, b in zip(found, reference, strict=True)])), 4),
    }


def table(folder: Path, examples: Sequence[Example], others: Sequence[Path] = ()) -> dict[str, dict[str, Any]]:
    """The figures of the model in `folder` in full precision, in int8, and of `others` (models of fewer layers)."""
    rows: dict[str, dict[str, Any]] = {}
    reference: list[str] | None = None
    served = IntentModel.load(folder)
    with tempfile.TemporaryDirectory() as scratch:
        for precision in reversed(PRECISIONS):
            place = Path(scratch) / precision
            place.mkdir()
            fields = export_encoder(folder / "weights", place, precision)
            served.encoder = open_draft(place, fields)
            served.save(place)
            (place / MANIFEST).write_text(json.dumps({"digest": "draft", **fields}), encoding="utf-8")
            model = IntentModel.load(place)
            reference = reference or model.predict([e.text for e in examples])
            rows[precision] = measure(place, model, examples, reference)
    for other in others:
        layers = json.loads((other / "weights/config.json").read_text(encoding="utf-8")).get("num_hidden_layers")
        name = f"{other.name}, {layers} layers"
        rows[name] = measure(other, IntentModel.load(other), examples, reference or [])
    full = rows["float32"]
    for row in rows.values():
        row["accuracy_loss"] = round(full["accuracy"] - row["accuracy"], 4)
        row["times_as_fast"] = round(full["ms_one_text"] / row["ms_one_text"], 2)
    return rows
