"""An intent model on labelled texts, beside the model in service: all that the report and the JSON file say."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from finetune.evaluate import metrics, outside_metrics
from finetune.evaluate.words import Word, deciding_words
from finetune.examples import Example, ExampleError
from finetune.intents.model import KIND, IntentModel
from finetune.significance import McNemar, interval, mcnemar
from textkit.encoders import Encoder, OnnxEncoder, RememberingEncoder
from textkit.head import softmax
from textkit.language import detect_language
from textkit.registry import Registry, read_manifest

WORST = 8  # intents whose mistakes are shown
MISTAKES = 4  # of each
THREADS = 2


@dataclasses.dataclass(frozen=True)
class Mistake:
    """A text that was understood wrongly, and the words that led there."""

    text: str
    gold: str
    found: str
    confidence: float
    words: tuple[Word, ...]


@dataclasses.dataclass(frozen=True)
class Comparison:
    """Against another model on the same texts; `p` as McNemar's exact test has it."""

    name: str
    accuracy: float
    macro_f1: float
    test: McNemar


@dataclasses.dataclass(frozen=True)
class OutsideFigures:
    """What the model makes of texts that no intent covers."""

    figures: dict[str, float]
    auroc_interval: tuple[float, float]
    chosen: outside_metrics.Threshold
    table: tuple[outside_metrics.Threshold, ...]
    inside: tuple[float, ...]  # scores
    outside: tuple[float, ...]


@dataclasses.dataclass(frozen=True)
class Evaluation:
    """Everything that was measured."""

    model: str
    card: dict[str, Any]
    texts: int
    gold: tuple[str, ...]
    found: tuple[str, ...]
    accuracy: float
    accuracy_interval: tuple[float, float]
    macro_f1: float
    macro_f1_interval: tuple[float, float]
    calibration: metrics.Calibration
    by_intent: tuple[metrics.IntentFigures, ...]
    confusions: tuple[tuple[str, str, int], ...]
    mistakes: tuple[Mistake, ...]
    outside: OutsideFigures | None
    against: Comparison | None

    def figures(self) -> dict[str, Any]:
        """For the JSON file: no text of a customer."""
        made: dict[str, Any] = {
            "texts": self.texts,
            "accuracy": self.accuracy,
            "accuracy_interval": self.accuracy_interval,
            "macro_f1": self.macro_f1,
            "macro_f1_interval": self.macro_f1_interval,
            "ece": self.calibration.ece,
            "ece_bins": len(self.calibration.bins),
            "nll": self.calibration.nll,
            "brier": self.calibration.brier,
        }
        if self.outside:
            made |= {**self.outside.figures, "auroc_interval": self.outside.auroc_interval}
            made["outside_texts"] = len(self.outside.outside)
            made["outside_limit"] = dataclasses.asdict(self.outside.chosen)
            made["outside_limits"] = [dataclasses.asdict(row) for row in self.outside.table]
        if self.against:
            made["against"] = dataclasses.asdict(self.against)
        made["intents"] = [dataclasses.asdict(row) for row in self.by_intent]
        made["confusions"] = [list(row) for row in self.confusions]
        return made


def evaluate(
    folder: Path,
    test: Sequence[Example],
    outside: Sequence[str] = (),
    against: tuple[str, IntentModel] | None = None,
) -> Evaluation:
    """Measure the model in `folder`; every label of `test` must be one of its own."""
    manifest = read_manifest(folder)
    model = IntentModel.load(folder, THREADS)
    texts, gold = [e.text for e in test], tuple(e.label for e in test)
    unknown = sorted(set(gold) - set(model.labels))
    if unknown:
        raise ExampleError(
            f"The test file has a label that the model was not trained on: {unknown[0]!r}.",
            f"The model knows {len(model.labels)} labels, {', '.join(model.labels[:5])} among them.",
        )
    encoded = model.encode(texts)
    shares = softmax(model.logits(encoded))
    found = tuple(model.labels[n] for n in shares.argmax(axis=1))
    right = np.array([model.labels.index(label) for label in gold])
    hits, size = np.array(gold) == np.array(found), len(gold)
    asked, said = np.array(gold), np.array(found)
    rows = metrics.by_intent(gold, found)
    return Evaluation(
        model=str(manifest.get("name") or folder.name),
        card=manifest,
        texts=size,
        gold=gold,
        found=found,
        accuracy=round(float(hits.mean()), 4),
        accuracy_interval=interval(lambda drawn: float(hits[drawn].mean()), size),
        macro_f1=round(metrics.macro_f1(gold, found), 4),
        macro_f1_interval=interval(lambda drawn: metrics.macro_f1(asked[drawn].tolist(), said[drawn].tolist()), size),
        calibration=metrics.calibration(shares, right),
        by_intent=tuple(rows),
        confusions=tuple(metrics.confusions(gold, found)),
        mistakes=tuple(_mistakes(model, test, found, shares.max(axis=1), rows)),
        outside=_outside(model, encoded, model.encode(outside)) if outside else None,
        against=_compare(against, texts, gold, hits) if against else None,
    )


