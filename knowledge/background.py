"""What people ask a shop's bot although no shop could answer it: other firms' parcels, passports, recipes, jokes.

A question that is more alike to these than to anything in the documents belongs elsewhere, in every shop.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from textkit.language import Language

FOLDER = Path(__file__).parent / "background_questions"


@cache
def background_questions(language: Language) -> tuple[str, ...]:
    """About 1,000 questions of all kinds of life."""
    return tuple((FOLDER / f"{language}.txt").read_text(encoding="utf-8").splitlines())
