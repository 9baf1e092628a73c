import pytest

from textkit.language import detect_language, other_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("How long does delivery take?", "en"),
        ("refund", "en"),
        ("Where is LE-7KQ2-M4XD?", "en"),
        ("What does 退款 mean?", "en"),
        ("How do I say 微信支付 in English, please?", "en"),
        ("多久能到？", "zh"),
        ("Forge Duo 报 E3 怎么办", "zh"),
        ("Rook Pro Electric Grinder 多少钱", "zh"),
        ("請問可以退貨嗎", "zh"),
        ("订单 LE-7KQ2-M4XD", "zh"),
        ("help@larkandember.example 是你们的邮箱吗", "zh"),
    ],
)
def test_a_message_has_the_language_of_its_sentence(text, language):
    assert detect_language(text) == language


@pytest.mark.parametrize(
    "text",
    ["", " \n", "ok", "OK!", "42", "LE-7KQ2-M4XD", "E3", "👍🏽", "?!…", "a@b.example", "https://x.example/a b", "yes"],
)
def test_what_is_written_alike_in_both_languages_tells_nothing(text):
    assert detect_language(text) is None


def test_half_width_and_full_width_marks_do_not_matter():
    assert detect_language("发货了吗?") == detect_language("发货了吗？") == "zh"


def test_the_other_language():
    assert other_language("en") == "zh"
    assert other_language("zh") == "en"
