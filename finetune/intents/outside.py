"""What is out of scope: how far a text lies from everything that an intent model was trained on.

Four measures, each higher the further outside: one minus the largest calibrated probability (Hendrycks and Gimpel
2017), energy (Liu et al. 2020), the distance to the nearest training texts (Sun et al. 2022), Mahalanobis' distance to
the nearest intent under one covariance for all (Lee et al. 2018). A logistic regression joins them. It learns from
texts that are outside when there are some; without them groups of intents are left out in turn, and their texts stand
for what is outside.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from finetune.evaluate.outside_metrics import cheapest
from textkit.encoders import Vectors
from textkit.errors import FrontdeskError
from textkit.head import LinearHead

if TYPE_CHECKING:
    from finetune.intents.model import Encoded, IntentModel

FEATURES = ("softmax", "energy", "nearest", "mahalanobis")
NEAREST = 5
SHRINKAGE = 0.9  # of the covariance towards a sphere; chosen on CLINC150's validation texts
WRONG_ACCEPT_COST = 2.0
FOLDS = 5
PER_LABEL = 20  # training texts of each intent while intents are left out
MOST = 20_000  # vectors kept
CHUNK = 1024
Features = NDArray[np.float32]  # shape (texts, FEATURES)


@dataclasses.dataclass(frozen=True)
class Bank:
    """What the training texts look like: their unit vectors, the means of the intents, what makes distances fair."""

    vectors: Vectors
    means: Vectors
    whitening: Vectors

    @classmethod
    def fit(cls, vectors: Vectors, labels: Sequence[str], shrinkage: float = SHRINKAGE) -> Bank:
        """`labels` has one per row."""
        names, place = np.unique(np.asarray(labels), return_inverse=True)
        means = np.array([vectors[place == n].mean(axis=0) for n in range(len(names))], dtype=np.float32)
        apart = (vectors - means[place]).astype(np.float64)
        covariance = apart.T @ apart / len(apart)
        sphere = max(float(np.trace(covariance)) / len(covariance), 1e-9)
        shrunk = (1 - shrinkage) * covariance + shrinkage * sphere * np.eye(len(covariance))
        whitening = np.linalg.cholesky(np.linalg.inv(shrunk)).astype(np.float32)
        if len(vectors) > MOST:
            vectors = vectors[np.sort(np.random.default_rng(0).choice(len(vectors), MOST, replace=False))]
        return cls(vectors, means, whitening)

    def features(self, vectors: Vectors, logits: Vectors, temperature: float) -> Features:
        """`logits` as the heads give them, not yet divided by `temperature`."""
        probable = _log_sum(logits / np.float32(temperature)) - logits.max(axis=1) / np.float32(temperature)
        columns = (1 - np.exp(-probable), -_log_sum(logits), self._nearest(vectors), self._mahalanobis(vectors))
        return np.stack(columns, axis=1).astype(np.float32)

    def _nearest(self, vectors: Vectors) -> Vectors:
        """One minus the mean cosine with the nearest training texts."""
        count = min(NEAREST, len(self.vectors))
        found = [
            np.partition(vectors[start : start + CHUNK] @ self.vectors.T, -count, axis=1)[:, -count:].mean(axis=1)
            for start in range(0, len(vectors), CHUNK)
        ]
        return 1 - np.concatenate([np.zeros(0, dtype=np.float32), *found])

    def _mahalanobis(self, vectors: Vectors) -> Vectors:
        """The squared distance to the nearest mean."""
        texts, means = vectors @ self.whitening, self.means @ self.whitening
        squares = (texts**2).sum(axis=1)[:, None] - 2 * texts @ means.T + (means**2).sum(axis=1)
        nearest: Vectors = squares.min(axis=1)
        return nearest


@dataclasses.dataclass(frozen=True)
class OutsideDetector:
    """The chance that a text is outside, by the measures together, and the limit from which on it is refused.

    Measures are compared with `centre` and `scale`: what they are for texts inside.
    """

    bank: Bank
    centre: Features
    scale: Features
    weights: Features
    bias: float
    threshold: float
    wrong_accept_cost: float
    learned_from: str

    def measures(self, vectors: Vectors, logits: Vectors, temperature: float) -> Features:
        """Each measure by itself, comparable among texts; one column per name in FEATURES."""
        return (self.bank.features(vectors, logits, temperature) - self.centre) / self.scale

    def score(self, measures: Features) -> NDArray[np.float32]:
        """The probability of being outside, from what `measures` gives."""
        odds = np.clip(measures @ self.weights + np.float32(self.bias), -30, 30)
        return np.asarray(1 / (1 + np.exp(-odds)), dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write outside.json and outside.safetensors; vectors in half precision."""
        bank = self.bank
        tensors = {"vectors": bank.vectors.astype(np.float16), "means": bank.means, "whitening": bank.whitening}
        save_file({k: np.ascontiguousarray(v) for k, v in tensors.items()}, str(folder / "outside.safetensors"))
        kept = {
            "features": FEATURES,
            "centre": self.centre.tolist(),
            "scale": self.scale.tolist(),
            "weights": self.weights.tolist(),
            "bias": self.bias,
            "threshold": self.threshold,
            "wrong_accept_cost": self.wrong_accept_cost,
            "learned_from": self.learned_from,
        }
        (folder / "outside.json").write_text(json.dumps(kept, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> OutsideDetector | None:
        """Read what `save` wrote; None where nothing was."""
        file = folder / "outside.json"
        if not file.is_file():
            return None
        kept = json.loads(file.read_text(encoding="utf-8"))
        if tuple(kept["features"]) != FEATURES:
            raise FrontdeskError(f"{file} has other measures than {', '.join(FEATURES)}.", "Train the model again.")
        tensors = load_file(str(folder / "outside.safetensors"))
        bank = Bank(tensors["vectors"].astype(np.float32), tensors["means"], tensors["whitening"])
        centre, scale, weights = (np.array(kept[name], dtype=np.float32) for name in ("centre", "scale", "weights"))
        limits = {name: kept[name] for name in ("bias", "threshold", "wrong_accept_cost", "learned_from")}
        return cls(bank, centre, scale, weights, **limits)


def fit_outside(
    model: IntentModel,
    train: tuple[Encoded, Sequence[str]],
    dev: tuple[Encoded, Sequence[str]],
    outside: Encoded | None = None,
    *,
    wrong_accept_cost: float = WRONG_ACCEPT_COST,
) -> OutsideDetector:
    """A detector for `model`; `train` and `dev` are encoded texts with their labels, `outside` texts that have none."""
    if wrong_accept_cost <= 0:
        raise FrontdeskError(f"wrong_accept_cost must be greater than 0, got {wrong_accept_cost}.")
    bank = Bank.fit(train[0].vectors, train[1])
    inside = bank.features(dev[0].vectors, model.raw_logits(dev[0]), model.temperature)
    centre, scale = _inside_of(inside)
    if outside is not None and len(outside.vectors) >= 2:
        beyond = bank.features(outside.vectors, model.raw_logits(outside), model.temperature)
        pairs = [((inside - centre) / scale, (beyond - centre) / scale)]
        source = f"{len(outside.vectors)} texts outside"
    else:
        pairs = list(_left_out(model, train, dev))
        source = "groups of intents left out in turn"
    if not pairs:  # two intents: none can be left out
        return OutsideDetector(bank, centre, scale, _EVEN, -2.0, 0.5, wrong_accept_cost, "nothing: too few intents")
    within, without = (np.vstack(rows) for rows in zip(*pairs, strict=True))
    weights, bias = _join(within, without)
    made = OutsideDetector(bank, centre, scale, weights, bias, 0.5, wrong_accept_cost, source)
    limit = cheapest(made.score(within), made.score(without), wrong_accept_cost)
    return dataclasses.replace(made, threshold=limit)


_EVEN = np.full(len(FEATURES), 0.5, dtype=np.float32)


def _left_out(
    model: IntentModel, train: tuple[Encoded, Sequence[str]], dev: tuple[Encoded, Sequence[str]]
) -> Iterator[tuple[Features, Features]]:
    """Measures of texts inside and outside, with a group of like intents left out of head and bank at a time.

    Single intents would leave their neighbours in, and be closer to what is inside than strangers' questions are. The
    head is of the meaning alone: one of the letters takes five times as long.
    """
    labels, dev_labels = np.asarray(train[1]), np.asarray(dev[1])
    names = np.unique(labels)
    few = _few_of_each(labels, names)
    groups = _groups(np.array([train[0].vectors[labels == name].mean(axis=0) for name in names]))
    for group in np.unique(groups):
        left = names[groups == group]
        out, dev_out = np.isin(labels, left), np.isin(dev_labels, left)
        if len(names) - len(left) < 2 or dev_out.all():
            continue
        head = LinearHead.fit(train[0].vectors[few & ~out], labels[few & ~out].tolist())
        bank = Bank.fit(train[0].vectors[~out], labels[~out].tolist())
        rows = (dev[0].vectors[~dev_out], dev[0].vectors[dev_out], train[0].vectors[few & out])
        inside, *beyond = (bank.features(row, head.logits(row), model.temperature) for row in rows)
        centre, scale = _inside_of(inside)
        yield (inside - centre) / scale, (np.vstack(beyond) - centre) / scale


def _few_of_each(labels: NDArray[np.str_], names: NDArray[np.str_]) -> NDArray[np.bool_]:
    pick = np.random.default_rng(0)
    few = np.zeros(len(labels), dtype=bool)
    for name in names:
        places = np.flatnonzero(labels == name)
        few[pick.choice(places, min(PER_LABEL, len(places)), replace=False)] = True
    return few


def _groups(means: Vectors) -> NDArray[np.int64]:
    """Which of `FOLDS` groups each intent belongs to, by its mean."""
    from sklearn.cluster import KMeans

    groups = KMeans(min(FOLDS, len(means)), n_init=4, random_state=0).fit_predict(means)
    return np.asarray(groups, dtype=np.int64)


def _inside_of(inside: Features) -> tuple[Features, Features]:
    """Mean and spread; the spread of a few texts may be next to nothing by chance."""
    mean = inside.mean(axis=0)
    return mean, np.maximum(inside.std(axis=0), 0.05 * np.abs(mean) + 1e-4)


def _join(inside: Features, outside: Features) -> tuple[Features, float]:
    """Weights and bias of a logistic regression; both sides weigh alike, and no measure counts the wrong way."""
    from sklearn.linear_model import LogisticRegression

    labels = np.concatenate([np.zeros(len(inside)), np.ones(len(outside))])
    rows, used = np.vstack([inside, outside]), np.arange(len(FEATURES))
    while True:
        fitted = LogisticRegression(C=1.0, class_weight="balanced", max_iter=1000).fit(rows[:, used], labels)
        if (fitted.coef_[0] > 0).all() or len(used) == 1:
            break
        used = np.delete(used, int(fitted.coef_[0].argmin()))
    weights = np.zeros(len(FEATURES), dtype=np.float32)
    weights[used] = fitted.coef_[0]
    return weights, float(fitted.intercept_[0])


def _log_sum(logits: Vectors) -> Vectors:
    top = logits.max(axis=1)
    total: Vectors = top + np.log(np.exp(logits - top[:, None]).sum(axis=1))
    return total
