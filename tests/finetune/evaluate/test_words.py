import pytest

from finetune.evaluate import pictures
from finetune.evaluate.pictures import words_chart
from finetune.evaluate.words import deciding_words, log_odds, spans
from textkit.errors import FrontdeskError


def words(text):
    return [text[start:end] for start, end in spans(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("where is my parcel?", ["where", "is", "my", "parcel?"]),
        ("我的包裹 LE-7KQ2 到哪里了？", ["我", "的", "包裹", "LE-7KQ2", "到", "哪里", "了"]),
        ("?!", []),
        ("", []),
    ],
)
def test_words_stand_where_they_stand(text, found):
    assert words(text) == found


def test_the_word_that_decides_weighs_most():
    found = deciding_words("where is my parcel", lambda texts: [0.9 if "parcel" in t else 0.2 for t in texts])
    assert [word.text for word in found if word.weight > 1] == ["parcel"]
    assert found[0].weight == 0


def test_certain_probabilities_have_finite_odds():
    assert log_odds([0.0, 0.5, 1.0]) == pytest.approx([-13.8, 0, 13.8], abs=0.1)


def test_a_picture_of_the_words():
    found = deciding_words("it costs $5 or $6 <b>", lambda texts: [0.5] * len(texts))
    assert words_chart(found, "refund").startswith(b"\x89PNG")


def test_without_a_font_a_sentence_says_what_to_install(monkeypatch):
    monkeypatch.setattr("finetune.evaluate.pictures.CJK_FONTS", ())
    with pytest.raises(FrontdeskError, match="apt install fonts-noto-cjk"):
        words_chart(deciding_words("退货", lambda texts: [0.5] * len(texts)), "return_item")


def test_a_font_that_was_installed_since_is_found(monkeypatch):
    from matplotlib import font_manager

    path = font_manager.findfont("DejaVu Sans")
    monkeypatch.setattr("finetune.evaluate.pictures.CJK_FONTS", ("DejaVu Sans",))
    monkeypatch.setattr(font_manager.fontManager, "ttflist", [])
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: [path])
    assert pictures._chinese_font("退货") == ["DejaVu Sans"]
