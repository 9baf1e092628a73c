"""The end of a task: it is carried out once, or it has ended in another way."""

from __future__ import annotations

import dataclasses
from typing import Any

from sqlalchemy import select

from actions.orders.identity import identify
from actions.orders.reply import Reply
from actions.orders.situation import Situation
from actions.orders.tasks import TASKS
from actions.store.effects import once
from actions.store.models import Order
from actions.store.models.ticket import TicketReason

# How a form ended without being filled in, and the reason of the ticket if the customer takes the person offered.
OFFERED: dict[str, TicketReason] = {
    "refused": "policy_restriction",
    "stuck": "pending_clarification",
    "limit": "usage_limit",
}


@dataclasses.dataclass(frozen=True)
class Conclusion:
    """What is said, and why a person is offered if one is."""

    replies: list[Reply]
    offer: TicketReason | None = None


def conclude(situation: Situation, key: str | None) -> Conclusion:
    """Carry out the task in hand; with the same `key` only the words are repeated."""
    ended = situation.get("task_ended")
    task = TASKS.get(situation.get("task") or "")
    if ended == "left" or task is None:
        return Conclusion([Reply(situation.say("nothing_left_to_do"))])
    if ended:
        return Conclusion([], OFFERED.get(ended))

    def carry_out() -> dict[str, Any]:
        # Whoever else changes the order now waits, on SQLite as every writer does.
        lock = select(Order.number).where(Order.number == situation.get("order_number")).with_for_update()
        situation.session.execute(lock)
        if task.verified and not identify(situation):
            return {"replies": [Reply(situation.say("proof_expired")).as_dict()], "offer": None}
        refusal = task.refusal(situation)  # what was open when it was asked may have closed since
        if refusal:
            return {"replies": [refusal.reply.as_dict()], "offer": "policy_restriction"}
        if task.changes and situation.get("confirmed") != "yes":
            raise ValueError(f"{task.name} has not been confirmed")
        return {"replies": [reply.as_dict() for reply in task.carry_out(situation)], "offer": None}

    done = once(situation.session, key, carry_out)
    return Conclusion([Reply(**reply) for reply in done["replies"]], done["offer"])
