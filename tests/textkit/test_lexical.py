import numpy as np
import pytest

from textkit.lexical import LexicalEncoder, lexical_features

TEXTS = {
    "en": ["refund of a return", "express delivery tomorrow", "warranty on grinders", "gift card balance", "descaling"],
    "zh": ["退货退款多久到账", "次日达快递运费", "磨豆机保修几年", "礼品卡余额查询", "咖啡机除垢"],
}
ASKED = {"en": "when will I get my refunds", "zh": "我想退款"}


@pytest.fixture(scope="module", params=["en", "zh"])
def fitted(request):
    return request.param, LexicalEncoder.fit(TEXTS[request.param])


def test_a_question_comes_closest_to_the_text_that_shares_its_words(fitted):
    language, encoder = fitted
    similarity = encoder.encode([ASKED[language]]) @ encoder.encode(TEXTS[language]).T
    assert similarity.argmax() == 0


def test_vectors_have_length_one_and_unknown_text_length_zero(fitted):
    language, encoder = fitted
    vectors = encoder.encode([*TEXTS[language], "ЖЖЖ"])
    assert (vectors.dtype, vectors.shape[1]) == (np.float32, encoder.dimensions)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), [1] * len(TEXTS[language]) + [0], atol=1e-5)


def test_what_is_saved_reads_back_exactly(fitted, tmp_path):
    language, encoder = fitted
    encoder.save(tmp_path)
    again = LexicalEncoder.load(tmp_path)
    assert again.digest == encoder.digest
    np.testing.assert_array_equal(again.encode([ASKED[language]]), encoder.encode([ASKED[language]]))


def test_fitting_twice_gives_the_same_encoder_and_other_texts_another():
    both = [*TEXTS["en"], *TEXTS["zh"]]
    assert LexicalEncoder.fit(both).digest == LexicalEncoder.fit(both).digest != LexicalEncoder.fit(both[1:]).digest


@pytest.mark.parametrize("texts", [["one text alone"], [""], ["a", "a"], ["？！", "…"]])
def test_tiny_collections_are_served(texts):
    encoder = LexicalEncoder.fit(texts)
    assert np.isfinite(encoder.encode([*texts, "other"])).all()
    assert encoder.encode([]).shape == (0, encoder.dimensions)


def test_the_projection_is_as_narrow_as_asked():
    assert LexicalEncoder.fit([f"text number {n} 第{n}条" for n in range(40)], dimensions=8).dimensions == 8


def test_features_know_word_ends_and_chinese_bigrams():
    assert {"<refund>", "<ref", "und>"} <= set(lexical_features("Refund"))
    assert {"退", "退款", "^退", "款$", "^退款"} <= set(lexical_features("退款"))
    assert lexical_features("  ") == ["<empty>"]
