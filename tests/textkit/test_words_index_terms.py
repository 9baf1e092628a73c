import pytest

from textkit.words import chinese_terms, chinese_words, index_terms


def test_english_terms_are_stemmed_and_lose_stop_words():
    assert index_terms("How are the refunds of the returned grinders?") == ["refund", "return", "grinder"]


@pytest.mark.parametrize(
    ("text", "term"),
    [("e-mail", "email"), ("Rook-Pro", "pro"), ("10:30", "10:30"), ("£1,490", "1,490"), ("Anna's", "anna")],
)
def test_a_joined_word_is_found_whole_and_in_parts(text, term):
    assert term in index_terms(text)


def test_chinese_gives_words_and_bigrams_without_stop_words():
    assert chinese_words("请问退款要多久") == ["请问", "退款", "要", "多久"]
    terms = chinese_terms("我的订单可以退款")
    assert (terms.count("退款"), terms.count("可以"), terms.count("单可")) == (2, 1, 1)  # a stop word is a bigram only
    assert chinese_terms("茶") == ["茶"]


def test_both_languages_in_one_text():
    assert {"forg", "duo", "除垢"} <= set(index_terms("Forge Duo 怎么除垢"))
