import unicodedata

import pytest

from knowledge.documents import document_title, glue, normalise_text, reflow


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("We **never** sell *your* data.", "We never sell your data."),
        ('See [returns](returns.md "Returns") and ![box](box.png)here.', "See returns and here."),
        ("Press `Sign in`.", "Press Sign in."),
        ("***免费***配送", "免费配送"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        ("a\\* b \\| c", "a* b | c"),
        ("Tea &amp; coffee&nbsp;&lt;5 kg", "Tea & coffee <5 kg"),
        ("before <!-- not for customers --> after", "before  after"),
        ("one\r\ntwo\rthree", "one two three"),
        ("全角\n换行", "全角换行"),
        ("\ufeffa\u00a0b\u200bc\x00\ue000", "a bc"),
        ("Title\n=====\n\nText", "# Title\n\nText"),
        ("a\n\n\n\n\nb", "a\n\nb"),
    ],
)
def test_inline_marks_go_and_the_words_stay(markdown, text):
    assert normalise_text(markdown) == text + "\n"


def test_blocks_keep_their_marks():
    markdown = "# 退货\n\n- one\n- two\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n1. first\n"
    assert normalise_text(markdown) == markdown


@pytest.mark.parametrize("text", ["cafe\u0301 &eacute; e&#769;", "a&nbsp;b&#8203;c", "x&#13;y", "退货&#12288;说明"])
def test_the_text_is_composed_and_free_of_controls(text):
    done = normalise_text(text)
    assert unicodedata.is_normalized("NFC", done)
    assert not any(unicodedata.category(c) == "Cc" for c in done.replace("\n", ""))
    assert "\u00a0" not in done
    assert "\u200b" not in done


def test_printed_lines_are_joined_only_where_the_page_ended():
    page = "The kettle holds its temperature for an hour and then\nswitches itself off.\nShort line\nAnother line."
    assert reflow(page, printed=True).split("\n") == [
        "The kettle holds its temperature for an hour and then switches itself off.",
        "Short line",
        "Another line.",
    ]


@pytest.mark.parametrize(
    ("before", "after", "whole"), [("to", "you", "to you"), ("退", "款", "退款"), ("", "a", "a"), ("共", "3", "共3")]
)
def test_parts_of_a_sentence_are_glued_by_their_script(before, after, whole):
    assert glue(before, after) == whole


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("intro\n\n## Returns ##\n\nText", "Returns"),
        ("成都店品茶会\n\n每周六", "成都店品茶会"),
        ("| a | b |", "file-name"),
        ("x" * 81, "file-name"),
        ("", "file-name"),
    ],
)
def test_a_title_is_the_first_heading_or_a_short_first_line_or_the_file(text, title):
    assert document_title(text, "file-name") == title
