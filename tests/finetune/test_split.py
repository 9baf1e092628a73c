from datetime import UTC, datetime, timedelta

import pytest

pytest.importorskip("datasketch")

from finetune.chats.message import Message
from finetune.split import leaks, split
from textkit.errors import FrontdeskError

START = datetime(2026, 11, 1, tzinfo=UTC)
TOPICS = "kettle grinder teapot invoice parcel refund voucher opening descaler filter".split()


def chats(dated=True):
    """Ten conversations, a day apart; the first and the last say the same."""
    for n, topic in enumerate(TOPICS):
        time = START + timedelta(days=n) if dated else None
        text = "how do I return my order please" if n in (0, 9) else f"a question of mine about the {topic} {n * 37}"
        yield Message(f"c{n}", time, "customer", text, label="ask")
        yield Message(f"c{n}", time, "bot", "Here is what I know.")


def test_the_latest_conversations_are_the_test():
    parts = split(list(chats()), dev=0.1, test=0.2).parts
    names = {name: sorted({m.conversation for m in part}) for name, part in parts.items()}
    assert names["test"] == ["c8", "c9"]
    assert names["dev"] == ["c7"]


def test_a_text_of_the_test_is_taken_out_of_the_training():
    made = split(list(chats()))
    assert made.removed == 1
    assert leaks(made.parts) == []
    assert not any(m.conversation == "c0" and m.sender == "customer" for m in made.parts["train"])


def test_a_leak_is_seen():
    message = next(iter(chats()))
    assert leaks({"train": [message], "test": [message]}) == [("train", "conversation"), ("train", "text")]


def test_the_draw_of_undated_conversations_is_seeded():
    first, again, other = (split(list(chats(dated=False)), seed=seed).parts for seed in (3, 3, 4))
    assert first == again
    assert first != other


def test_labels_with_few_examples_are_noted():
    assert any("ask: only" in note for note in split(list(chats())).notes)


@pytest.mark.parametrize("shares", [(0.5, 0.5), (0, 0), (0.1, 2)])
def test_shares_that_leave_nothing_are_refused(shares):
    with pytest.raises(FrontdeskError, match="--dev and --test"):
        split(list(chats()), *shares)
