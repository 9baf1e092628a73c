from random import Random

import pytest

from finetune.augment import AUGMENTATIONS, DEFAULT, augment, full_width, half_width, homophone
from textkit.entities.wordlists import syllables
from textkit.errors import FrontdeskError

TEXTS = ["Where is my parcel? Call [PHONE].", "快递到哪了，订单[ORDER_NUMBER]", "", "?", "a"]


@pytest.mark.parametrize("name", AUGMENTATIONS)
@pytest.mark.parametrize("text", TEXTS)
def test_the_same_seed_gives_the_same_text_and_placeholders_stay(name, text):
    change = AUGMENTATIONS[name]
    made = [change(text, Random(seed)) for seed in range(20)]
    assert made == [change(text, Random(seed)) for seed in range(20)]
    assert all(
        placeholder in one for one in made for placeholder in ("[PHONE]", "[ORDER_NUMBER]") if placeholder in text
    )


def test_a_homophone_sounds_the_same():
    text = "我要退货"
    made = homophone(text, Random(1))
    (place,) = [n for n, pair in enumerate(zip(text, made, strict=True)) if len(set(pair)) == 2]
    assert syllables()[text[place]] == syllables()[made[place]]


def test_widths_go_there_and_back():
    assert full_width("退 E3 机器", Random(0)) == "退\u3000Ｅ３\u3000机器"
    assert half_width("退\u3000Ｅ３\u3000机器", Random(0)) == "退 E3 机器"


def test_nothing_is_augmented_by_itself():
    assert DEFAULT == ()
    assert augment(TEXTS, DEFAULT) == TEXTS
    with pytest.raises(FrontdeskError, match="no augmentation 'rhyme'"):
        augment(TEXTS, ["rhyme"])
