"""Ordinary words, and how Chinese characters sound; read once, on first use.

`data/pinyin.txt` (from pypinyin, MIT) has a syllable without tone and its characters per line, one reading each;
`common_en.txt` the commonest words of BERT's vocabulary (Apache 2.0); `common_zh.txt` the commonest words of two
characters in jieba's dictionary (MIT), written without spaces.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data"


@cache
def common_english() -> frozenset[str]:
    """Ordinary English words, which are no misspelt product."""
    return frozenset((_DATA / "common_en.txt").read_text(encoding="utf-8").split())


@cache
def common_chinese() -> frozenset[str]:
    """Ordinary Chinese words of two characters."""
    text = (_DATA / "common_zh.txt").read_text(encoding="utf-8").replace("\n", "")
    return frozenset(text[i : i + 2] for i in range(0, len(text), 2))


@cache
def syllables() -> dict[str, str]:
    """The syllable, without tone, of every Chinese character."""
    lines = (_DATA / "pinyin.txt").read_text(encoding="utf-8").splitlines()
    return {character: line.split()[0] for line in lines for character in line.split()[1]}


def pinyin(name: str) -> list[str]:
    """The syllables of a Chinese name; anything else in it stands for itself."""
    sounds = syllables()
    return [sounds.get(character, character) for character in name]