def in_service(texts: Sequence[str], registry: Registry | None = None) -> tuple[str, IntentModel] | None:
    """The promoted model of the language that most of `texts` are in."""
    chinese = sum(detect_language(text) == "zh" for text in texts) > len(texts) / 2
    name = f"{KIND}-{'zh' if chinese else 'en'}"
    folder = (registry or Registry()).find(name)
    return (name, IntentModel.load(folder, THREADS)) if folder else None


def frozen_baseline(encoder: Encoder, train: Sequence[Example]) -> tuple[str, IntentModel]:
    """A head on an encoder as it was published; what a fine-tuned model has to beat."""
    from finetune.split_examples import stratified

    kept = RememberingEncoder(encoder) if isinstance(encoder, OnnxEncoder) else encoder
    learned, dev = stratified(train)
    return "frozen encoder with a head", IntentModel.fit(kept, learned, dev)


def _mistakes(
    model: IntentModel,
    test: Sequence[Example],
    found: Sequence[str],
    confidence: Sequence[float],
    rows: Sequence[metrics.IntentFigures],
) -> list[Mistake]:
    """Of the worst intents, the surest first: those mislead most."""
    made = []
    for row in sorted(rows, key=lambda row: (row.f1, row.label))[:WORST]:
        wrong = [n for n, e in enumerate(test) if e.label == row.label and found[n] != e.label]
        for n in sorted(wrong, key=lambda n: -confidence[n])[:MISTAKES]:
            column = model.labels.index(found[n])
            words = deciding_words(test[n].text, partial(_probability, model, column))
            sure = round(float(confidence[n]), 4)
            made.append(Mistake(test[n].text, test[n].label, found[n], sure, tuple(words)))
    return made


def _probability(model: IntentModel, column: int, texts: Sequence[str]) -> list[float]:
    shares: list[float] = model.probabilities(texts)[:, column].tolist()
    return shares


def _outside(model: IntentModel, inside: Any, outside: Any) -> OutsideFigures:
    if model.outside is None:
        raise ExampleError("--oos was given, but this model has nothing to tell what is out of scope by.")
    within, without = model.outside_scores(inside), model.outside_scores(outside)
    cost = model.outside.wrong_accept_cost
    pick = np.random.default_rng(0)

    def drawn(rows: Any) -> float:
        some = without[pick.integers(0, len(without), len(without))]
        return outside_metrics.auroc(within[rows], some)

    return OutsideFigures(
        {**outside_metrics.figures(within, without), "wrong_accept_cost": cost},
        interval(drawn, len(within)),
        outside_metrics.at_threshold(within, without, model.outside.threshold, cost),
        tuple(outside_metrics.threshold_table(within, without, cost)),
        tuple(within.tolist()),
        tuple(without.tolist()),
    )


def _compare(other: tuple[str, IntentModel], texts: Sequence[str], gold: Sequence[str], hits: Any) -> Comparison:
    name, model = other
    found = model.predict(texts)
    right = [a == b for a, b in zip(gold, found, strict=True)]
    figures = round(metrics.accuracy(gold, found), 4), round(metrics.macro_f1(gold, found), 4)
    return Comparison(name, *figures, mcnemar(hits.tolist(), right))
