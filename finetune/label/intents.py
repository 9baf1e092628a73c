"""What intent a message seems to have, by a linear head over the training examples' vectors.

It suggests intents for clusters, whose vectors are these, and stands in for the model in service where that cannot be
asked.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from finetune.examples import Example
from finetune.label.vectors import centred, encoder_of
from textkit.encoders import Encoder, Vectors
from textkit.errors import FrontdeskError
from textkit.head import LinearHead
from textkit.language import Language


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
        if len({example.label for example in examples}) < 2:
            raise FrontdeskError(f"There are not two intents with examples in {language}.", "Add some to nlu.yml.")
        texts = [example.text for example in examples]
        encoder = encoder_of(language, texts)
        raw = encoder.encode(texts)
        centre = raw.mean(axis=0)
        vectors = centred(raw, centre)
        return cls(examples, encoder, centre, vectors, LinearHead.fit(vectors, [e.label for e in examples]))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Centred unit vectors, shape (n, dimensions)."""
        return centred(self.encoder.encode(texts), self.centre)

    def guesses(self, vectors: Vectors) -> list[Guess]:
        """Of messages."""
        return _guesses(self.head, vectors)


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
