"""The one form of all tasks: it hears a message (hearing.py) and asks for what is still missing (next_step.py)."""

from __future__ import annotations

import dataclasses

from actions.orders.hearing import begin, hear, is_for_the_documents_first
from actions.orders.message import Message
from actions.orders.next_step import go_on
from actions.orders.situation import Situation
from actions.orders.tasks import TASKS
from actions.orders.turn import FORM_SLOTS, REQUESTED, Outcome, Turn
from actions.store.effects import once
from actions.store.models import Effect


def take(situation: Situation, message: Message, key: str | None) -> Outcome:
    """One turn of the form; a yes that came before under the same `key` is a yes, whatever has changed by it since."""
    confirming = situation.slots.get(REQUESTED) == "confirmed" and key is not None
    if confirming and situation.session.get(Effect, f"{key}:yes") is not None:
        situation.slots["confirmed"] = "yes"
        return Outcome([], {name: situation.slots.get(name) for name in FORM_SLOTS}, None)
    outcome = _taken(Turn(situation, message, key))
    if confirming and outcome.asked is None and outcome.slots.get("confirmed") == "yes":
        once(situation.session, f"{key}:yes", lambda: {})
    return outcome


def _taken(turn: Turn) -> Outcome:
    s, message = turn.s, turn.message
    if not message.fresh:
        return go_on(turn)
    if message.second and not s.get("pending_request"):
        s.slots["pending_request"] = message.second
        s.tell("one_after_the_other")
    if turn.asked is None or s.get("task") not in TASKS:
        begin(turn)
        if is_for_the_documents_first(turn):
            return dataclasses.replace(turn.outcome(None), rejected=True)
        return go_on(turn)
    if message.after_a_break:
        s.tell("welcome_back", task=s.say(f"doing_{turn.task.name}"))
    if not hear(turn):
        return Outcome([], {"pending_request": s.get("pending_request")}, turn.asked, rejected=True)
    return go_on(turn)
