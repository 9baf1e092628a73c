"""Intents on a labelled set: the frozen encoder with a head, the same with letters beside it, and a fine-tuned one.

`--split test`: choices are made on validation, and the test texts are read last. `--split dev`: the test texts are not
read; figures are of validation, of which one half chooses for the other, and the other way round.
"""

from __future__ import annotations

import dataclasses
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import mean, pstdev
from typing import Any

import numpy as np
from numpy.typing import NDArray

from finetune.benchmarks.sets import LabelledSet, folded, shots_of
from finetune.evaluate import metrics, outside_metrics
from finetune.examples import Example
from finetune.intents.model import Encoded, IntentModel
from finetune.intents.outside import FEATURES, WRONG_ACCEPT_COST, OutsideDetector, fit_outside
from textkit.encoders import Encoder
from textkit.head import softmax

LETTERS = (0.0, 0.3, 0.5, 0.7, 1.0)  # what the letters may count beside the meaning
TIMED = 1000  # texts that are labelled once more for the time alone
Train = Callable[[Sequence[Example], Sequence[Example] | None, Path, int], Path]  # examples, dev, folder, seed
Say = Callable[[str], None]


@dataclasses.dataclass(frozen=True)
class Plan:
    """What is run: which split is measured, how many examples of each label (all: None), how often, which models."""

    split: str = "test"
    shots: int | None = None
    seeds: int = 1
    frozen: bool = True
    finetuned: bool = True
    wrong_accept_cost: float = WRONG_ACCEPT_COST


def run(data: LabelledSet, plan: Plan, encoder: Encoder, train: Train, say: Say = lambda line: None) -> dict[str, Any]:
    """The figures by model; with several seeds their mean, and the standard deviation beside it."""
    runs: dict[str, list[dict[str, Any]]] = {}
    measured: Sequence[Example] = ()
    outside: Sequence[str] = ()
    for seed in range(plan.seeds):
        taught = shots_of(data.train, plan.shots, seed) if plan.shots else list(data.train)
        for name, model, seconds in _models(data, plan, taught, encoder, train, seed, say):
            if not measured:  # read when the first model stands
                measured = data.dev if plan.split == "dev" else data.test()
                outside = data.outside_dev if plan.split == "dev" else data.outside_test()
            figures = _measure(data, plan, name, model, taught, measured, outside)
            say(f"{name}, seed {seed}: accuracy {figures['accuracy']:.4f}")
            runs.setdefault(name, []).append({**figures, "seconds_train": round(seconds, 1)})
    return {name: _over_seeds(rows) for name, rows in runs.items()}


def _models(
    data: LabelledSet, plan: Plan, taught: Sequence[Example], encoder: Encoder, train: Train, seed: int, say: Say
) -> Iterator[tuple[str, IntentModel, float]]:
    """The name of each model, itself, and the seconds that its training took."""
    learned, choice = _to_choose_by(data, plan, taught, seed)
    own_split = data.dev_from_train and plan.split == "test" and not plan.shots
    if plan.frozen:
        begin = time.perf_counter()
        model = IntentModel.fit(encoder, learned, choice)
        letters = dataclasses.replace(model)
        letters.choose(model.encode([e.text for e in choice]), [e.label for e in choice], LETTERS)
        if own_split:  # what was chosen by is learned from too
            again = IntentModel.fit(encoder, [*learned, *choice], choice)
            model, letters = (_with_heads_of(again, chosen) for chosen in (model, letters))
        seconds = time.perf_counter() - begin
        yield "frozen", model, seconds
        yield "frozen_letters", letters, seconds
    if plan.finetuned:
        begin = time.perf_counter()
        with tempfile.TemporaryDirectory() as scratch:
            say(f"fine-tuning, seed {seed}")
            everything = [*learned, *choice] if own_split else learned
            # Without a validation file the training holds out some by itself, and learns from them at the end.
            made = train(everything, None if own_split else choice, Path(scratch) / "model", seed)
            model = IntentModel.load(made, 2)
            yield "finetuned", model, time.perf_counter() - begin


def _with_heads_of(heads: IntentModel, choices: IntentModel) -> IntentModel:
    return dataclasses.replace(heads, letters_weight=choices.letters_weight, temperature=choices.temperature)


def _to_choose_by(
    data: LabelledSet, plan: Plan, taught: Sequence[Example], seed: int
) -> tuple[Sequence[Example], Sequence[Example]]:
    """A validation file of thousands would not be few: as many examples as there are to learn from choose."""
    if not plan.shots:
        return taught, data.dev
    used = {(e.text, e.label) for e in taught}
    return taught, shots_of([e for e in data.train if (e.text, e.label) not in used], plan.shots, seed)


def _measure(
    data: LabelledSet,
    plan: Plan,
    name: str,
    model: IntentModel,
    taught: Sequence[Example],
    measured: Sequence[Example],
    outside: Sequence[str],
) -> dict[str, Any]:
    texts, gold = [e.text for e in measured], [e.label for e in measured]
    encoded = model.encode(texts)
    seconds = _seconds_to_predict(model, texts)
    weights = (0.0,) if name == "frozen" else LETTERS if name == "frozen_letters" else (model.letters_weight,)
    chosen = _choose(plan, model, encoded, gold, weights)
    shares = np.concatenate([softmax(part.logits(encoded[rows])) for rows, part in chosen])
    order = np.concatenate([rows for rows, _ in chosen])
    shares = shares[np.argsort(order)]
    figures = _classified(model, gold, shares)
    known = {folded(e.text) for e in taught} | ({folded(e.text) for e in data.dev} if plan.split == "test" else set())
    new = [n for n, text in enumerate(texts) if folded(text) not in known]
    if new:
        right = [gold[n] == model.labels[shares[n].argmax()] for n in new]
        figures |= {"duplicates": len(texts) - len(new), "accuracy_without_duplicates": round(float(np.mean(right)), 4)}
    figures |= {"letters_weight": chosen[0][1].letters_weight, "seconds_predict": round(seconds, 2)}
    if name == "frozen_letters":
        alone = model.letters.logits(encoded.letters).argmax(axis=1)
        figures["accuracy_letters_alone"] = round(metrics.accuracy(gold, [model.labels[n] for n in alone]), 4)
    if outside and not plan.shots:
        train_encoded = (model.encode([e.text for e in taught]), [e.label for e in taught])
        figures |= _outside(data, plan, chosen, train_encoded, (encoded, gold), outside)
    return figures


