import pytest

pytest.importorskip("datasketch")

from finetune.chats.message import Message
from finetune.clean.clean import CleanOptions, clean
from finetune.clean.duplicates import groups
from finetune.clean.machine import without_tail


def said(text, conversation="a", sender="customer", label=None):
    return Message(conversation, None, sender, text, label=label)


def test_what_is_dropped_is_counted_by_reason():
    greeting = "Thanks for writing, we will be with you shortly."
    messages = [said(greeting, str(n), "agent") for n in range(5)]
    messages += [said("Where is my parcel?"), said("where is my PARCEL"), said("!!!"), said("[image]")]
    kept, report = clean(messages)
    assert [message.text for message in kept] == ["Where is my parcel?"]
    assert report.dropped == {
        "boilerplate of the agent": 5,
        "same text": 1,
        "no words": 1,
        "written by a machine": 1,
    }


def test_samples_are_redacted():
    _, report = clean([said("my mail is anna@example.com"), said("My mail is anna@example.com!")])
    assert report.as_dict()["personal_data"] == {"EMAIL": 2}
    assert "anna@" not in str(report.as_dict())


def test_the_same_text_with_another_label_is_told():
    _, report = clean([said("cancel it", label="cancel_order"), said("Cancel it.", label="return_item")])
    assert report.dropped == {"same text with another label": 1}


def test_near_duplicates_in_both_languages():
    texts = [
        "the coffee grinder that I bought last week does not turn on any more",
        "the coffee grinder that I bought last week does not turn on anymore",
        "我上周买的咖啡机今天突然不能开机了怎么办",
        "我上周买的咖啡机今天突然不能开机了，怎么办呀",
        "do you deliver on Sundays",
    ]
    assert groups(texts, 0.8) == [0, 0, 2, 2, 4]
    assert groups(texts, 1.0) == [0, 1, 2, 3, 4]


def test_nothing_is_dropped_on_request():
    kept, _ = clean([said("ok"), said("ok")], CleanOptions(duplicates=False))
    assert len(kept) == 2


@pytest.mark.parametrize(
    ("mail", "left"),
    [
        ("It leaks.\n\nKind regards,\nAnna", "It leaks."),
        ("漏水了\n发自我的iPhone", "漏水了"),
        ("Yes please\nOn Mon, 2 Nov 2026 Sam wrote:\n> shall we?", "Yes please"),
        ("> only a quotation", "> only a quotation"),
    ],
)
def test_signatures_and_quotations_are_cut_off(mail, left):
    assert without_tail(mail) == left
