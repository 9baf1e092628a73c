"""The products that a message may name, prepared for looking up."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from textkit.entities.entity import Found
from textkit.entities.product_names import english_names, pinyin_names
from textkit.entities.product_names_zh import chinese_names
from textkit.entities.products_en import EnglishProducts
from textkit.entities.products_zh import ChineseProducts
from textkit.errors import MissingArtefactError

Row = Mapping[str, Any]


class Catalogue:
    """Finds products of the catalogue in messages, by names, parts of names, misspellings and pinyin."""

    def __init__(self, english: EnglishProducts, chinese: ChineseProducts) -> None:
        self._english = english
        self._chinese = chinese

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Catalogue:
        """The catalogue of `rows`: sku, name_en, name_zh, aliases {"en": [...], "zh": [...]}; family is optional."""
        rows = list(rows)
        for row in rows:
            lacking = {"sku", "name_en", "name_zh", "aliases"} - set(row)
            if lacking:
                raise ValueError(f"a row of the catalogue lacks {', '.join(sorted(lacking))}: {dict(row)!r}")
        chinese = chinese_names(rows)
        return cls(EnglishProducts(english_names(rows), pinyin_names(chinese)), ChineseProducts(chinese))

    @classmethod
    def read(cls, path: Path) -> Catalogue:
        """The catalogue in a JSON file that `actions/catalogue_file.py` wrote."""
        if not path.is_file():
            raise MissingArtefactError(f"There is no catalogue at {path}.", "Make it with `frontdesk up`.")
        return cls.of(json.loads(path.read_text(encoding="utf-8")))

    def find(self, folded: str, original: str, chinese: bool) -> list[Found]:
        """Products in `folded`, a plain form of `original`; each value is a SKU."""
        found = self._chinese.find(folded)
        if any("a" <= c <= "z" for c in folded):
            found += self._english.find(folded, original, chinese)
        return _joined(folded, found)


def _joined(folded: str, found: list[Found]) -> list[Found]:
    """Names of one family side by side are one mention: `white heron gooseneck kettle`."""
    joined: list[Found] = []
    for item in sorted(found, key=lambda f: (f.start, -f.end)):
        last = joined[-1] if joined else None
        close = last and not folded[last.end : item.start].strip() and last.end <= item.start <= last.end + 1
        same_script = last and folded[last.start].isascii() == folded[item.start].isascii()
        if last and close and same_script and (last.value.startswith(item.value) or item.value.startswith(last.value)):
            joined[-1] = Found(last.start, item.end, max(last.value, item.value, key=len))
        else:
            joined.append(item)
    return joined
