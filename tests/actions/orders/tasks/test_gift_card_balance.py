import pytest
from sqlalchemy import select

from actions.orders.gift_codes import code_in, digest_of
from actions.orders.verification import WRONG_PER_CONVERSATION
from actions.store.models import GiftCard


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("EMBERGB2026LARK7", "£34.50 left on the gift card that ends in ARK7, valid until Friday 31 March 2028"),
        ("embe rgb2 026l ark7", "£34.50"),
        ("EMBERGB2024PAST9", "expired on Saturday 31 October 2026; there was £12 on it"),
        ("EMBERCN2026LARK8", "¥268 left on the gift card that ends in ARK8, and it doesn’t expire"),
        ("EMBERCN2026LOCK4", "is blocked"),
    ],
)
def test_what_is_left(talk, code, said):
    assert "16 characters" in talk.say("what is on my gift card", "gift_card_balance")[0]
    assert said in talk.say(code)[0]


def test_the_code_is_kept_nowhere(talk, store):
    talk.say("balance of EMBERGB2026WRNG1 please", "gift_card_balance")
    assert "WRNG1" not in str(talk.slots)
    with store.read() as session:
        assert "EMBERGB" not in str([vars(card) for card in session.scalars(select(GiftCard))])


def test_guessing_ends(talk):
    talk.say("what is on my gift card", "gift_card_balance")
    for n in range(WRONG_PER_CONVERSATION):
        assert "can’t find a card" in talk.say(f"EMBERGB2026XXX{n}9")[0]
    assert "can’t check any more" in talk.say("EMBERGB2026LARK7")[0]
    assert talk.offer == "usage_limit"


def test_codes():
    assert code_in("it is EMBE-RGB2-026L-ARK7, thanks") == "EMBERGB2026LARK7"
    assert code_in("some four word text here") is None
    assert digest_of("A") != digest_of("B")
