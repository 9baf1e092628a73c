"""One turn of the form of all tasks: its message, what stands so far, and what all parts of the form do with it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from typing import Any

from actions.orders.identity import identify
from actions.orders.message import Message
from actions.orders.reply import PERSON, Reply
from actions.orders.situation import DETAILS, Situation
from actions.orders.tasks import TASKS
from actions.orders.tasks.task import Task
from actions.orders.verification import proof_of

REQUESTED = "requested_slot"
FORM_SLOTS = ("task", "order_number", *DETAILS, "product", "task_misses", "task_ended", "pending_request")


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What the form says, its slots, and what it asks for (None ends it); `rejected` leaves the message to a rule."""

    replies: list[Reply]
    slots: dict[str, Any]
    asked: str | None
    rejected: bool = False


class Turn:
    """The form while it takes one message; `key` names the message, so that its effects are had once."""

    def __init__(self, situation: Situation, message: Message, key: str | None) -> None:
        self.s = situation
        self.message = message
        self.key = key
        self.asked: str | None = situation.slots.get(REQUESTED)
        self.says_what_to_send = False

    @property
    def task(self) -> Task:
        """The one that the customer is at."""
        return TASKS[str(self.s.slots["task"])]

    def names_another_task(self) -> bool:
        """Whether the message is about another task than this."""
        intent = self.message.intent
        return intent in TASKS and intent != self.task.name and not self.message.only_identifies

    def identified(self) -> bool:
        """Whether the customer has shown who they are, for the order in hand if there is one."""
        return identify(self.s)

    def volunteers(self) -> bool:
        """Whether the message says something that the task wants to know later."""
        before = dict(self.s.slots)
        self.volunteer()
        return before != self.s.slots

    def volunteer(self) -> None:
        """What the message says beyond what was asked; of the order's articles only once the order is in hand."""
        s, task = self.s, self.task
        for slot in task.volunteered:
            if s.get(slot) is None and slot != self.asked:
                s.slots[slot] = task.read(s, slot, self.message)
        if s.order is None or s.get("task_ended"):
            return
        for slot in ("item", "variant"):
            if s.get(slot) is None and slot in task.wants(s) and (slot == "item" or s.get("item")):
                s.slots[slot] = task.read(s, slot, self.message)

    def end(self, how: str, text: str, *, person: bool = False) -> None:
        """Say `text` and leave the task, which went as `how` says."""
        s = self.s
        s.replies.append(Reply(s.say(text), [PERSON[s.language]] if person else []))
        s.slots["task_ended"] = how
        if not self.identified() and proof_of(s.session, s.origin.conversation_id):
            s.forget("order_number")  # somebody else's: the next task is about their own again

    def drop_order(self) -> bool:
        """The other one, where there are two; else all of them to choose from."""
        s, before = self.s, self.s.get("order_number")
        s.forget(*DETAILS, "order_number")
        s.order = None
        if s.customer is not None:
            others = [o for o in s.own_orders() if self.task.suits(s, o) and o.number != before]
            if len(others) == 1:
                s.slots["order_number"] = others[0].number
            elif not others:
                s.slots["order_number"] = before
                s.tell("no_other_order", number=before)
        return True

    def digest(self) -> str:
        """Of what a yes would agree to, so that the button of an older question does not confirm a newer one."""
        said = [self.s.slots.get(slot) for slot in ("task", "order_number", *DETAILS) if slot != "confirmed"]
        return hashlib.blake2b(json.dumps(said).encode(), digest_size=6).hexdigest()

    def outcome(self, asked: str | None) -> Outcome:
        """What has been said and is known by now; `asked` is the slot asked for."""
        s = self.s
        return Outcome(s.replies, {name: s.slots.get(name) for name in FORM_SLOTS}, asked)
