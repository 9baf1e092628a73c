"""What the bot says about orders, in both languages: texts.json, read once."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from textkit.language import Language

FILE = Path(__file__).with_name("texts.json")


@cache
def texts() -> dict[str, dict[Language, str]]:
    """Every text by its name."""
    loaded: dict[str, dict[Language, str]] = json.loads(FILE.read_text(encoding="utf-8"))
    return loaded


def has(name: str) -> bool:
    """Whether there is a text of this name."""
    return name in texts()


def say(name: str, language: Language, /, **values: object) -> str:
    """The text of this name, with its blanks filled in."""
    return texts()[name][language].format(**values)
