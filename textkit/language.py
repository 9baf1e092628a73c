"""Which language a message is in: English, Chinese or neither."""

from __future__ import annotations

import re
from typing import Literal

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_HAN = re.compile(f"[{HAN}]")
_LATIN_WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ]+(?:['’][A-Za-z]+)?")
# What is written alike in both languages: addresses, codes, model names such as E3, FP-01 or LE-7KQ2-M4XD.
_CODE = re.compile(r"\S+@\S+|https?://\S+|\b(?=[\w-]*\d)[\w-]+\b", re.ASCII)
_NEUTRAL_WORDS = frozenset(
    {"ok", "okay", "bye", "hi", "hello", "hey", "yes", "no", "app", "wifi", "vip", "logo", "pro"}
)


def detect_language(text: str) -> Language | None:
    """The language of `text`, or None when nothing in it tells (`ok`, `42`, an order number).

    One Chinese character weighs as much as one English word, and names of products do not count as English in a
    Chinese sentence: `Forge Duo 报 E3 怎么办` is Chinese. A Chinese word in an English sentence does not make that
    Chinese.
    """
    han = len(_HAN.findall(text))
    words = [w.lower() for w in _LATIN_WORD.findall(_CODE.sub(" ", text))]
    if han:
        lower_case = sum(w in _FUNCTION_WORDS for w in words)
        return "en" if lower_case >= 2 and len(words) > han else "zh"
    return "en" if any(w not in _NEUTRAL_WORDS and len(w) > 1 for w in words) else None


def other_language(language: Language) -> Language:
    """The language that is not `language`."""
    return "zh" if language == "en" else "en"


_FUNCTION_WORDS = frozenset(
    """
    a an and are at be can could did do does for from have how i if in is it me my not of on or please say
    should that the there this to was we what when where which who why will with would you your
    """.split()
)
