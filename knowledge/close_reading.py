"""Late interaction: how close each word of a question comes to any word of a text, in context.

A near miss has the topic and lacks one word; its closest word stays far.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from knowledge.language_index import LanguageIndex
from knowledge.terms import word_terms
from textkit.encoders import Tokens, Vectors
from textkit.words import chinese_words

NOTHING = {"soft_covered": 0.0, "soft_weakest": 0.0}
_START = "\u2581"  # of a word, in SentencePiece


@dataclasses.dataclass(frozen=True)
class ReadQuestion:
    """A question's words: the vectors of their pieces, `places` of each word among them, `rarity` of each."""

    vectors: Vectors
    places: list[list[int]]
    rarity: Vectors

    def near(self, index: LanguageIndex, texts: Sequence[int]) -> Vectors:
        """For each word and each of `texts`, rows of `index.tokens`, the cosine of its closest piece."""
        if index.tokens is None or not self.places or not len(texts):
            return np.zeros((len(self.places), len(texts)), dtype=np.float32)
        pieces = index.tokens.nearest(self.vectors, texts)
        return np.array([pieces[places].mean(axis=0) for places in self.places], dtype=np.float32)

    def features(self, near: Vectors) -> Mapping[str, float]:
        """How much of the question is near, rare words counting more, and its farthest word; `near` by word."""
        if not len(near):
            return NOTHING
        covered = float((near * self.rarity).sum() / self.rarity.sum())
        return {"soft_covered": covered, "soft_weakest": float(near.min())}


def read_question(index: LanguageIndex, tokens: Tokens | None) -> ReadQuestion | None:
    """The words of a question that say something, or None where there are no vectors of word pieces."""
    if tokens is None:
        return None
    pieces, vectors = tokens
    weighed = []
    for word, places in whole_words(pieces):
        terms = word_terms(word)
        if terms:
            weighed.append((index.rarity.get(terms[0], index.rarity_unknown), places))
    rarity = np.array([weight for weight, _ in weighed], dtype=np.float32)
    return ReadQuestion(vectors, [places for _, places in weighed], rarity)


def whole_words(pieces: Sequence[str]) -> list[tuple[str, list[int]]]:
    """Word pieces joined to words, each with the positions of its pieces; Chinese ones as jieba divides them."""
    marked = any(piece.startswith(_START) for piece in pieces)
    words: list[tuple[str, list[int]]] = []
    for i, piece in enumerate(pieces):
        text = piece.removeprefix("##").strip(_START)
        goes_on = not piece.startswith(_START) if marked else piece.startswith("##")
        if goes_on and words and text.isascii() == words[-1][0].isascii():
            words[-1] = (words[-1][0] + text, words[-1][1] + [i] * len(text))
        elif text:
            words.append((text, [i] * len(text)))
    return [part for word, places in words for part in _divided(word, places)]


def _divided(text: str, places: Sequence[int]) -> Iterator[tuple[str, list[int]]]:
    """`places` holds the piece of every character; a piece that two Chinese words share belongs to both."""
    start = 0
    for word in [text] if text.isascii() else chinese_words(text):
        yield word, sorted(set(places[start : start + len(word)]))
        start += len(word)
