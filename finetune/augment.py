"""More examples out of those there are, written as customers write: mistakes of keyboards and input methods, scripts.

Each way is a function of a text and a random generator; a text that it has nothing to do to comes back as it is. Which
of them help is a matter of measuring (docs/benchmarks.md); none is on unless it is named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from finetune.examples import Example
from textkit.entities.wordlists import common_chinese, pinyin, syllables
from textkit.errors import FrontdeskError

Augmentation = Callable[[str, np.random.Generator], str]
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
WHOLE_WORDS = 0.7  # how often a word is taken for another, where there is one, rather than one of its characters
SHORTEST_WORD = 4  # letters; a mistake in a shorter word makes another word of it
WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
NARROW = str.maketrans({wide: narrow for narrow, wide in WIDE.items()} | {0x3000: " "})


def mistype(text: str, pick: np.random.Generator) -> str:
    """One mistake in one Latin word: a key beside the right one, two letters swapped, one left out or doubled."""
    letters = list(text)
    places = [n for word in _long_words(text) for n in word[:-1]]  # the last letter has none to be swapped with
    if not places:
        return text
    place = int(pick.choice(places))
    kind = int(pick.integers(4))
    if kind == 0:
        near = _neighbours().get(letters[place].lower(), "")
        letters[place] = str(pick.choice(list(near))) if near else letters[place]
    elif kind == 1:
        letters[place], letters[place + 1] = letters[place + 1], letters[place]
    elif kind == 2:
        del letters[place]
    else:
        letters.insert(place, letters[place])
    return "".join(letters)


def mishear(text: str, pick: np.random.Generator) -> str:
    """One Chinese word or character written as another that sounds alike, as input methods offer them."""
    words = [(n, other) for n in range(len(text) - 1) for other in _alike_words(text[n : n + 2])]
    characters = [(n, other) for n in range(len(text)) for other in _alike_characters(text[n])]
    found = words if words and pick.random() < WHOLE_WORDS else characters
    if not found:
        return text
    place, other = found[int(pick.integers(len(found)))]
    return text[:place] + other + text[place + len(other) :]


def change_width(text: str, pick: np.random.Generator) -> str:
    """Letters, digits and signs of ASCII in full width or, where they are wide already, in half width."""
    return text.translate(NARROW) if text.translate(NARROW) != text else text.translate(WIDE)


def change_script(text: str, pick: np.random.Generator) -> str:
    """Simplified Chinese in traditional characters, or the other way about."""
    other = _converter("s2t").convert(text)
    return str(other if other != text else _converter("t2s").convert(text))


AUGMENTATIONS: Mapping[str, Augmentation] = {
    "mistype": mistype,
    "mishear": mishear,
    "width": change_width,
    "script": change_script,
}


def augment(examples: Sequence[Example], names: Sequence[str], seed: int = 0) -> list[Example]:
    """The examples, and behind them what each of the ways named makes of them; what it leaves as it is only once."""
    unknown = [name for name in names if name not in AUGMENTATIONS]
    if unknown:
        raise FrontdeskError(
            f"There is no augmentation {unknown[0]!r}.", f"There are {', '.join(AUGMENTATIONS)}; several by commas."
        )
    pick = np.random.default_rng(seed)
    known = {example.text for example in examples}
    made = list(examples)
    for name in names:
        for example in examples:
            text = AUGMENTATIONS[name](example.text, pick)
            if text not in known:
                known.add(text)
                made.append(Example(text, example.label))
    return made


def _long_words(text: str) -> list[list[int]]:
    """The places of the letters of each Latin word that is long enough."""
    words: list[list[int]] = [[]]
    for place, letter in enumerate(text):
        if letter.isascii() and letter.isalpha():
            words[-1].append(place)
        elif words[-1]:
            words.append([])
    return [word for word in words if len(word) >= SHORTEST_WORD]


@cache
def _neighbours() -> Mapping[str, str]:
    near: dict[str, str] = defaultdict(str)
    for row, keys in enumerate(ROWS):
        for place, key in enumerate(keys):
            beside = keys[max(place - 1, 0) : place] + keys[place + 1 : place + 2]
            below = ROWS[row + 1][max(place - 1, 0) : place + 1] if row + 1 < len(ROWS) else ""
            near[key] += beside + below
            for other in below:
                near[other] += key
    return near


def _alike_words(word: str) -> list[str]:
    return [
        other
        for other in _words_by_sound().get("".join(pinyin(word)), ())
        if other != word and all(c in syllables() for c in word)
    ]


def _alike_characters(character: str) -> list[str]:
    sound = syllables().get(character)
    return [other for other in _characters_by_sound().get(sound or "", ()) if other != character]


@cache
def _words_by_sound() -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for word in sorted(common_chinese()):
        found["".join(pinyin(word))].append(word)
    return found


@cache
def _characters_by_sound() -> Mapping[str, Sequence[str]]:
    """Only characters that ordinary words are written with."""
    found: dict[str, list[str]] = defaultdict(list)
    for character in sorted({c for word in common_chinese() for c in word}):
        if character in syllables():
            found[syllables()[character]].append(character)
    return found


@cache
def _converter(kind: str) -> Any:  # noqa: ANN401  opencc has no types
    import opencc

    return opencc.OpenCC(kind)
