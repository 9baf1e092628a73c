import numpy as np
import pytest

from finetune.augment import AUGMENTATIONS, augment, change_width, mishear, mistype
from finetune.examples import Example
from textkit.entities.wordlists import pinyin
from textkit.errors import FrontdeskError


def many(way, text, count=60):
    return {way(text, np.random.default_rng(seed)) for seed in range(count)}


def test_a_mistake_of_the_keyboard_is_in_one_word():
    made = many(mistype, "where is my parcel")
    assert len(made) > 15
    for text in made:
        words = list(zip(text.split(), ["where", "is", "my", "parcel"], strict=True))
        assert sum(written != meant for written, meant in words) <= 1
        assert all(abs(len(written) - len(meant)) <= 1 for written, meant in words)
    assert {"hwere is my parcel", "were is my parcel", "wwhere is my parcel"} & made


def test_short_words_and_chinese_are_not_mistyped():
    assert many(mistype, "is my tea ok 我的订单在哪") == {"is my tea ok 我的订单在哪"}


def test_what_is_misheard_sounds_alike():
    made = many(mishear, "我的订单在哪里")
    assert len(made) > 2
    for text in made:
        assert text != "我的订单在哪里"
        assert pinyin(text) == pinyin("我的订单在哪里")
    assert many(mishear, "where is it") == {"where is it"}


def test_width_goes_both_ways():
    pick = np.random.default_rng(0)
    assert change_width("订单A12?", pick) == "订单Ａ１２？"
    assert change_width("订单Ａ１２？", pick) == "订单A12?"
    assert change_width("你好", pick) == "你好"


def test_script_goes_both_ways():
    pytest.importorskip("opencc", reason="group finetune is not installed")
    change = AUGMENTATIONS["script"]
    pick = np.random.default_rng(0)
    assert change("发票怎么开", pick) == "發票怎麼開"
    assert change("發票怎麼開", pick) == "发票怎么开"
    assert change("hello", pick) == "hello"


def test_augmented_examples_stand_behind_the_others_with_their_labels():
    given = [Example("where is my parcel", "status"), Example("我的订单在哪里", "status"), Example("ok", "yes")]
    made = augment(given, ["mistype", "mishear"], seed=1)
    assert made[:3] == given
    assert [e.label for e in made[3:]] == ["status", "status"]
    assert made == augment(given, ["mistype", "mishear"], seed=1)
    assert augment(given, []) == given


def test_an_unknown_way_is_refused():
    with pytest.raises(FrontdeskError, match="no augmentation 'shout'.*mistype, mishear, width, script"):
        augment([Example("a", "b")], ["shout"])
