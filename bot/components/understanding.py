"""What one language's messages mean: encoders, linear heads, and how far a message lies from every intent.

The classes are the intents and `ask`, which stands for everything else: a question to the documents, or nothing that
the bot knows. A share of the examples is held out of the heads to learn three things from: the temperature that makes
its probabilities honest, the weights of the out-of-scope score, and the threshold of that score.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from textkit.encoders import Encoder, Vectors
from textkit.head import LinearHead, TwoHeads, softmax
from textkit.lexical import LexicalEncoder

HELD_OUT = 0.2
COMPARED_DIMENSIONS = 256  # every message is compared with all examples: a quarter of the time that all would take
NEAREST = 5
FEATURES = ("inside_odds", "energy", "nearest_inside", "nearest_outside", "lead")
TEMPERATURES = np.geomspace(0.3, 3.0, 60)


@dataclasses.dataclass(frozen=True)
class Outside:
    """How a message is told from everything that the intents cover: the chance that it is outside, and its limit."""

    weights: Mapping[str, float]
    bias: float
    threshold: float

    def score(self, features: Mapping[str, float]) -> float:
        """The probability that a message with these features is outside."""
        logit = self.bias + sum(self.weights[name] * features[name] for name in FEATURES)
        return float(1 / (1 + np.exp(-np.clip(logit, -30, 30))))


# Where there are too few examples to hold any out: whatever the head thinks likelier.
EVEN = Outside({**dict.fromkeys(FEATURES, 0.0), "inside_odds": -1.0}, 0.0, 0.5)


@dataclasses.dataclass(frozen=True)
class Reading:
    """What a message seems to mean; `ranking` has calibrated probabilities, `raw` those of the head."""

    ranking: list[tuple[str, float]]
    raw: dict[str, float]
    outside: float
    nearest: list[tuple[str, str, float]]  # text and intent of the examples most alike, with their cosine


@dataclasses.dataclass(frozen=True)
class Encoded:
    """Texts by their meaning (all encoders side by side) and by their letters alone (TF-IDF, as many columns)."""

    vectors: Vectors
    letters: sparse.csr_matrix

    def __getitem__(self, rows: NDArray[np.bool_]) -> Encoded:
        return Encoded(self.vectors[rows], self.letters[rows])


@dataclasses.dataclass(frozen=True)
class Encoders:
    """A lexical encoder and any number of pretrained ones, side by side.

    Short social messages are told apart by their letters, so the lexical one is always there. Vectors of a pretrained
    one are centred: some lie in a narrow cone, where a linear head sees little.
    """

    lexical: LexicalEncoder
    pretrained: Sequence[Encoder]
    centres: Sequence[Vectors]
    scales: Sequence[float]
    lexical_weight: float = 0.7

    @classmethod
    def fit(cls, texts: Sequence[str], dimensions: int, pretrained: Sequence[Encoder]) -> tuple[Encoders, Encoded]:
        """The encoders fitted to `texts`, and these encoded."""
        lexical = LexicalEncoder.fit(texts, dimensions)
        frozen = [encoder.encode(texts) for encoder in pretrained]
        centres = [vectors.mean(axis=0) for vectors in frozen]
        scales = [float(np.linalg.norm(v - c, axis=1).mean()) for v, c in zip(frozen, centres, strict=True)]
        made = cls(lexical, pretrained, centres, scales)
        return made, made._join(frozen, lexical.weigh(texts))

    def encode(self, texts: Sequence[str]) -> Encoded:
        """One row per text."""
        return self._join([encoder.encode(texts) for encoder in self.pretrained], self.lexical.weigh(texts))

    def _join(self, frozen: Sequence[Vectors], letters: sparse.csr_matrix) -> Encoded:
        parts = [(v - c) / s for v, c, s in zip(frozen, self.centres, self.scales, strict=True)]
        vectors = np.hstack([*parts, self.lexical_weight * self.lexical.project(letters)])
        return Encoded(vectors.astype(np.float32), letters)

    def save(self, folder: Path) -> None:
        """Write all but the pretrained encoders, which stay in the registry."""
        from safetensors.numpy import save_file

        self.lexical.save(folder)
        numbered = {f"centre_{n}": np.ascontiguousarray(centre) for n, centre in enumerate(self.centres)}
        save_file({"scales": np.array(self.scales, dtype=np.float32), **numbered}, str(folder / "centres.safetensors"))

    @classmethod
    def load(cls, folder: Path, pretrained: Sequence[Encoder]) -> Encoders:
        """Read what `save` wrote."""
        from safetensors.numpy import load_file

        kept = load_file(str(folder / "centres.safetensors"))
        centres = [kept[f"centre_{n}"] for n in range(len(pretrained))]
        return cls(LexicalEncoder.load(folder), pretrained, centres, kept["scales"].tolist())


@dataclasses.dataclass(frozen=True)
class Understanding:
    """The model of one language."""

    encoders: Encoders
    heads: TwoHeads
    temperature: float
    outside: Outside
    examples: Sequence[tuple[str, str]]  # text and intent
    vectors: Vectors  # of the examples, at unit length, in their main `directions`
    directions: Vectors  # shape (dimensions, at most COMPARED_DIMENSIONS)
    otherwise: str  # the intent that stands for everything else

    @classmethod
    def fit(
        cls,
        examples: Sequence[tuple[str, str]],
        config: Mapping[str, Any],
        pretrained: Sequence[Encoder],
        seed: int = 0,
    ) -> Understanding:
        """Fit on texts with their intents; deterministic. Takes some seconds for 10,000."""
        texts, intents = [text for text, _ in examples], [intent for _, intent in examples]
        encoders, encoded = Encoders.fit(texts, config["lexical_dimensions"], pretrained)
        otherwise = config["fallback_intent"]
        held = _held_out(intents, seed)
        directions = _main_directions(_unit(encoded.vectors))
        unit = _unit(encoded.vectors) @ directions
        temperature, outside = 1.0, EVEN
        if held.any() and otherwise in intents and len(set(intents)) > 2:
            known = [intent for intent, out in zip(intents, held, strict=True) if not out]
            heads = _fit_heads(encoded[~held], known, config)
            logits = heads.logits(encoded.vectors[held], encoded.letters[held])
            asked = [intent for intent, out in zip(intents, held, strict=True) if out]
            temperature = _temperature(logits, heads.labels, asked)
            near = [n for n, out in enumerate(held) if not out]
            shown = [examples[n] for n in near]
            partial = cls(encoders, heads, temperature, outside, shown, unit[near], directions, otherwise)
            similar = unit[held] @ unit[near].T
            features = [partial.features(*pair) for pair in zip(logits, similar, strict=True)]
            outside = _fit_outside(features, [intent == otherwise for intent in asked], config["wrong_start_cost"])
        heads = _fit_heads(encoded, intents, config)
        return cls(encoders, heads, temperature, outside, list(examples), unit, directions, otherwise)

    def read(self, texts: Sequence[str]) -> list[Reading]:
        """What each text seems to mean."""
        encoded = self.encoders.encode(texts)
        similar = (_unit(encoded.vectors) @ self.directions) @ self.vectors.T
        logits = self.heads.logits(encoded.vectors, encoded.letters)
        return [self._read(*pair) for pair in zip(logits, similar, strict=True)]

    def likeliest(self, texts: Sequence[str]) -> list[tuple[str, float]]:
        """The first of each text's ranking, without the rest of its reading."""
        encoded = self.encoders.encode(texts)
        logits = self.heads.logits(encoded.vectors, encoded.letters)
        shares = softmax(logits / self.temperature)
        return [(self.heads.labels[int(row.argmax())], float(row.max())) for row in shares]

    def shares_by_letters(self, texts: Sequence[str]) -> Vectors:
        """What the letters alone say: a row of probabilities per text, in the order of the labels; takes no encoder."""
        return softmax(self.heads.second.logits(self.encoders.lexical.weigh(texts)))

    def _read(self, logits: Vectors, similar: Vectors) -> Reading:
        shares, raw = softmax(np.stack([logits / self.temperature, logits]))
        order = np.argpartition(-similar, NEAREST)[:NEAREST] if len(similar) > NEAREST else np.arange(len(similar))
        order = order[np.argsort(-similar[order])]
        return Reading(
            [(self.heads.labels[n], float(shares[n])) for n in np.argsort(-shares)],
            dict(zip(self.heads.labels, raw.tolist(), strict=True)),
            self.outside.score(self.features(logits, similar)),
            [(*self.examples[n], round(float(similar[n]), 3)) for n in order],
        )

    def features(self, logits: Vectors, similar: Vectors) -> dict[str, float]:
        """What the out-of-scope score is made of; `similar` are the cosines with all examples."""
        if self.otherwise not in self.heads.labels:
            return dict.fromkeys(FEATURES, 0.0)
        inside = np.array([label != self.otherwise for label in self.heads.labels])
        scaled = logits / self.temperature
        known, others = _log_sum(scaled[inside]), float(scaled[~inside][0])
        near = [_mean_of_highest(similar[mask]) for mask in (self._inside, ~self._inside)]
        return {
            "inside_odds": float(np.clip(known - others, -10, 10)),
            "energy": float(_log_sum(scaled) / 10),
            "nearest_inside": near[0],
            "nearest_outside": near[1],
            "lead": near[0] - near[1],
        }

    @cached_property
    def _inside(self) -> NDArray[np.bool_]:
        """Which examples are of an intent."""
        return np.array([intent != self.otherwise for _, intent in self.examples])

    def save(self, folder: Path) -> None:
        """Write everything but the pretrained encoders."""
        from safetensors.numpy import save_file

        folder.mkdir()
        self.encoders.save(folder)
        self.heads.save(folder)
        compared: dict[str, NDArray[Any]] = {"vectors": self.vectors.astype(np.float16), "directions": self.directions}
        save_file(compared, str(folder / "examples.safetensors"))
        kept = {
            "temperature": self.temperature,
            "outside": dataclasses.asdict(self.outside),
            "otherwise": self.otherwise,
            "examples": self.examples,
        }
        (folder / "understanding.json").write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, pretrained: Sequence[Encoder]) -> Understanding:
        """Read what `save` wrote."""
        from safetensors.numpy import load_file

        kept = json.loads((folder / "understanding.json").read_text(encoding="utf-8"))
        compared = load_file(str(folder / "examples.safetensors"))
        return cls(
            Encoders.load(folder, pretrained),
            TwoHeads.load(folder),
            kept["temperature"],
            Outside(**kept["outside"]),
            [(text, intent) for text, intent in kept["examples"]],
            compared["vectors"].astype(np.float32),
            compared["directions"],
            kept["otherwise"],
        )


