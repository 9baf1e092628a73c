"""An intent model on disk: what encodes, what decides, and how sure it is.

    manifest.json, model.onnx, tokenizer.json       the encoder, as the registry keeps encoders: OnnxEncoder opens it
    lexical.json, lexical.safetensors               letters and words beside the meaning
    head_meaning.*, head_letters.*, intent.json     the heads, what the letters count, the temperature
    outside.json, outside.safetensors               where there is one: what tells texts that no intent covers

The folder is flat, so that the registry's digest covers it. Every vector comes from the exported encoder, in training
too: the figures of a model are those of what will be in service.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from scipy import sparse

from finetune.examples import Example
from finetune.intents.outside import OutsideDetector
from textkit.classifier import read_head
from textkit.encoders import Encoder, OnnxEncoder, Vectors
from textkit.errors import FrontdeskError
from textkit.head import LinearHead, softmax
from textkit.lexical import LexicalEncoder

KIND = "intent"
FITTED, TRAINED = "fitted", "trained"  # heads: to the exported encoder's vectors, or as part of the network
TEMPERATURES = np.geomspace(0.05, 5.0, 80)
Logits = NDArray[np.float32]


@dataclasses.dataclass(frozen=True)
class Encoded:
    """Texts by their meaning (dense, unit length) and by their letters (TF-IDF)."""

    vectors: Vectors
    letters: sparse.csr_matrix

    def __getitem__(self, rows: NDArray[np.generic]) -> Encoded:
        return Encoded(self.vectors[rows], self.letters[rows])


@dataclasses.dataclass
class IntentModel:
    """Texts to labels with calibrated probabilities."""

    encoder: Encoder
    lexical: LexicalEncoder
    meaning: LinearHead
    letters: LinearHead
    letters_weight: float = 0.0  # 0: the meaning alone decides
    temperature: float = 1.0
    outside: OutsideDetector | None = None  # finetune/intents/outside.py fits it
    head: str = FITTED  # what `meaning` is

    @property
    def labels(self) -> tuple[str, ...]:
        """In the order of the columns."""
        return self.meaning.labels

    @classmethod
    def fit(
        cls,
        encoder: Encoder,
        train: Sequence[Example],
        dev: Sequence[Example],
        *,
        strength: float = 20.0,
        letters_strength: float = 60.0,
        letters_weights: Sequence[float] = (0.0,),
        letters_of: IntentModel | None = None,
        trained: LinearHead | None = None,
    ) -> IntentModel:
        """Heads on `encoder` fitted to `train`; `dev` chooses among `letters_weights` and sets the temperature.

        `letters_of` is a model of another encoder fitted to the same texts: its letters are taken as they are.
        `trained` is a head that the encoder was trained with: `dev` chooses between it and the fitted one.
        """
        texts, labels = [e.text for e in train], [e.label for e in train]
        head = _fit_centred(encoder.encode(texts), labels, strength)
        if letters_of:
            lexical, letters = letters_of.lexical, letters_of.letters
        else:
            lexical = LexicalEncoder.fit(texts, 2)  # its projection is not used
            letters = LinearHead.fit(lexical.weigh(texts), labels, letters_strength)
        model = cls(encoder, lexical, head, letters)
        model.choose(model.encode([e.text for e in dev]), [e.label for e in dev], letters_weights, trained)
        return model

    def choose(
        self,
        encoded: Encoded,
        labels: Sequence[str],
        letters_weights: Sequence[float],
        trained: LinearHead | None = None,
    ) -> None:
        """Take the weight with which most of these texts come out right, and the temperature that fits them.

        A `trained` head is taken where more come out right with it. Its logits are first made as large as those of the
        head that is there, by their temperatures: beside them letters count, and distances are measured, alike.
        """
        right = np.array([self.labels.index(label) for label in labels])
        heads = {self.head: self.meaning}
        if trained:
            own, other = (_surprise(head.logits(encoded.vectors), right)[1] for head in (self.meaning, trained))
            heads[TRAINED] = trained.times(own / other)
        found: dict[tuple[str, float], tuple[float, float]] = {}
        for name, head in heads.items():
            self.meaning = head
            found |= {(name, w): _surprise(self._logits(encoded, w), right) for w in letters_weights}
        self.head, self.letters_weight = max(found, key=lambda way: (found[way][0], way[0] == FITTED, -way[1]))
        self.meaning, self.temperature = heads[self.head], found[self.head, self.letters_weight][1]

    def encode(self, texts: Sequence[str]) -> Encoded:
        """One row per text."""
        return Encoded(self.encoder.encode(texts), self.lexical.weigh(texts))

    def logits(self, encoded: Encoded) -> Logits:
        """Calibrated: their softmax are honest probabilities; shape (texts, labels)."""
        return self.raw_logits(encoded) / np.float32(self.temperature)

    def raw_logits(self, encoded: Encoded) -> Logits:
        """As the heads give them, before the temperature."""
        return self._logits(encoded, self.letters_weight)

    def outside_scores(self, encoded: Encoded) -> NDArray[np.float32]:
        """The chance that each text is out of scope; the model must have an `outside`."""
        if self.outside is None:
            raise FrontdeskError("The model has nothing to tell what is out of scope by.", "Train it again.")
        measures = self.outside.measures(encoded.vectors, self.raw_logits(encoded), self.temperature)
        return self.outside.score(measures)

    def _logits(self, encoded: Encoded, weight: float) -> Logits:
        total = self.meaning.logits(encoded.vectors)
        return total + np.float32(weight) * self.letters.logits(encoded.letters) if weight else total

    def probabilities(self, texts: Sequence[str]) -> Logits:
        """Shape (texts, labels); rows sum to 1."""
        return softmax(self.logits(self.encode(texts)))

    def predict(self, texts: Sequence[str]) -> list[str]:
        """The likeliest label of each text."""
        return [self.labels[n] for n in self.logits(self.encode(texts)).argmax(axis=1)]

    def save(self, folder: Path) -> None:
        """Write all but the encoder's files into `folder`, which exists."""
        self.lexical.save(folder)
        for name, head in (("head_meaning", self.meaning), ("head_letters", self.letters)):
            tensors = {"weights": np.ascontiguousarray(head.weights), "bias": head.bias}
            save_file(tensors, str(folder / f"{name}.safetensors"))
        numbers = {"letters_weight": self.letters_weight, "temperature": self.temperature}
        kept = {"labels": self.labels, "head": self.head, **numbers}
        (folder / "intent.json").write_text(json.dumps(kept, ensure_ascii=False, indent=1), encoding="utf-8")
        if self.outside:
            self.outside.save(folder)

    @classmethod
    def load(cls, folder: Path, threads: int = 1) -> IntentModel:
        """Read what `save` wrote, and the encoder beside it."""
        kept = json.loads((folder / "intent.json").read_text(encoding="utf-8"))
        files = [folder / f"{name}.safetensors" for name in ("head_meaning", "head_letters")]
        meaning, letters = (read_head(file, tuple(kept["labels"])) for file in files)
        encoder, lexical = OnnxEncoder(folder, threads), LexicalEncoder.load(folder)
        numbers = (kept["letters_weight"], kept["temperature"], OutsideDetector.load(folder))
        return cls(encoder, lexical, meaning, letters, *numbers, kept.get("head", FITTED))


def _fit_centred(vectors: Vectors, labels: Sequence[str], strength: float) -> LinearHead:
    """A head for vectors as they come, fitted to them around their centre and at a spread of 1.

    Some encoders' vectors lie in a narrow cone, where a fit to the raw ones ends before it has begun.
    """
    centre = vectors.mean(axis=0)
    scale = max(float(np.linalg.norm(vectors - centre, axis=1).mean()), 1e-9)
    head = LinearHead.fit((vectors - centre) / scale, labels, strength)
    weights = head.weights / np.float32(scale)
    return LinearHead(head.labels, weights, head.bias - centre @ weights)


def _surprise(logits: Logits, right: NDArray[np.int64]) -> tuple[float, float]:
    """The accuracy, and the temperature that makes the right labels likeliest (Guo et al. 2017)."""
    rows = np.arange(len(right))

    def loss(temperature: float) -> float:
        return -float(np.log(np.maximum(softmax(logits / np.float32(temperature))[rows, right], 1e-12)).mean())

    return float((logits.argmax(axis=1) == right).mean()), float(min(TEMPERATURES, key=loss))
