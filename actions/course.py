"""Small actions that steer the conversation: repeat, start over, switch language, decline an offer."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import bot_messages_to_last_question, language_of, latest_text, offering
from textkit.language import Language, other_language

_NAMED: dict[Language, re.Pattern[str]] = {
    "zh": re.compile(r"chinese|mandarin|putonghua|zhongwen|中文|汉语|漢語|普通话|普通話|国语|國語|华语", re.I),
    "en": re.compile(r"english|yingwen|yingyu|英文|英语|英語", re.I),
}


class ActionRepeat(Action):
    """Says the last thing again, with its buttons and citations."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_repeat"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Every message of the last turn in which the bot said anything."""
        messages = bot_messages_to_last_question(tracker)
        for message in messages:
            data = message.get("data") or {}
            dispatcher.utter_message(
                text=message.get("text"), buttons=data.get("buttons"), json_message=data.get("custom")
            )
        if not messages:
            dispatcher.utter_message(response="utter_nothing_to_repeat")
        return []


class ActionStartOver(Action):
    """Forgets what the conversation was about, but not its language."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_start_over"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Empty every slot that holds something."""
        kept = ("language", "language_lock")
        return [SlotSet(name, None) for name, value in tracker.slots.items() if name not in kept and value is not None]


class ActionSwitchLanguage(Action):
    """Goes on in the language that the message names, or else in the other one."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_switch_language"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Set the language and keep it until a message comes in it (bot/engine/processor.py)."""
        named = [lang for lang, pattern in _NAMED.items() if pattern.search(latest_text(tracker))]
        wanted = named[0] if len(named) == 1 else other_language(language_of(tracker))
        return [SlotSet("language", wanted), SlotSet("language_lock", wanted)]


class ActionDeclineOffer(Action):
    """The customer does not want a person."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_decline_offer"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Withdraw the offer."""
        return offering(tracker, None)