def _fit_heads(encoded: Encoded, intents: Sequence[str], config: Mapping[str, Any]) -> TwoHeads:
    """One for the meaning and one for the letters, side by side: most of the time of training goes here."""
    with ThreadPoolExecutor(2) as pool:
        meaning = pool.submit(LinearHead.fit, encoded.vectors, intents, config["strength"])
        letters = pool.submit(LinearHead.fit, encoded.letters, intents, config["letters_strength"])
        return TwoHeads(meaning.result(), letters.result(), config["letters_weight"])


def _held_out(intents: Sequence[str], seed: int) -> NDArray[np.bool_]:
    """A share of each intent's examples; none of an intent that has too few to spare any."""
    pick = np.random.default_rng(seed)
    held = np.zeros(len(intents), dtype=bool)
    for intent in sorted(set(intents)):
        places = np.flatnonzero([other == intent for other in intents])
        count = int(len(places) * HELD_OUT)
        if len(places) - count >= 4:
            held[pick.choice(places, count, replace=False)] = True
    return held


def _temperature(logits: Vectors, labels: Sequence[str], intents: Sequence[str]) -> float:
    """That which makes the held-out labels likeliest (Guo et al. 2017)."""
    right = np.array([labels.index(intent) for intent in intents])
    rows = np.arange(len(right))

    def surprise(temperature: float) -> float:
        return -float(np.mean([_log_softmax(logits[n] / temperature)[right[n]] for n in rows]))

    return float(min(TEMPERATURES, key=surprise))


