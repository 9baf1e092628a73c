"""Where a message may fall into two requests: `cancel my order and tell me when the shop opens`."""

from __future__ import annotations

import re

from textkit.words import runs

MOST = 6  # places that are looked at; a longer story is read as a whole
_JOINTS = re.compile(
    r"[.!?;。！？；~～]+\s*|\s*[,，、…]+\s*(?:(?:and|but|also|then|plus|oh)\b\s*)*|\s*\n\s*"
    r"|\s+(?:and|also|then|plus|btw|by the way|while you're at it|as well as|\+|&)\s+"
    r"|\s*(?:另外|顺便|顺带|还有|然后|以及|同时|对了|再就是|另)(?:呢|再|也|还)?|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fffA-Za-z])",
    re.IGNORECASE,
)
_ENDS = ".!?;。！？；"
_LEAST_CHINESE = 3
_LEAST_WORDS = 2


def halves(text: str) -> list[tuple[str, str]]:
    """The ways to cut `text` in two at a joint, neither side too short to ask for anything; in order."""
    found = []
    for joint in _JOINTS.finditer(text):
        # What ends a sentence stays with it; a word that joins two belongs to neither.
        end = joint.start() + len(re.match(r"[.!?;。！？；~～]*", joint[0])[0])  # type: ignore[index]
        left, right = text[:end].strip(), text[joint.end() :].strip()
        if _says_something(left) and _says_something(right):
            found.append((left, right))
    return found if len(found) <= MOST else []


def stands_alone(text: str, cut: tuple[str, str]) -> bool:
    """Whether the second part is a request of its own: not a short one, nor one that only a comma sets apart.

    `My kettle leaks, what do I do?` is one request.
    """
    left, right = cut
    parts = runs(right)
    long_enough = sum(len(part) for part in parts if part[0] > "\u3000") >= 6 or len(parts) >= 4
    between = text.strip()[len(left) : -len(right)]
    return long_enough and (left[-1] in _ENDS or re.fullmatch(r"[\s,，、…]*", between) is None)


def _says_something(text: str) -> bool:
    parts = runs(text)
    chinese = sum(len(part) for part in parts if part[0] > "\u3000")
    return chinese >= _LEAST_CHINESE or len(parts) >= _LEAST_WORDS
