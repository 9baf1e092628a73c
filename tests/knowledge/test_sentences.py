import random

import pytest

from knowledge.sentences import sentence_spans


def sentences(text):
    return [text[a:b] for a, b in sentence_spans(text, 0, len(text))]


@pytest.mark.parametrize(
    "parts",
    [
        ["You have 30 days.", "Opened coffee stays with you!", "Really?"],
        ["It costs £2.95 in the U.K. and is free for Gold.", "Mr. Wren weighs 6.2 kg."],
        ["Open Mon. to Fri. from 9.30 a.m. on.", "Closed on Sunday."],
        ["See larkandember.example/returns.html for more.", "£5 is enough."],
        ['She said "yes."', "Then she left."],
        ["Wait... for the tone.", "Then speak."],
        ["签收后 30 天内可以退货。", "已拆封的不行！", "真的吗？", "真的……", "好"],
        ["他说：“可以。”", "我们就寄了。"],
        ["Rook Pro 售价 ¥3,280。", "Ask us first."],
        ["Refunds take 3 to 5 days"],
    ],
)
def test_a_text_is_cut_where_its_sentences_end(parts):
    chinese = any("\u4e00" <= c <= "\u9fff" for c in parts[0])
    assert sentences(("" if chinese else " ").join(parts)) == parts


def test_an_address_with_a_question_mark_stays_whole():
    assert sentences("Go to shop.example/a?b=1 and press Return.") == ["Go to shop.example/a?b=1 and press Return."]


def test_only_the_given_part_is_cut_and_offsets_count_from_the_start():
    text = "# Title\nOne. Two.\nThree."
    assert [text[a:b] for a, b in sentence_spans(text, 8, 17)] == ["One.", "Two."]


def test_blank_text_has_no_sentence():
    assert sentence_spans(" \n\t ", 0, 4) == []
    assert sentence_spans("", 0, 0) == []


@pytest.mark.parametrize("seed", range(5))
def test_sentences_hold_every_letter_once_and_in_order(seed):
    pick = random.Random(seed)
    for _ in range(200):
        text = "".join(
            pick.choices(["a", "B", "9", "退", "款", ".", "。", "!", "?", "？", " ", "\n", "”", ")", "…", "e.g."], k=30)
        )
        spans = sentence_spans(text, 0, len(text))
        assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())
        assert all(a < b <= c for (a, b), (c, _) in zip(spans, [*spans[1:], (len(text), 0)], strict=True))
