"""Variants of a message as people type it: `(text, rng) -> text`, seeded and pure, chosen by name.

None is used unless it is named: which of them help is a matter of measurement (docs/finetuning.md). Placeholders such
as `[PHONE]` stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from random import Random

from textkit.entities.wordlists import syllables
from textkit.errors import FrontdeskError
from textkit.language import HAN

Augmentation = Callable[[str, Random], str]
DEFAULT: tuple[str, ...] = ()
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_LETTERS = re.compile(r"\[[A-Z_]+\]|([A-Za-z])")
_HAN = re.compile(f"[{HAN}]")
_HALF = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)} | {" ": "\u3000"})
_FULL = str.maketrans({chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F)} | {"\u3000": " "})
_PLACEHOLDER = re.compile(r"(\[[A-Z_]+\])")
COMMON = 60  # homophones of a syllable that are used: the first of the list are the commonest


@cache
def _neighbours() -> dict[str, str]:
    """The keys beside each letter on an English keyboard."""
    places = {letter: (row, column) for row, letters in enumerate(_ROWS) for column, letter in enumerate(letters)}
    return {
        letter: "".join(
            other for other, (r, c) in places.items() if other != letter and abs(r - row) <= 1 and abs(c - column) <= 1
        )
        for letter, (row, column) in places.items()
    }


def _letters(text: str) -> list[int]:
    """The places of Latin letters outside placeholders, without the first of the text."""
    return [match.start(1) for match in _LETTERS.finditer(text) if match.group(1) and match.start(1)]


def neighbour_key(text: str, rng: Random) -> str:
    """One letter is the one beside it on the keyboard."""
    places = _letters(text)
    if not places:
        return text
    place = rng.choice(places)
    typed = rng.choice(_neighbours()[text[place].lower()])
    return text[:place] + (typed.upper() if text[place].isupper() else typed) + text[place + 1 :]


def swap_letters(text: str, rng: Random) -> str:
    """Two letters beside each other have changed places."""
    letters = set(_letters(text))
    places = [n for n in letters if n + 1 in letters and text[n] != text[n + 1]]
    if not places:
        return text
    place = rng.choice(sorted(places))
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def drop_letter(text: str, rng: Random) -> str:
    """One letter is missing."""
    places = _letters(text)
    if len(places) < 3:
        return text
    place = rng.choice(places)
    return text[:place] + text[place + 1 :]


@cache
def _homophones() -> dict[str, str]:
    """The characters that sound like each character, tones aside, the commonest first."""
    by_sound: dict[str, list[str]] = {}
    for character, sound in syllables().items():
        by_sound.setdefault(sound, []).append(character)
    common = _common_characters()
    found = {}
    for characters in by_sound.values():
        usual = [c for c in characters if c in common][:COMMON]
        for character in characters:
            found[character] = "".join(c for c in usual if c != character)
    return found


@cache
def _common_characters() -> frozenset[str]:
    """Characters of common words: nobody picks a rare one from the list of an input method."""
    from textkit.entities.wordlists import common_chinese

    return frozenset("".join(common_chinese()))


def homophone(text: str, rng: Random) -> str:
    """One Chinese character is another with the same sound, as picked by mistake while typing pinyin."""
    sounds = _homophones()
    places = [n for n, character in enumerate(text) if sounds.get(character)]
    if not places:
        return text
    place = rng.choice(places)
    return text[:place] + rng.choice(sounds[text[place]]) + text[place + 1 :]


def full_width(text: str, rng: Random) -> str:
    """Latin letters, digits and signs in full width, as some input methods write them beside Chinese."""
    parts = _PLACEHOLDER.split(text)
    return (
        "".join(part if n % 2 else part.translate(_HALF) for n, part in enumerate(parts)) if _HAN.search(text) else text
    )


def half_width(text: str, rng: Random) -> str:
    """Full width letters, digits and signs in half width."""
    return text.translate(_FULL)


def lower_case(text: str, rng: Random) -> str:
    """Without capitals."""
    return "".join(part if n % 2 else part.lower() for n, part in enumerate(_PLACEHOLDER.split(text)))


def no_punctuation(text: str, rng: Random) -> str:
    """Without the signs at the end and the commas between."""
    return re.sub(r"[,.!?;，。！？；、]+(?=\s|$)|[，。！？；、]", " ", text).strip() or text


AUGMENTATIONS: dict[str, Augmentation] = {
    "neighbour_key": neighbour_key,
    "swap_letters": swap_letters,
    "drop_letter": drop_letter,
    "homophone": homophone,
    "full_width": full_width,
    "half_width": half_width,
    "lower_case": lower_case,
    "no_punctuation": no_punctuation,
}


def augment(texts: Sequence[str], names: Sequence[str], seed: int = 0) -> list[str]:
    """Each text with one of the named augmentations, drawn by `seed`; the same text where none applies."""
    unknown = [name for name in names if name not in AUGMENTATIONS]
    if unknown:
        raise FrontdeskError(f"There is no augmentation {unknown[0]!r}.", f"There are {', '.join(AUGMENTATIONS)}.")
    rng = Random(seed)
    return [AUGMENTATIONS[rng.choice(names)](text, rng) for text in texts] if names else list(texts)
