"""What intent a message seems to have, by a linear head over the training examples' vectors.

A stand-in for the model in service where that cannot be asked, and the same for both sides of a comparison: of the
training examples it gives what it thinks when it has not seen them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from finetune.label.nlu import Example
from finetune.label.vectors import centred, encoder_of
from textkit.encoders import Encoder, Vectors
from textkit.errors import FrontdeskError
from textkit.head import LinearHead
from textkit.language import Language

FOLDS = 5


@dataclasses.dataclass(frozen=True)
class Guess:
    """The likeliest intent, its probability, and its lead over the next."""

    intent: str
    confidence: float
    lead: float


@dataclasses.dataclass(frozen=True)
class IntentView:
    """The examples of one language as vectors, and the head over them."""

    examples: Sequence[Example]
    encoder: Encoder
    centre: Vectors
    vectors: Vectors
    head: LinearHead

    @classmethod
    def fit(cls, examples: Sequence[Example], language: Language) -> IntentView:
        """Encode the examples of a language and fit the head; some seconds for 10,000."""
        if len({example.intent for example in examples}) < 2:
            raise FrontdeskError(f"There are not two intents with examples in {language}.", "Add some to nlu.yml.")
        texts = [example.text for example in examples]
        encoder = encoder_of(language, texts)
        raw = encoder.encode(texts)
        centre = raw.mean(axis=0)
        vectors = centred(raw, centre)
        return cls(examples, encoder, centre, vectors, LinearHead.fit(vectors, [e.intent for e in examples]))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Centred unit vectors, shape (n, dimensions)."""
        return centred(self.encoder.encode(texts), self.centre)

    def guesses(self, vectors: Vectors) -> list[Guess]:
        """Of messages."""
        return _guesses(self.head, vectors)

    def guesses_unseen(self, seed: int = 0) -> list[Guess]:
        """Of the examples themselves, each by a head that was fitted without it."""
        fold = np.random.default_rng(seed).permutation(len(self.examples)) % FOLDS
        intents = np.array([example.intent for example in self.examples])
        found: list[Guess | None] = [None] * len(self.examples)
        for number in range(FOLDS):
            held = np.flatnonzero(fold == number)
            rest = fold != number
            if not len(held) or len(set(intents[rest])) < 2:
                continue
            head = LinearHead.fit(self.vectors[rest], intents[rest].tolist())
            for place, guess in zip(held, _guesses(head, self.vectors[held]), strict=True):
                found[place] = guess
        return [guess for guess in found if guess is not None]

    def nearest(self, vectors: Vectors) -> Vectors:
        """The cosine of each message with the example most like it, shape (n,)."""
        highest: Vectors = (vectors @ self.vectors.T).max(axis=1)
        return highest

    def nearest_unseen(self) -> Vectors:
        """The same of the examples, each with the others."""
        similar = self.vectors @ self.vectors.T
        np.fill_diagonal(similar, -1.0)
        highest: Vectors = similar.max(axis=1)
        return highest


def _guesses(head: LinearHead, vectors: Vectors) -> list[Guess]:
    if not len(vectors):
        return []
    shares = head.probabilities(vectors)
    order = np.argsort(-shares, axis=1)[:, :2]
    first = np.take_along_axis(shares, order, axis=1)
    return [
        Guess(str(head.labels[pair[0]]), float(row[0]), float(row[0] - row[1]))
        for pair, row in zip(order, first, strict=True)
    ]
