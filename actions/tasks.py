"""The form's actions: what a message means in a task, and carrying a task out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecutionRejected, ActiveLoop, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.orm import Session

from actions.answer import answer_question
from actions.conversation import idempotency_key, language_of, offering
from actions.orders.clock import shop_now
from actions.orders.conclusion import Conclusion, conclude
from actions.orders.form import take
from actions.orders.message import FORM, Message, read_message
from actions.orders.reply import Reply
from actions.orders.situation import DETAILS, Situation
from actions.orders.turn import FORM_SLOTS, Outcome
from actions.orders.verification import Origin
from actions.services import services

T = TypeVar("T")
KEPT = ("order_number", "product", "pending_request")


class ValidateTaskForm(Action):
    """What the latest message means in the task in hand, and the next question."""

    def name(self) -> str:
        """Rasa calls it before it asks."""
        return "validate_task_form"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """The slots; or that the form steps aside for a rule."""
        message = read_message(tracker)

        def turn(situation: Situation) -> Outcome:
            return take(situation, message, idempotency_key.get())

        outcome = await _in_a_transaction(tracker, message, turn)
        changed = {name: value for name, value in outcome.slots.items() if value != tracker.get_slot(name)}
        if outcome.rejected:
            return [*(SlotSet(name, value) for name, value in changed.items()), ActionExecutionRejected(FORM)]
        _utter(dispatcher, outcome.replies)
        # Rasa takes a form that sets no slot for one that has not understood.
        changed["task"] = outcome.slots["task"]
        return [*(SlotSet(name, value) for name, value in changed.items()), SlotSet("requested_slot", outcome.asked)]


class ActionCarryOut(Action):
    """Does what the form has been filled in for, once, and forgets its details."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_carry_out"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """What is said then, and the offer of a person where it could not be done."""
        key = idempotency_key.get()

        def finish(situation: Situation) -> Conclusion:
            return conclude(situation, f"{key}:carry_out" if key else None)

        conclusion = await _in_a_transaction(tracker, read_message(tracker), finish)
        _utter(dispatcher, conclusion.replies)
        return [*_forgotten(tracker), *offering(tracker, "person" if conclusion.offer else None, conclusion.offer)]


class ActionAnswerAside(Action):
    """A question about what a task does: from the documents, before the task goes on."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_answer_aside"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Where the task only begins, it says more than that the documents do not know."""
        begun = tracker.get_slot("requested_slot") is not None
        answer, events = await answer_question(dispatcher, tracker, says_unknown=begun)
        return events if begun or not answer.abstained else []


class ActionLeaveTask(Action):
    """Drops the task in hand without a word: somebody or something else goes on."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_leave_task"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """Empty its slots and end the form."""
        return [*_forgotten(tracker), SlotSet("pending_request", None), ActiveLoop(None)]


def _forgotten(tracker: Tracker) -> list[dict[str, Any]]:
    names = [*(name for name in FORM_SLOTS if name not in KEPT), "requested_slot"]
    return [SlotSet(name, None) for name in names if tracker.get_slot(name) is not None]


async def _in_a_transaction(tracker: Tracker, message: Message, work: Callable[[Situation], T]) -> T:
    def run() -> T:
        with services().database.write() as session:
            return work(situation_of(session, tracker, message))

    return await asyncio.to_thread(run)


def situation_of(session: Session, tracker: Tracker, message: Message) -> Situation:
    """The situation that the tracker's slots tell."""
    names = (*FORM_SLOTS, *DETAILS, "requested_slot")
    return Situation(
        session=session,
        language=language_of(tracker),
        origin=Origin(tracker.sender_id, message.network),
        now=shop_now(session),
        slots={name: tracker.get_slot(name) for name in names},
    )


def _utter(dispatcher: CollectingDispatcher, replies: list[Reply]) -> None:
    for reply in replies:
        cards = {"frontdesk": {"kind": "cards", "cards": reply.cards}} if reply.cards else {}
        dispatcher.utter_message(text=reply.text, buttons=reply.buttons, json_message=cards)
