"""Prices, stock and opening hours: from the database and the policy where they say it, else from the documents."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import PERSON, answer_question
from actions.conversation import language_of, latest_text, offering
from actions.orders.message import Message, read_message
from actions.orders.reply import Reply
from actions.services import services
from actions.shop.goods import price_and_stock, products_named
from actions.shop.hours import asks_for_hours, hours_text, stores_named
from actions.store.base import utc_now

_POINTS = re.compile(r"\b(?:it|this|that|they|them|one)\b|它|这个|这款|那个|那款", re.I)


class ActionProduct(Action):
    """What a product costs and whether there is any."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_product"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """The products that the message names, else the one of the page, else what the documents say."""
        message, language = read_message(tracker), language_of(tracker)
        skus = _skus(message, tracker.get_slot("shown_product"))

        def look_up() -> Reply | None:
            with services().database.read() as session:
                products = products_named(session, skus)
                return price_and_stock(products, language) if products else None

        found = await asyncio.to_thread(look_up) if skus else None
        if found is None:
            answer, events = await answer_question(dispatcher, tracker, says_unknown=False)
            if answer.abstained:
                button = {"title": PERSON[language], "payload": "/human"}
                dispatcher.utter_message(response="utter_which_product", buttons=[button])
            return events
        cards = {"frontdesk": {"kind": "cards", "cards": found.cards}}
        dispatcher.utter_message(text=found.text, json_message=cards)
        return [*offering(tracker, None), SlotSet("shown_product", skus[0])]


class ActionStoreHours(Action):
    """When the stores are open."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_store_hours"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """The hours of the stores named, with today's; anything else about stores is in the documents."""
        text, language = latest_text(tracker), language_of(tracker)
        if not asks_for_hours(text):
            _, events = await answer_question(dispatcher, tracker)
            return events
        lines = [hours_text(store, utc_now(), language) for store in stores_named(text, language)]
        dispatcher.utter_message(text="\n".join(lines))
        return [*offering(tracker, None), SlotSet("last_question", text)]


def _skus(message: Message, shown: str | None) -> list[str]:
    """What is named; what is pointed at is what was shown last, or else what the page shows."""
    named = [str(sku) for sku in message.values("product")]
    pointed = [shown] if shown and _POINTS.search(message.text) else []
    return named or pointed or ([message.page_product] if message.page_product else [])
