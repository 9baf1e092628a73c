"""Fits the weights of answering on training and development questions: which unit answers, and the gate.

The unit model is a softmax over the candidates of a question (listwise), the gate a logistic regression over the
evidence of the best answer; both with an L2 penalty, both by L-BFGS. The gate learns from rankings that did not see
the question (cross-fitted in FOLDS parts), so that it meets in training the same kind of scores as in service.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from finetune.benchmarks.questions import GoldQuestion, auroc, has_values, read_questions
from knowledge.answerer import Answerer
from knowledge.chunks import unit_text
from knowledge.composer import compose
from knowledge.evidence import Candidate, Question, candidates, evidence
from knowledge.follow_up import rewrite
from knowledge.language_index import LanguageIndex
from knowledge.retriever import Retrieval
from textkit.errors import FrontdeskError
from textkit.language import Language, detect_language, other_language

FOLDS = 8
UNIT_PENALTY = 1.0
GATE_PENALTY = 30.0
Matrix = NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class Example:
    """A question with its candidates; `right` says which of them hold the gold value in a gold document."""

    gold: GoldQuestion
    question: Question
    found: Retrieval
    candidates: list[Candidate]
    right: NDArray[np.bool_]


@dataclasses.dataclass(frozen=True)
class Tuned:
    """Weights, and figures for questions that they did not see (cross-validated)."""

    weights: dict[str, Any]
    figures: dict[str, float]


def questions_own(folder: Path, language: Language) -> list[GoldQuestion]:
    """What the weights of documents in `language` are fitted on."""
    return [gold for split in ("train", "dev") for gold in read_questions(folder / f"{split}_{language}.jsonl")]


def questions_across(folder: Path, language: Language) -> list[GoldQuestion]:
    """What those for questions in the other language are fitted on.

    Questions that the documents in their own language do not answer come here too, and must not find anything.
    """
    other = other_language(language)
    across = [g for g in read_questions(folder / "train_cross.jsonl") if detect_language(g.question) == other]
    return across + [g for g in questions_own(folder, other) if not g.answerable]


Read = Callable[[GoldQuestion], tuple[Question, Retrieval]]


def reads_own(answerer: Answerer, index: LanguageIndex) -> Read:
    """Questions in the language of the documents, as the answerer reads them."""

    def read(gold: GoldQuestion) -> tuple[Question, Retrieval]:
        text = rewrite(gold.question, gold.previous, index.language)
        return answerer.read_own(index, text)

    return read


def reads_across(answerer: Answerer, index: LanguageIndex) -> Read:
    """Questions in the other language."""
    return lambda gold: answerer.read_across(index, gold.question)


def examples(index: LanguageIndex, golds: Sequence[GoldQuestion], read: Read) -> list[Example]:
    """Retrieve for every question and label its candidates."""
    made = []
    for gold in golds:
        question, found = read(gold)
        listed = candidates(index, question, found)
        right = np.array([gold.answerable and _holds(index, gold, c) for c in listed], dtype=bool)
        made.append(Example(gold, question, found, listed, right))
    return made


def _holds(index: LanguageIndex, gold: GoldQuestion, candidate: Candidate) -> bool:
    document = index.text.documents[candidate.passage.document_id]
    shown = f"{' '.join(candidate.passage.headings)} {unit_text(document, candidate.unit)}"
    return document.source in gold.documents and has_values(shown, gold.values[:1])


def tune(index: LanguageIndex, golds: Sequence[GoldQuestion], keep: float, read: Read) -> Tuned:
    """The weights for `index.language`; the threshold lets `keep` of the answerable questions through."""
    if {gold.answerable for gold in golds} != {True, False}:
        raise FrontdeskError("Tuning needs both answerable and unanswerable questions.", "Add what is missing.")
    made = examples(index, golds, read)
    names = sorted(made[0].candidates[0].features)
    matrices = [np.array([[c.features[n] for n in names] for c in e.candidates]) for e in made]
    folds = np.random.default_rng(0).permutation(len(made)) % FOLDS
    facts: list[dict[str, float]] = [{}] * len(made)
    ranked: list[tuple[list[Candidate], list[float]]] = [([], [])] * len(made)
    for fold in range(FOLDS):
        unit = _fit_units([(m, e.right) for m, e, f in zip(matrices, made, folds, strict=True) if f != fold])
        for n in np.flatnonzero(folds == fold):
            ranked[n] = _ranked(made[n], matrices[n] @ unit)
            facts[n] = evidence(index, made[n].question, made[n].found, *ranked[n])
    answerable = np.array([e.gold.answerable for e in made])
    gate_names = sorted(facts[0])
    matrix = np.array([[f[n] for n in gate_names] for f in facts])
    confidence = np.empty(len(made))
    for fold in range(FOLDS):
        inside = folds != fold
        weights, bias = _fit_gate(matrix[inside], answerable[inside])
        confidence[~inside] = _sigmoid(matrix[~inside] @ weights + bias)
    weights, bias = _fit_gate(matrix, answerable)
    unit = _fit_units([(m, e.right) for m, e in zip(matrices, made, strict=True)])
    threshold = float(np.quantile(confidence[answerable], 1 - keep))
    fitted = {
        "unit": _named(names, unit),
        "gate": _named(gate_names, weights),
        "gate_bias": round(float(bias), 4),
        "threshold": round(threshold, 4),
    }
    return Tuned(fitted, _figures(index, made, ranked, confidence, threshold))


def _ranked(example: Example, logits: Matrix) -> tuple[list[Candidate], list[float]]:
    shares = _softmax(logits)
    order = np.argsort(-shares, kind="stable")
    return [example.candidates[n] for n in order], shares[order].tolist()


def _figures(
    index: LanguageIndex,
    made: Sequence[Example],
    ranked: Sequence[tuple[list[Candidate], list[float]]],
    confidence: Matrix,
    threshold: float,
) -> dict[str, float]:
    """What `bench questions` would say of questions that the weights did not see."""
    first, right, abstained = [], [], []
    for example, (listed, shares), chance in zip(made, ranked, confidence, strict=True):
        if not example.gold.answerable:
            abstained.append(chance < threshold)
            continue
        documents = [index.text.documents[c.passage.document_id] for c in listed]
        first.append(documents[0].source in example.gold.documents)
        shown = [(index.text.documents[c.passage.document_id], c.unit) for c in compose(listed, shares)]
        text = "\n".join(unit_text(document, unit) for document, unit in shown)
        cited = any(document.source in example.gold.documents for document, _ in shown)
        right.append(chance >= threshold and cited and has_values(text, example.gold.values))
    answerable = np.array([e.gold.answerable for e in made])
    return {
        "recall@1": float(np.mean(first)),
        "answered_right": float(np.mean(right)),
        "abstained": float(np.mean(abstained)),
        "auroc": auroc(confidence[answerable].tolist(), confidence[~answerable].tolist()),
    }


def _fit_units(sets: Sequence[tuple[Matrix, NDArray[np.bool_]]]) -> Matrix:
    """Weights over the raw features, fitted on scaled ones: similarities of some encoders differ by hundredths."""
    spread = np.concatenate([matrix for matrix, _ in sets]).std(axis=0) + 1e-6
    usable = [(matrix / spread, right) for matrix, right in sets if right.any()]

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        total, slope = UNIT_PENALTY / 2 * float(weights @ weights), UNIT_PENALTY * weights
        for matrix, right in usable:
            shares = _softmax(matrix @ weights)
            mass = float(shares[right].sum()) + 1e-12
            total -= float(np.log(mass))
            slope = slope + matrix.T @ (shares - np.where(right, shares / mass, 0.0))
        return total, slope

    start = np.zeros(usable[0][0].shape[1])
    fitted: Matrix = minimize(loss, start, jac=True, method="L-BFGS-B").x / spread
    return fitted


def _fit_gate(matrix: Matrix, answerable: NDArray[np.bool_]) -> tuple[Matrix, float]:
    """Weights over the raw features, fitted on standardised ones; both classes weigh alike."""
    mean, spread = matrix.mean(axis=0), matrix.std(axis=0) + 1e-6
    scaled = (matrix - mean) / spread
    size = len(answerable) / 2
    importance = np.where(answerable, size / answerable.sum(), size / (~answerable).sum())

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        chance = np.clip(_sigmoid(scaled @ weights[1:] + weights[0]), 1e-9, 1 - 1e-9)
        error = importance * (chance - answerable)
        surprise = -importance * np.log(np.where(answerable, chance, 1 - chance))
        slope = np.concatenate([[error.sum()], scaled.T @ error + GATE_PENALTY * weights[1:]])
        return float(surprise.sum() + GATE_PENALTY / 2 * weights[1:] @ weights[1:]), slope

    fitted = minimize(loss, np.zeros(matrix.shape[1] + 1), jac=True, method="L-BFGS-B").x
    weights = fitted[1:] / spread
    return weights, float(fitted[0] - mean @ weights)


def _softmax(logits: Matrix) -> Matrix:
    odds = np.exp(logits - logits.max())
    shares: Matrix = odds / odds.sum()
    return shares


def _sigmoid(logits: Matrix) -> Matrix:
    chance: Matrix = 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
    return chance


def _named(names: Sequence[str], weights: Matrix) -> dict[str, float]:
    return {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}


def write_weights(weights: dict[str, Any], file: Path) -> None:
    """Write what knowledge/weights.py reads."""
    file.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")
