import numpy as np
import pytest

from finetune.examples import ExampleError, Pair
from finetune.train.encoder import train_encoder
from finetune.train.negatives import found_first, mine, split_pairs
from finetune.train.reranker import train_reranker
from finetune.train.settings import TrainSettings
from knowledge.reranker import Reranker, join_pieces
from tests.finetune.train.conftest import made_up_pairs
from textkit.encoders import OnnxEncoder
from textkit.errors import FrontdeskError
from textkit.registry import read_manifest

SETTINGS = TrainSettings(epochs=4, learning_rate=3e-3, batch=16)


class Letters:
    """An encoder by first letters."""

    digest, dimensions = "letters", 26

    def encode(self, texts):
        return np.array([np.eye(26)[ord(text[0]) - 97] for text in texts], dtype=np.float32)


def test_no_positive_of_a_query_is_its_negative():
    pairs = [Pair("ask", "aaa"), Pair("ask", "bbb"), Pair("buy", "ccc"), Pair("cry", "bad", ("own",))]
    found = mine(pairs, Letters(), 5)
    assert not {"aaa", "bbb"} & {*found[0], *found[1]}
    assert set(found[2]) == {"aaa", "bbb", "bad"}
    assert found[3][0] == "own"


def test_what_lies_nearer_than_the_positive_is_the_last_choice():
    pairs = [Pair("ask", "zzz"), Pair("buy", "aaa"), Pair("cry", "ccc")]
    assert mine(pairs, Letters(), 1)[2] != ["ccc"]
    assert mine(pairs, Letters(), 2)[1][0] in ("zzz", "ccc")


def test_a_query_that_nothing_answers_has_one_negative_more():
    pairs = [Pair("ask", "aaa"), Pair("buy", "bbb"), Pair("cry", "", ("own", "ccc")), Pair("dry", "", ("own",))]
    found = mine(pairs, Letters(), 1)
    assert found[0] == ["bbb"]
    assert found[2] == ["own", "ccc"]
    assert found[3][0] == "own"
    assert found[3][1] in ("aaa", "bbb")


def test_a_query_with_several_positives_is_right_with_any():
    pairs = [Pair("q", "a"), Pair("q", "b"), Pair("r", "c")]
    assert found_first(np.array([[0, 1, 0], [1, 0, 0]], dtype=np.float32), pairs) == [True, False]


def test_no_query_is_on_both_sides_of_a_split():
    pairs = [Pair(f"q{n % 10}", f"p{n}") for n in range(40)]
    train, dev = split_pairs(pairs, 0)
    assert not {p.query for p in train} & {p.query for p in dev}
    assert len(train) + len(dev) == 40


def test_an_encoder_learns_which_answer_belongs_to_a_question(base, tmp_path):
    made = train_encoder(made_up_pairs(24), made_up_pairs(8, 30), base, tmp_path / "m", SETTINGS)
    manifest = read_manifest(made)
    assert manifest["kind"] == "encoder"
    assert manifest["figures"]["recall_at_1"] > manifest["figures"]["recall_at_1_base"]
    assert OnnxEncoder(made).encode(["card"]).shape == (1, 32)
    assert {p.suffix for p in made.rglob("*") if p.is_file()} == {".json", ".onnx", ".safetensors", ".md"}


def test_a_reranker_puts_the_answer_first(base, tmp_path):
    settings = TrainSettings(epochs=24, learning_rate=1e-3, batch=16, patience=24)
    made = train_reranker(made_up_pairs(24), made_up_pairs(8, 30), base, tmp_path / "m", settings)
    passages = ["about refund money back", "about card lost stolen", "about parcel arrive delivery"]
    assert Reranker(made).score("was card block now", passages).argmax() == 1
    assert read_manifest(made)["figures"]["right_of_list"] > 0.8
    assert {p.suffix for p in made.rglob("*") if p.is_file()} == {".json", ".onnx", ".safetensors", ".md"}


def test_a_reranker_learns_that_nothing_answers(base, tmp_path):
    """`none` has the logit 0: what answers lies above it, all else below."""
    known = ("about refund money back", "about parcel arrive delivery")
    pairs = [p if p.positive in known else Pair(p.query, "", known) for p in made_up_pairs(24)]
    settings = TrainSettings(epochs=60, learning_rate=3e-3, batch=8, patience=60, negatives=1)
    made = train_reranker(pairs, None, base, tmp_path / "m", settings)
    assert max(Reranker(made).score("was card block now", known)) < 0
    assert max(Reranker(made).score("was refund back now", known)) > 0
    assert read_manifest(made)["figures"]["none_of_list"] > 0.8


def test_one_passage_teaches_nothing(base, tmp_path):
    with pytest.raises(ExampleError, match="same positive"):
        train_reranker([Pair("a", "x"), Pair("b", "x")], None, base, tmp_path / "m")


def test_long_questions_and_passages_are_cut_with_their_ends_kept():
    assert join_pieces([2, 5, 3], [2, 6, 7, 3], 10) == [2, 5, 3, 6, 7, 3]
    joined = join_pieces([2, *[5] * 20, 3], [2, *[6] * 20, 3], 10)
    assert len(joined) == 10
    assert joined == [2, 5, 5, 5, 3, 6, 6, 6, 6, 3]


def test_another_kind_of_model_is_no_reranker(trained):
    with pytest.raises(FrontdeskError, match="'intent', not a reranker"):
        Reranker(trained)
