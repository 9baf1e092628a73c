"""Codes of gift cards: how they are written, and the digest that stands for one in the database."""

from __future__ import annotations

import hashlib
import re

from actions.sample.policy import load_policy

LENGTH: int = load_policy()["gift_cards"]["code_characters"]
_GROUPS = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]{4}(?:[ -]?[A-Za-z0-9]{4}){3}(?![A-Za-z0-9])")


def code_in(text: str) -> str | None:
    """The code that a text holds, in capitals and without gaps; a run of plain words is none."""
    for match in _GROUPS.finditer(text):
        code = re.sub(r"[ -]", "", match.group()).upper()
        if any(c.isdigit() for c in code):
            return code
    return None


def digest_of(code: str) -> str:
    """What is kept of a code: 16 characters at random need no key to be safe from guessing."""
    return hashlib.sha256(f"gift card {code}".encode()).hexdigest()
