"""The English names by which customers call a product, from the rows of the catalogue; and pinyin of the Chinese."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from typing import Any

from textkit.entities.folding import fold
from textkit.entities.wordlists import common_english, pinyin

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|\d+")
_SMALL = frozenset("a an and the of for to in with or your own".split())
_COLOURS = frozenset("black white cream sage green blue copper brass walnut steel small large mini big".split())
_SYNONYMS = {
    "large": ("big",),
    "big": ("large",),
    "small": ("little",),
    "refurbished": ("refurb", "reconditioned", "second hand", "secondhand"),
    "filters": ("papers", "filter papers"),
    "papers": ("filters", "filter papers"),
    "01": ("size 01",),
    "02": ("size 02",),
    "gasket": ("seal",),
    "seal": ("gasket",),
    "siphon": ("syphon",),
    "syphon": ("siphon",),
}
Name = tuple[str, ...]


def words_of(name: str) -> Name:
    """The words of an English name, in plain letters: `Shou Pu'er` is shou, puer."""
    return tuple(w.replace("'", "") for w in _WORD.findall(fold(name)))


def english_names(rows: Iterable[Mapping[str, Any]]) -> dict[Name, str]:
    """SKU by name; what the catalogue itself writes goes before what is derived from it."""
    rows = list(rows)
    names: dict[Name, str] = {}
    for row in rows:
        for alias in row["aliases"].get("en", []):
            names.setdefault(words_of(alias), row["sku"])
    for row in rows:
        for alias in row["aliases"].get("zh", []):
            if alias.isascii():
                names.setdefault(words_of(alias), row["sku"])
    for row in rows:
        for name in (row["name_en"].split(",")[0], row["name_en"], row["sku"]):
            names.setdefault(words_of(name), row["sku"])
    short = _short_names(rows)
    for row in rows:
        _add_colours(names, row, short)
    _add_synonyms(names)
    for row in rows:
        _add_parts(names, row)
    names.pop((), None)
    return names


def _short_names(rows: list[Mapping[str, Any]]) -> dict[str, list[Name]]:
    """Of every SKU, the names that say no colour."""
    short: dict[str, list[Name]] = {}
    for row in rows:
        aliases = [words_of(a) for a in row["aliases"].get("en", [])]
        head = words_of(row["name_en"].split(",")[0])
        short[row["sku"]] = [a for a in aliases if not set(a) & _COLOURS] + [head]
    return short


def base_sku(sku: str, known: Container[str]) -> str | None:
    """Of which SKU this one is a variant: EM-WREN1 of EM-WREN1-SG."""
    base = sku.rpartition("-")[0]
    return base if base in known else None


def _add_colours(names: dict[Name, str], row: Mapping[str, Any], short: Mapping[str, list[Name]]) -> None:
    base = base_sku(row["sku"], short)
    if not base or "," not in row["name_en"]:
        return
    colour = words_of(row["name_en"].rpartition(",")[2])
    for option in {colour} if colour[0].isdigit() else {colour, colour[-1:], colour[:1]}:
        for name in short[base]:
            for variant in (option + name, name + option, (*name, "in", *option)):
                names.setdefault(variant, row["sku"])


def _add_parts(names: dict[Name, str], row: Mapping[str, Any]) -> None:
    """The beginnings of a name; a single word only where the aliases use it alike, or where it is no ordinary one."""
    head = words_of(row["name_en"].split(",")[0])
    known = head[:1] in names and names[head[:1]] != row["sku"]
    for size in range(len(head) - 1, 1, -1):
        if known and head[size] not in _SMALL:
            continue  # the kite drips, and "kite drip" is no Kite Drip Valve
        if head[size - 1] not in _SMALL and not head[0].isdigit() and not set(head[:size]) <= common_english():
            names.setdefault(head[:size], row["sku"])
    aliases = [words_of(a) for a in row["aliases"].get("en", [])]
    comes_in_sizes = any(len(a) == 2 and a[0] == head[0] and a[1].isdigit() for a in aliases)
    if comes_in_sizes:
        names.setdefault(head[:1], row["sku"])


def _add_synonyms(names: dict[Name, str]) -> None:
    for name, sku in list(names.items()):
        for i, word in enumerate(name):
            if word == "mm":
                names.setdefault((*name[:i], *name[i + 1 :]), sku)
            for other in _SYNONYMS.get(word, ()):
                names.setdefault((*name[:i], *other.split(), *name[i + 1 :]), sku)


def pinyin_names(names: Mapping[str, str]) -> dict[str, str]:
    """SKU by the pinyin of Chinese names of two to six characters, written together."""
    spelt: dict[str, str] = {}
    for name, sku in names.items():
        if 2 <= len(name) <= 6 and all("\u4e00" <= c <= "\u9fff" for c in name):
            together = "".join(pinyin(name))
            if len(together) >= 5 and together not in common_english():
                spelt.setdefault(together, sku)
    return spelt
