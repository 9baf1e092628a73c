import json

import pytest

from knowledge.glossary import Glossary
from textkit.errors import DocumentError
from textkit.settings import ROOT

PAIRS = [("gift card", "礼品卡"), ("card", "卡"), ("refund", "退款"), ("refund", "退钱"), ("Rook Pro", "秃鼻鸦 Pro")]


def test_the_longest_expression_counts_and_every_name_comes_along():
    glossary = Glossary(PAIRS)
    assert glossary.translate("Refunds of gift cards on Sunday?", "en") == ([["退款", "退钱"], ["礼品卡"]], ["sunday"])
    groups, left = glossary.translate("礼品卡退款周日行吗", "zh")
    assert groups == [["gift card"], ["refund"]]
    assert "周日" in left


def test_case_and_width_do_not_matter():
    glossary = Glossary(PAIRS)
    assert glossary.translate("ROOK PRO", "en")[0] == [["秃鼻鸦 Pro"]]
    assert glossary.translate("秃鼻鸦 ＰＲＯ", "zh")[0] == [["Rook Pro"]]


def test_an_empty_glossary_translates_nothing():
    assert Glossary([]).translate("refund please", "en") == ([], ["refund"])
    assert Glossary([]).translate("退款", "zh") == ([], ["退款"])


def test_further_pairs_are_added_to_the_own_ones():
    more = Glossary(PAIRS).extended([("kettle", "水壶")])
    assert more.translate("kettle refund", "en")[0] == [["水壶"], ["退款", "退钱"]]
    assert Glossary(PAIRS).translate("kettle", "en")[0] == []


@pytest.mark.parametrize(
    "content",
    [
        "{",
        "[]",
        "{}",
        '{"pairs": [["a"]]}',
        '{"pairs": [["a", "b", "c"]]}',
        '{"pairs": 1}',
        '{"pairs": [["refund", ""]]}',
        '{"pairs": [["?", "退款"]]}',
        '{"pairs": ["退款"]}',
        '{"pairs": [["refund", 7]]}',
    ],
)
def test_a_file_of_another_form_is_named(tmp_path, content):
    (tmp_path / "glossary.json").write_text(content, encoding="utf-8")
    with pytest.raises(DocumentError, match=r"glossary\.json is not a glossary"):
        Glossary.read(tmp_path / "glossary.json")


def test_a_missing_or_foreign_file_is_named(tmp_path):
    with pytest.raises(DocumentError, match=r"glossary\.json is not a glossary"):
        Glossary.read(tmp_path / "glossary.json")
    (tmp_path / "glossary.json").write_bytes(
        json.dumps({"pairs": [["refund", "退款"]]}, ensure_ascii=False).encode("gbk")
    )
    with pytest.raises(DocumentError, match=r"glossary\.json is not a glossary"):
        Glossary.read(tmp_path / "glossary.json")


def test_the_glossary_of_the_sample_shop_carries_a_question_over():
    glossary = Glossary.read(ROOT / "knowledge/library/glossary.json")
    groups, _ = glossary.translate("发票和退款", "zh")
    assert any("refund" in group for group in groups)
    assert len(glossary.translate("delivery refund", "en")[0]) == 2
