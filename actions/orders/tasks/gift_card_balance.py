"""What is left on a gift card; its code is all it takes, so tries are counted as those of a verification are."""

from __future__ import annotations

from sqlalchemy import select

from actions.orders.gift_codes import LENGTH, code_in, digest_of
from actions.orders.message import Message
from actions.orders.reply import PERSON, Reply
from actions.orders.situation import Situation
from actions.orders.tasks.task import Task
from actions.orders.verification import note_try, take_turns, too_many_tries
from actions.orders.words import day, money
from actions.store.models import GiftCard


class GiftCardBalance(Task):
    """Keeps the card's id, never its code."""

    name = "gift_card_balance"
    verified = False
    about_order = False
    changes = False
    volunteered = ("gift_card",)

    def wants(self, situation: Situation) -> list[str]:
        """The card."""
        return ["gift_card"]

    def read(self, situation: Situation, slot: str, message: Message) -> str | None:
        """The id of the card whose code the message gives; `none` ends it after too many tries."""
        code = code_in(message.text)
        if slot != "gift_card" or code is None:
            return None
        session, origin = situation.session, situation.origin
        network = f"network {origin.network}" if origin.network else None
        take_turns(session, f"conversation {origin.conversation_id}", network)
        if too_many_tries(session, origin):
            situation.replies.append(Reply(situation.say("verify_blocked"), [PERSON[situation.language]]))
            situation.slots["task_ended"] = "limit"
            return "0"
        card = session.scalar(select(GiftCard.id).where(GiftCard.code_digest == digest_of(code)))
        note_try(session, origin, None, "gift_card", succeeded=card is not None)
        if card is None:
            situation.tell("gift_card_wrong")
            situation.heard = True
        return str(card) if card is not None else None

    def ask(self, situation: Situation, slot: str) -> Reply:
        """How long a code is."""
        return Reply(situation.say("ask_gift_card", count=LENGTH))

    def carry_out(self, situation: Situation) -> list[Reply]:
        """What is on it, and until when."""
        card = situation.session.get(GiftCard, int(situation.get("gift_card") or 0))
        if card is None:
            return [Reply(situation.say("gift_card_wrong"))]
        language, amount = situation.language, money(card.balance, card.currency)
        if card.status == "blocked":
            return [Reply(situation.say("gift_card_blocked", last=card.last_four), [PERSON[language]])]
        if card.expires_on is None:
            until = situation.say("gift_card_for_ever")
            return [Reply(situation.say("gift_card_left", amount=amount, last=card.last_four, until=until))]
        expires = day(card.expires_on, language)
        if card.expires_on < situation.now.date():
            return [Reply(situation.say("gift_card_expired", amount=amount, last=card.last_four, day=expires))]
        until = situation.say("gift_card_until", day=expires)
        return [Reply(situation.say("gift_card_left", amount=amount, last=card.last_four, until=until))]