def _seconds_to_predict(model: IntentModel, texts: Sequence[str]) -> float:
    """By an encoder that does not remember texts; of many texts it is reckoned from the first TIMED."""
    fresh = dataclasses.replace(model, encoder=getattr(model.encoder, "encoder", model.encoder))
    timed = texts[:TIMED]
    begin = time.perf_counter()
    fresh.predict(timed)
    return (time.perf_counter() - begin) * len(texts) / len(timed)


def _choose(
    plan: Plan, model: IntentModel, encoded: Encoded, gold: Sequence[str], weights: Sequence[float]
) -> list[tuple[NDArray[np.int64], IntentModel]]:
    """Rows of what is measured, and the model with the choices for them, which were not made on them."""
    everything = np.arange(len(gold))
    if plan.shots or plan.split == "test":
        return [(everything, model)]
    half = np.random.default_rng(0).permutation(len(gold)) % 2 == 0
    parts = []
    for measured in (half, ~half):
        part = dataclasses.replace(model)
        part.choose(encoded[~measured], [gold[n] for n in np.flatnonzero(~measured).tolist()], weights)
        parts.append((np.flatnonzero(measured), part))
    return parts


def _classified(model: IntentModel, gold: Sequence[str], shares: metrics.Shares) -> dict[str, Any]:
    found = [model.labels[n] for n in shares.argmax(axis=1)]
    right = np.array([model.labels.index(label) if label in model.labels else -1 for label in gold])
    honest = metrics.calibration(shares, right)
    return {
        "texts": len(gold),
        "accuracy": round(metrics.accuracy(gold, found), 4),
        "macro_f1": round(metrics.macro_f1(gold, found), 4),
        "ece": honest.ece,
        "nll": honest.nll,
    }


def _outside(
    data: LabelledSet,
    plan: Plan,
    chosen: Sequence[tuple[NDArray[np.int64], IntentModel]],
    train: tuple[Encoded, Sequence[str]],
    measured: tuple[Encoded, Sequence[str]],
    outside: Sequence[str],
) -> dict[str, Any]:
    """Each measure by itself, all joined (learned from texts outside), and joined without any (intents left out)."""
    model = chosen[0][1]
    beyond, cost = model.encode(outside), plan.wrong_accept_cost
    odd = np.random.default_rng(0).permutation(len(outside)) % 2 == 0
    found: dict[str, tuple[list[Any], list[Any]]] = {}
    limits: list[outside_metrics.Threshold] = []
    for number, (rows, part) in enumerate(chosen):
        if plan.split == "dev":
            others = np.setdiff1d(np.arange(len(measured[1])), rows) if len(chosen) > 1 else rows
            dev = (measured[0][others], [measured[1][n] for n in others])
            known: Encoded | None = beyond[odd == bool(number)]
            tested = beyond[odd != bool(number)]
        else:
            dev = (part.encode([e.text for e in data.dev]), [e.label for e in data.dev])
            known = part.encode(data.outside_dev) if data.outside_dev else None
            tested = beyond
        detectors = {"outside_left_out": fit_outside(part, train, dev, wrong_accept_cost=cost)}
        if known is not None:
            detectors["outside"] = fit_outside(part, train, dev, known, wrong_accept_cost=cost)
        for name, detector in detectors.items():
            within, without = (_measures(detector, part, texts) for texts in (measured[0][rows], tested))
            scores = found.setdefault(name, ([], []))
            for side, values in zip(scores, (within, without), strict=True):
                side.append(detector.score(values))
        for column, name in enumerate(FEATURES):
            alone = found.setdefault(f"outside_{name}", ([], []))
            for side, values in zip(alone, (within, without), strict=True):
                side.append(values[:, column])
        best = detectors.get("outside", detectors["outside_left_out"])
        pair = (best.score(within), best.score(without))
        limits.append(outside_metrics.at_threshold(*pair, best.threshold, cost))
    figures = {n: outside_metrics.figures(*(np.concatenate(side) for side in pair)) for n, pair in found.items()}
    joined = figures["outside"] if "outside" in figures else figures["outside_left_out"]
    at = {key: round(mean(getattr(row, key) for row in limits), 4) for key in ("accepted_wrongly", "refused_wrongly")}
    return {**joined, **at, "outside_texts": len(outside), "detectors": figures}


def _measures(detector: OutsideDetector, model: IntentModel, texts: Encoded) -> Any:
    return detector.measures(texts.vectors, model.raw_logits(texts), model.temperature)


def _over_seeds(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    if len(rows) == 1:
        return rows[0]
    figures: dict[str, Any] = {"seeds": len(rows)}
    for key, value in rows[0].items():
        values = [row[key] for row in rows]
        if isinstance(value, dict):
            figures[key] = values
        elif key == "letters_weight":
            figures[key] = dict(Counter(str(v) for v in values))
        else:
            figures[key] = round(mean(values), 4)
            if key in ("accuracy", "macro_f1", "auroc", "fpr95"):
                figures[f"{key}_std"] = round(pstdev(values), 4)
    return figures
