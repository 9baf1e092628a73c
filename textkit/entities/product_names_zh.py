"""The Chinese names by which customers call a product, from the rows of the catalogue."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from os.path import commonprefix
from typing import Any

from textkit.entities.folding import fold
from textkit.entities.numbers import CHINESE
from textkit.entities.product_names import base_sku
from textkit.entities.wordlists import common_chinese

_COLOUR = re.compile(r"\((.+?)\)$")
_SIZE = re.compile(
    r" ?\d[\d.]* ?(?:克|公斤|升|毫升|张|片|只|包|粒|条|份|支|只装|片装|支装|粒装|毫米)+装?$| \d+ ?号$|\(.*?\)$| \d{4}$"
)
_HAN = re.compile(r"[\u4e00-\u9fff]")


def compact(name: str) -> str:
    """A Chinese name in plain forms and without spaces."""
    return fold(name).replace(" ", "")


def chinese_names(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """SKU by name; what the catalogue itself writes goes before what is derived from it."""
    rows = list(rows)
    names: dict[str, str] = {}
    for row in rows:
        for alias in row["aliases"].get("zh", []):
            names.setdefault(compact(alias), row["sku"])
    for row in rows:
        for part in _heads(row["name_zh"]):
            names.setdefault(part, row["sku"])
    _add_shared_ends(names)
    aliases = {
        row["sku"]: [*(compact(a) for a in row["aliases"].get("zh", [])), _heads(row["name_zh"])[-1]] for row in rows
    }
    for row in rows:
        _add_colours(names, row, aliases)
    for row in rows:
        _add_shared_start(names, row)
    families = _families(rows)
    for name, sku in list(names.items()):
        for size in (2, 3):
            if name[:size] in families and len(name) > size:
                names.setdefault(families[name[:size]] + name[size:], sku)
        for other in _otherwise(name):
            names.setdefault(other, sku)
    return {name: sku for name, sku in names.items() if len(name) > 1 and _HAN.search(name)}


def _heads(name: str) -> list[str]:
    """The name, and what is left of it without sizes and remarks."""
    plain = fold(name)
    heads = [compact(plain)]
    while (shorter := _SIZE.sub("", plain).strip()) != plain:
        plain = shorter
        heads.append(compact(plain))
    return heads


def _add_colours(names: dict[str, str], row: Mapping[str, Any], aliases: Mapping[str, list[str]]) -> None:
    base, colour = base_sku(row["sku"], aliases), _COLOUR.search(fold(row["name_zh"]))
    if not base or not colour:
        return
    plain = colour.group(1).removesuffix("色")
    for name in aliases[base]:
        for option in (plain, f"{plain}色"):
            ending = option if len(option) > 1 else f"{option}的"  # 铁匠黑五 is the sales day
            for variant in (f"{option}{name}", f"{option}的{name}", f"{name}{ending}"):
                names.setdefault(variant, row["sku"])


def _add_shared_start(names: dict[str, str], row: Mapping[str, Any]) -> None:
    """What a name and an alias begin with alike, such as 白鸽 of 白鸽滤杯 and 白鸽01, stands for the family."""
    head = _heads(row["name_zh"])[-1]
    for alias in row["aliases"].get("zh", []):
        plain = compact(alias)
        start = commonprefix([head, plain])
        rest = plain[len(start) :]
        if not 2 <= len(start) <= 3 or not rest or not all(map(_HAN.match, start)):
            continue
        family = {sku for name, sku in names.items() if name.startswith(start)}
        one_family = len(family) > 1 and len(commonprefix(list(family))) >= 5
        if rest[0].isdigit() or (one_family and start not in _GENERIC):
            names.setdefault(start, row["sku"])


def _families(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The English word for a Chinese family: customers write rook刀盘 for 秃鼻鸦刀盘."""
    families: dict[str, str] = {}
    for row in rows:
        english = [a for a in row["aliases"].get("en", []) if a.isalpha()]
        for alias in row["aliases"].get("zh", [])[:1]:
            if english and 2 <= len(alias) <= 3:
                families.setdefault(alias, english[0].lower())
    return families


def _otherwise(name: str) -> list[str]:
    """The same name with numbers, units, colours and conditions as others write them."""
    others = [name.replace(a, b) for a, b in _ALSO if a in name]
    others += [o[:-2] + _DIGITS[o[-2]] + o[-1] for o in (name, *others) if o[-1] in "杯份" and o[-2] in _DIGITS]
    if numbered := _NUMBERED.fullmatch(name):
        before, number, after = numbered.groups()
        rest = before or after
        for size in (number, f"{number}号", f"{number[1]}号"):
            others += [rest + size, size + rest]
    if coloured := _COLOUR_FIRST.fullmatch(name):
        others += [f"{coloured[1]}的{coloured[2]}", f"{coloured[2]}{coloured[1]}"]
    return others


def _add_shared_ends(names: dict[str, str]) -> None:
    """What several names of one product end with, and no other name has, such as 皮老虎."""
    owners: dict[str, dict[str, str]] = defaultdict(dict)
    for name, sku in names.items():
        for size in range(3, len(name)):
            if all(map(_HAN.match, name[-size:])):
                owners[name[-size:]][name[:-size]] = sku
    everything = "|".join(names)
    for end, starts in owners.items():
        distinct = len({start[-1] for start in starts}) > 1
        whole = end[:2] not in common_chinese() and end[0] not in CHINESE  # no 咖啡套装, which is a kind of thing
        if distinct and whole and len(set(starts.values())) == 1 and everything.count(end) == len(starts):
            names.setdefault(end, next(iter(starts.values())))


_ALSO = (("毫米", "mm"), ("公斤", "kg"), ("1公斤", "一公斤"), ("翻新", "官翻"), ("翻新", "二手"), ("翻新", "翻新的"))
_DIGITS = dict(zip("123456789", "一二三四五六七八九", strict=True))
_NUMBERED = re.compile(r"([\u4e00-\u9fff]*)(0\d)([\u4e00-\u9fff]*)")
_COLOUR_FIRST = re.compile(r"([白黑绿蓝铜红]色)(?!的)([\u4e00-\u9fff]+)")
_GENERIC = frozenset(
    "冲煮 清洁 咖啡 磨豆 旅行 普洱 云南 手冲 水质 奶渍 茶道 导热 压粉 敲渣 哥伦 真空 磨豆机 圣诞 新春 家庭 玻璃".split()
)
