"""Which words decided: how far the log-odds of the chosen label fall when a word is taken out."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence

import numpy as np

from textkit.language import HAN
from textkit.words import chinese_words

_WORD = re.compile(rf"[{HAN}]+|[^\s{HAN}]+")
MOST = 60  # words of a text that are tried
Probability = Callable[[Sequence[str]], Sequence[float]]  # of the chosen label, for each text


@dataclasses.dataclass(frozen=True)
class Word:
    """A word in its place; `weight` above 0 spoke for the chosen label, below 0 against it."""

    text: str
    start: int
    end: int
    weight: float


def spans(text: str) -> list[tuple[int, int]]:
    """Where the words stand: between white space, and by the dictionary in Chinese."""
    found = []
    for match in _WORD.finditer(text):
        if re.match(rf"[{HAN}]", match.group()):
            place = match.start()
            for word in chinese_words(match.group()):
                found.append((place, place + len(word)))
                place += len(word)
        elif re.search(r"\w", match.group()):
            found.append(match.span())
    return found


def deciding_words(text: str, probability: Probability) -> list[Word]:
    """Every word with its weight, in the order of the text; one call of `probability` for all."""
    places = spans(text)[:MOST]
    if not places:
        return []
    without = [(text[:start] + text[end:]).strip() or " " for start, end in places]
    whole, *odds = log_odds(probability([text, *without]))
    weights = [round(whole - other, 3) for other in odds]
    return [Word(text[s:e], s, e, w) for (s, e), w in zip(places, weights, strict=True)]


def log_odds(shares: Sequence[float]) -> list[float]:
    """Of probabilities, held within what single precision can tell apart."""
    held = np.clip(np.asarray(shares, dtype=np.float64), 1e-6, 1 - 1e-6)
    odds: list[float] = np.log(held / (1 - held)).tolist()
    return odds