def _fit_outside(features: Sequence[Mapping[str, float]], outside: Sequence[bool], cost: float) -> Outside:
    """A logistic regression, and the threshold with the least cost, as many messages inside as outside.

    Taking a message that is outside for an intent costs `cost` times as much as asking the documents about one that
    is inside.
    """
    from sklearn.linear_model import LogisticRegression

    matrix = np.array([[row[name] for name in FEATURES] for row in features])
    labels = np.array(outside)
    model = LogisticRegression(C=1.0, class_weight="balanced", max_iter=1000).fit(matrix, labels)
    scores = model.predict_proba(matrix)[:, 1]
    choices = np.unique(np.concatenate([scores, [0.5]]))
    costs = [cost * (scores[labels] < t).mean() + (scores[~labels] >= t).mean() for t in choices]
    best = choices[int(np.argmin(costs))]
    return Outside(dict(zip(FEATURES, model.coef_[0].tolist(), strict=True)), float(model.intercept_[0]), float(best))


def _mean_of_highest(values: Vectors) -> float:
    highest = np.partition(values, -NEAREST)[-NEAREST:] if len(values) > NEAREST else values
    return float(highest.mean())


def _main_directions(vectors: Vectors) -> Vectors:
    """The eigenvectors of the largest second moments; not centred, so that products of vectors are kept."""
    _, found = np.linalg.eigh(vectors.T @ vectors)
    return np.ascontiguousarray(found[:, ::-1][:, :COMPARED_DIMENSIONS], dtype=np.float32)


def _unit(vectors: Vectors) -> Vectors:
    scaled: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return scaled


def _log_softmax(logits: Vectors) -> Vectors:
    shifted: Vectors = logits - logits.max()
    return shifted - np.log(np.exp(shifted).sum())


def _log_sum(logits: Vectors) -> float:
    top = float(logits.max())
    return top + float(np.log(np.exp(logits - top).sum()))
