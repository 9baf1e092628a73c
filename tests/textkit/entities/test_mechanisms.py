"""What each mechanism of the extractors is for, with messages of no data file."""

import json
from datetime import date

import pytest

from textkit.entities import Catalogue, extract
from textkit.entities.dates_spelling import respelt
from textkit.entities.spelling import allowed_edits, edits, same_verb, sound
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


def found(text, kind, catalogue=None):
    seen = extract(text, TODAY, detect_language(text), catalogue)
    return [(e.text, e.value) for e in seen if e.entity == kind]


@pytest.mark.parametrize(
    ("a", "b", "most", "distance"),
    [("heron", "heron", 1, 0), ("haron", "heron", 1, 1), ("ehron", "heron", 1, 1), ("hrn", "heron", 1, None)],
)
def test_edits_are_counted_up_to_a_limit(a, b, most, distance):
    assert edits(a, b, most) == distance


def test_longer_words_survive_more_edits():
    assert [allowed_edits(n) for n in (3, 4, 8, 12, 30)] == [0, 1, 2, 3, 3]


def test_words_that_sound_alike_have_one_sound():
    assert sound("linnet") == sound("lynet")
    assert sound("linnet") != sound("puffin")


def test_a_verb_is_no_misspelt_doer():
    assert same_verb("descaled", "descaler")
    assert not same_verb("descaller", "descaler")


def test_words_of_dates_are_put_right_with_their_places():
    text = "came on wednessday ok"
    plain, origin = respelt(text)
    assert plain == "came on wednesday ok"
    start = plain.index("wednesday")
    assert text[origin[start] : origin[start + 8] + 1] == "wednessday"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("it came on thrusday", [("thrusday", "2026-11-26")]),
        ("tues to thurs", [("tues to thurs", "2026-12-01/2026-12-03")]),
        ("move it from tuesday to thursday", [("tuesday", "2026-12-01"), ("thursday", "2026-11-26")]),
        ("friday the 4th", [("friday the 4th", "2026-12-04")]),
        ("the 2nd of next month", [("2nd of next month", "2026-12-02")]),
        ("couple of wks ago", [("couple of wks ago", "2026-11-10")]),
        ("last april", [("last april", "2026-04-01/2026-04-30")]),
        ("by boxing day", [("boxing day", "2026-12-26")]),
        ("a christmas card", []),
        ("周二到周四", [("周二到周四", "2026-12-01/2026-12-03")]),
        ("周六周日都在", [("周六", "2026-11-28"), ("周日", "2026-11-29")]),
        ("去年双十二", [("去年双十二", "2025-12-12")]),
        ("大年初二", [("大年初二", "2027-02-07")]),
        ("每周五一次", []),
        ("10.3下单的", [("10.3", "2026-10-03")]),
        ("LE-4R8T-N2VQ12月1号发", [("12月1号", "2026-12-01")]),
    ],
)
def test_dates_follow_a_grammar(text, expected):
    assert found(text, "date") == expected


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("two grand", 2000, "GBP"),
        ("a couple of quid", 2, "GBP"),
        ("six pounds seventy five", 6.75, "GBP"),
        ("39,90 €", 39.9, "EUR"),
        ("2万3千元", 23000, "CNY"),
        ("1.2w块", 12000, "CNY"),
        ("7块5包邮", 7.5, "CNY"),
        ("四块三毛五", 4.35, "CNY"),
        ("三镑五", 3.5, "GBP"),
        ("没退，640块到现在", 640, "CNY"),
    ],
)
def test_sums_are_read_as_people_say_them(text, value, currency):
    assert [v for _, v in found(text, "amount")] == [{"value": value, "currency": currency}]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("only three turned up", [("three", 3)]),
        ("i bought 6 but got 5", [("6", 6), ("5", 5)]),
        ("keep 3 instead of 7", [("3", 3), ("7", 7)]),
        ("four 250g bags", [("four", 4)]),
        ("two dozen mugs", [("two dozen", 24)]),
        ("both finches squeak", [("both", 2)]),
        ("qty: 9", [("9", 9)]),
        ("dial 8 or 9", []),
        ("a box of 40", []),
        ("table for two", []),
        ("for three people", []),
        ("one of your drivers", []),
        ("数量改成6", [("6", 6)]),
        ("两大袋", [("两大袋", 2)]),
        ("这四个都坏了", [("四个", 4)]),
        ("这一个", []),
        ("国家三包", []),
        ("一个上午", []),
        ("1升水", []),
    ],
)
def test_what_stands_around_a_number_decides(text, expected):
    assert found(text, "quantity") == expected


@pytest.mark.parametrize(
    ("text", "name", "sku"),
    [
        ("my ruok grinder", "ruok grinder", "GR-ROOK"),  # one word of two
        ("the lage moka pot", "lage moka pot", "BR-PUFFIN6"),
        ("earl gray please", "earl gray", "TE-EG"),  # an ordinary word that sounds alike
        ("the lynet", "lynet", "GR-LINNET"),
        ("some yirgachefe", "yirgachefe", "CF-YIRGA"),
        ("a refurb forge", "refurb forge", "RF-FORGE"),  # clipped
        ("white heron gooseneck kettle", "white heron gooseneck kettle", "KT-HERON-WH"),
        ("鹪鹩氛碗", "鹪鹩氛碗", "AC-BK54"),  # longer than the name inside it
        ("海樱6杯", "海樱6杯", "BR-PUFFIN6"),
        ("白色的苍鹭", "白色的苍鹭", "KT-HERON-WH"),
        ("02号白鸽", "02号白鸽", "BR-DOVE2"),
        ("皮老虎", "皮老虎", "SP-BELLOW"),
        ("Rook刀盘有货吗", "Rook刀盘", "SP-BURR54"),
    ],
)
def test_a_product_is_read_as_customers_write_it(catalogue, text, name, sku):
    assert found(text, "product", catalogue) == [(name, sku)]


@pytest.mark.parametrize(
    "text",
    [
        "my sister wants the same as me",
        "how do i descale it",
        "send it to 3 Finch Lane",
        "Robin said it was fine",
        "thanks for the swift answer",
        "a robin sings in my garden",
        "寄到阿里山路8号",
        "肉桂味的面包",
    ],
)
def test_an_ordinary_word_a_person_or_a_street_is_no_product(catalogue, text):
    assert found(text, "product", catalogue) == []


@pytest.mark.parametrize(
    "text", ["小票 ks 4r8t n2vq", "order no ks-4r8t-n2vq", "KS4R8TN2VQ is my order, number KS4R8TN2VQ"]
)
def test_an_order_number_of_a_shop_needs_a_cue(text):
    assert [v for _, v in found(text, "order_number")] == ["KS-4R8T-N2VQ"]
