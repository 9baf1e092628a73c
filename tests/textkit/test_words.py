import pytest

from textkit.words import chinese_terms, chinese_words, index_terms, normalise, runs


@pytest.mark.parametrize(
    ("text", "plain"),
    [("ＬＥ－７", "le-7"), ("don’t", "don't"), ("STRASSE ﬁne", "strasse fine"), ("￥１５", "¥15"), ("订单？", "订单?")],
)
def test_forms_that_look_alike_compare_alike(text, plain):
    assert normalise(text) == plain


def test_runs_part_chinese_from_the_rest_and_keep_codes_whole():
    assert runs("我的LE-7KQ2订单，£2.95！") == ["我的", "le-7kq2", "订单", "2.95"]
    assert runs("?! …") == []


@pytest.mark.usefixtures("analysers")
def test_english_terms_are_stemmed_and_lose_stop_words():
    assert index_terms("How are the refunds of the returned grinders?") == ["refund", "return", "grinder"]


@pytest.mark.usefixtures("analysers")
@pytest.mark.parametrize(
    ("text", "term"), [("e-mail", "email"), ("Rook-Pro", "pro"), ("10:30", "10:30"), ("£1,490", "1,490"), ("Anna's", "anna")]
)
def test_a_joined_word_is_found_whole_and_in_parts(text, term):
    assert term in index_terms(text)


@pytest.mark.usefixtures("analysers")
def test_chinese_gives_words_and_bigrams_without_stop_words():
    assert chinese_words("请问退款要多久") == ["请问", "退款", "要", "多久"]
    terms = chinese_terms("我的订单可以退款")
    assert (terms.count("退款"), terms.count("可以"), terms.count("单可")) == (2, 1, 1)  # a stop word is a bigram only
    assert chinese_terms("茶") == ["茶"]


@pytest.mark.usefixtures("analysers")
def test_both_languages_in_one_text():
    assert {"forg", "duo", "除垢"} <= set(index_terms("Forge Duo 怎么除垢"))


@pytest.fixture
def analysers():
    pytest.importorskip("jieba", reason="the analysers of the index are in the models runtime only")
