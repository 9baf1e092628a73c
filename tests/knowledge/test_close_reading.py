import numpy as np
import pytest

from knowledge.close_reading import NOTHING, read_question, whole_words


@pytest.mark.parametrize(
    ("pieces", "words"),
    [
        (["cost", "##ed", "twice"], [("costed", [0, 1]), ("twice", [2])]),
        (["▁refund", "s", "▁soon"], [("refunds", [0, 1]), ("soon", [2])]),
        (["▁", "我想", "退", "款", "▁VIP", "2"], [("我", [1]), ("想", [1]), ("退款", [2, 3]), ("VIP2", [4, 5])]),
        (["▁"], []),
        ([], []),
    ],
)
def test_pieces_are_joined_to_words(pieces, words):
    assert whole_words(pieces) == words


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "how much is the return label"), ("zh", "换个新水泵多少钱")],
)
def test_a_text_is_near_itself_and_less_so_what_is_foreign(index, language, text):
    own = index.languages[language]
    read = read_question(own, own.encode_question(text).tokens)
    near = read.near(own, range(len(own.units)))
    assert near.shape == (len(read.places), len(own.units))
    best = read.features(near[:, near.mean(axis=0).argmax()])
    worst = read.features(near[:, near.mean(axis=0).argmin()])
    assert best["soft_covered"] > worst["soft_covered"]
    assert best["soft_weakest"] <= best["soft_covered"]


def test_without_words_or_vectors_nothing_is_read(index):
    own = index.languages["en"]
    assert read_question(own, None) is None
    nothing = read_question(own, ([], np.zeros((0, 384), dtype=np.float32)))
    assert nothing.features(nothing.near(own, [0])) == NOTHING


def test_the_encoders_own_prefix_is_no_word_of_the_question(index):
    own = index.languages["zh"]
    read = read_question(own, own.encode_question("退款").tokens)
    assert len(read.places) == 1
