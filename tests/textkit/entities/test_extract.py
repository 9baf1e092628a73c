"""Entities of whole messages, in both languages."""

import json
import time
from datetime import date

import pytest

from textkit.entities import Catalogue, extract
from textkit.language import detect_language
from textkit.settings import ROOT

TODAY = date(2026, 11, 24)  # a Tuesday


@pytest.fixture(scope="module")
def catalogue():
    goods = json.loads((ROOT / "actions/sample/catalogue.json").read_text(encoding="utf-8"))
    goods = goods["products"] if isinstance(goods, dict) else goods
    rows = [
        {"sku": g["sku"], "name_en": g["name"]["en"], "name_zh": g["name"]["zh"], "aliases": g["aliases"]}
        for g in goods
    ]
    return Catalogue.of(rows)


def found(text, catalogue=None):
    return [(e.entity, e.text, e.value) for e in extract(text, TODAY, detect_language(text), catalogue)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("it's le 4hdp w8rn please", [("order_number", "le 4hdp w8rn", "LE-4HDP-W8RN")]),
        ("Mail me at Jo.B@Example.com", [("email", "Jo.B@Example.com", "jo.b@example.com")]),
        ("ring 07700 900317", [("phone", "07700 900317", "+447700900317")]),
        ("打138 0013 8000给我", [("phone", "138 0013 8000", "+8613800138000")]),
        ("I paid £49.50", [("amount", "£49.50", {"value": 49.5, "currency": "GBP"})]),
        ("退我三百元", [("amount", "三百元", {"value": 300, "currency": "CNY"})]),
        ("it came yesterday", [("date", "yesterday", "2026-11-23")]),
        ("大前天下的单", [("date", "大前天", "2026-11-21")]),
        ("上周五寄的", [("date", "上周五", "2026-11-20")]),
        ("two bags please", [("quantity", "two", 2)]),
        ("hello there", []),
        ("你好", []),
        ("", []),
    ],
)
def test_what_a_message_names(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "sku"),
    [("is the bastoin in stock", "EM-BAST"), ("铁匠还有货吗", "EM-FORGE"), ("tiejiang多少钱", "EM-FORGE")],
)
def test_a_product_is_found_by_a_misspelling_a_part_or_its_pinyin(catalogue, text, sku):
    values = [value for entity, _, value in found(text, catalogue) if entity == "product"]
    assert len(values) == 1
    assert values[0].startswith(sku)


def test_places_are_code_points_of_the_message(catalogue):
    text = "👋 我的鹪鹩坏了，订单LE9WQK3MTR，花了￥2,980"
    for entity in extract(text, TODAY, "zh", catalogue):
        assert text[entity.start : entity.end] == entity.text
    assert [e.entity for e in extract(text, TODAY, "zh", catalogue)] == ["product", "order_number", "amount"]


@pytest.mark.parametrize("name", ["dev_en", "dev_zh", "dev2_en", "dev2_zh"])
def test_the_development_messages_are_read(catalogue, name):
    file = ROOT / f"tests/data/understanding/entities_{name}.jsonl"
    right = wrong = 0
    for line in file.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        seen = extract(row["text"], date.fromisoformat(row["today"]), detect_language(row["text"]), catalogue)
        keys = {(e.entity, e.start, e.end, json.dumps(e.value, sort_keys=True)) for e in seen}
        gold = {(e["entity"], e["start"], e["end"], json.dumps(e["value"], sort_keys=True)) for e in row["entities"]}
        right, wrong = right + 2 * len(keys & gold), wrong + len(keys ^ gold)
    assert right / (right + wrong) >= 0.95


@pytest.mark.parametrize(
    "text", ["1" * 1000, "a" * 1000, "£" * 1000, "三" * 1000, "07700 " * 170, "le-" * 330, "@." * 500]
)
def test_a_hostile_message_is_read_in_time(catalogue, text):
    begin = time.process_time()
    extract(text, TODAY, detect_language(text), catalogue)
    assert time.process_time() - begin < 0.5
