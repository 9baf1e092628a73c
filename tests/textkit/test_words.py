import pytest

from textkit.words import normalise, runs


@pytest.mark.parametrize(
    ("text", "plain"),
    [("ＬＥ－７", "le-7"), ("don’t", "don't"), ("STRASSE ﬁne", "strasse fine"), ("￥１５", "¥15"), ("订单？", "订单?")],
)
def test_forms_that_look_alike_compare_alike(text, plain):
    assert normalise(text) == plain


def test_runs_part_chinese_from_the_rest_and_keep_codes_whole():
    assert runs("我的LE-7KQ2订单，£2.95！") == ["我的", "le-7kq2", "订单", "2.95"]
    assert runs("?! …") == []
