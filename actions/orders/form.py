"""The one form of all tasks: what a message means in it, and what is asked for next.

A message is, in this order: a pressed button; an answer to what was asked; giving up; a correction of what was said
before; another task; something that another rule answers (the form steps aside and takes up its thread behind it);
or nothing that can be understood, which is asked again twice before a person is offered.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from typing import Any

from actions.orders.message import Message
from actions.orders.reply import PERSON, Reply, choose
from actions.orders.situation import DETAILS, Situation
from actions.orders.tasks import TASKS
from actions.orders.tasks.task import Task, read_item, yes_or_no
from actions.orders.verification import proof_of, verify
from actions.store.effects import once
from actions.store.models import Customer, Effect, Order

CHOSEN = frozenset({"order_number", *DETAILS} - {"confirmed", "gift_card"})  # what a button may set
ASKED_AGAIN = 2
FEW_WORDS = 3
REQUESTED = "requested_slot"
FORM_SLOTS = ("task", "order_number", *DETAILS, "product", "task_misses", "task_ended", "pending_request")
# What a rule answers in the middle of a task; the form comes back behind it (bot/data/rules/tasks.yml).
ASIDE = frozenset(
    "ask greet bye thanks praise complaint help bot_challenge human start_over switch_language feedback"
    " product_price product_stock store_hours recommend compare pay_later account_access unsubscribe delete_my_data"
    " change_order".split()
)
# These are no answer, whatever else the message says.
ALWAYS_ASIDE = frozenset("human start_over switch_language help bye feedback".split())


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What the form says, its slots, and what it asks for (None ends it); `rejected` leaves the message to a rule."""

    replies: list[Reply]
    slots: dict[str, Any]
    asked: str | None
    rejected: bool = False


def take(situation: Situation, message: Message, key: str | None) -> Outcome:
    """One turn of the form; a yes that came before under the same `key` is a yes, whatever has changed by it since."""
    confirming = situation.slots.get(REQUESTED) == "confirmed" and key is not None
    if confirming and situation.session.get(Effect, f"{key}:yes") is not None:
        situation.slots["confirmed"] = "yes"
        return Outcome([], {name: situation.slots.get(name) for name in FORM_SLOTS}, None)
    outcome = _Turn(situation, message, key).take()
    if confirming and outcome.asked is None and outcome.slots.get("confirmed") == "yes":
        once(situation.session, f"{key}:yes", lambda: {})
    return outcome


class _Turn:
    def __init__(self, situation: Situation, message: Message, key: str | None) -> None:
        self.s = situation
        self.message = message
        self.key = key
        self.asked: str | None = situation.slots.get(REQUESTED)
        self.says_what_to_send = False

    @property
    def task(self) -> Task:
        return TASKS[str(self.s.slots["task"])]

    def take(self) -> Outcome:
        s, message = self.s, self.message
        if not message.fresh:
            return self._go_on()
        if message.second and not s.get("pending_request"):
            s.slots["pending_request"] = message.second
            s.tell("one_after_the_other")
        if self.asked is None or s.get("task") not in TASKS:
            self._begin()
            if self._is_for_the_documents_first():
                return dataclasses.replace(self._outcome(None), rejected=True)
            return self._go_on()
        if message.after_a_break:
            s.tell("welcome_back", task=s.say(f"doing_{self.task.name}"))
        if not self._hear():
            return Outcome([], {"pending_request": s.get("pending_request")}, self.asked, rejected=True)
        return self._go_on()

    # What the message means.

    def _begin(self) -> None:
        """Start the task that the message asks for, with what it says already."""
        s, message = self.s, self.message
        named = message.choice.task if message.choice else message.intent
        if named not in TASKS:  # a form that was left behind: nothing to do in it
            s.slots["task_ended"] = "left"
            s.slots["task"] = s.get("task") or next(iter(TASKS))
            return
        s.forget(*DETAILS, "task_misses", "task_ended", "product")
        s.slots["task"] = named
        if message.choice and message.choice.slot in CHOSEN:
            s.slots[message.choice.slot] = message.choice.value or None
        if message.order_number:
            s.slots["order_number"] = message.order_number
        s.slots["product"] = next(iter(map(str, message.values("product"))), None)
        self._identified()
        self._try_contact(asked=False)
        self._volunteered()

    def _is_for_the_documents_first(self) -> bool:
        """Whether the customer asks how something is done; then that is answered, and behind it the task offered."""
        s, message = self.s, self.message
        if s.customer or s.get("task_ended") or message.choice or message.order_number or message.contact(asked=False):
            return False
        in_general = self.task.changes and message.asks and not _of_their_own(message.text)
        return self.task.documents_first or in_general

    def _volunteers(self) -> bool:
        """Whether the message says something that the task wants to know later."""
        before = dict(self.s.slots)
        self._volunteered()
        return before != self.s.slots

    def _volunteered(self) -> None:
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

    def _hear(self) -> bool:
        """Take the message; False leaves it to a rule."""
        s, message, asked = self.s, self.message, str(self.asked)
        self._identified()
        if message.choice:
            return self._press()
        if message.order_number and self._is_task():
            self._switch(message.intent)
            return True
        if self._names_another_order() or self._answers(asked):
            s.slots["task_misses"] = 0
            return True
        if s.heard or message.intent == "repeat":
            return True
        if message.intent in ALWAYS_ASIDE:
            return False
        if message.gives_up and not self._is_task():
            self._end("dropped", "dropped")
            return True
        if self._corrects() or self._changes_its_mind():
            s.slots["task_misses"] = 0
            return True
        if message.intent in TASKS and message.asks:
            return False
        if asked == "confirmed" and message.no:
            self._end("dropped", "not_done")
            return True
        if message.declines and not self._is_task():
            self._end("dropped", "dropped")
            return True
        if message.intent == "complaint" or (message.intent in ASIDE and (message.intent != "ask" or message.asks)):
            return False
        self._miss()
        return True

    def _press(self) -> bool:
        s, choice = self.s, self.message.choice
        if choice is None:
            return False
        if choice.task and choice.task != self.task.name:
            self._switch(choice.task)
        elif choice.slot == "confirmed" and choice.value == "yes" and choice.about != self._digest():
            s.tell("confirm_again")
        elif choice.slot == "confirmed" and choice.value == "no":
            self._end("dropped", "not_done")
        elif choice.slot == "order_number" and not choice.value:
            self._drop_order()
        elif choice.slot in (*CHOSEN, "confirmed"):
            if choice.slot == "order_number" and choice.value != s.get("order_number"):
                s.forget(*DETAILS)
            s.slots[choice.slot] = choice.value
            if choice.slot != "confirmed":
                s.forget("confirmed")
        s.slots["task_misses"] = 0
        return True

    def _answers(self, asked: str) -> bool:
        s, message = self.s, self.message
        if asked == "contact":
            return self._try_contact(asked=True)
        if asked == "order_number":
            options = self.task.options(s, asked)
            value = next((option.value for option in options if option.said_in(message.text)), None)
            s.slots[asked] = value or s.slots.get(asked)
            return value is not None
        if asked == "confirmed":
            if message.yes and not self._corrects_something():
                s.slots["confirmed"] = "yes"
                return True
            return False
        value = self.task.read(s, asked, message)
        if value is None:
            return False
        s.slots[asked] = value
        if asked == "item" and "description" in self.task.wants(s):
            s.slots["description"] = s.get("description") or self._beside_the_article()
        self._volunteered()
        return True

    def _beside_the_article(self) -> str | None:
        """What a message says about an article that it names: `the teapot has a crack`."""
        rest = self.message.text
        for item in self.message.found:
            if item.get("entity") == "product":
                rest = rest.replace(str(item.get("text")), "")
        enough = len(rest.split()) > FEW_WORDS or (self.s.language == "zh" and len(rest) > FEW_WORDS)
        return self.task.read(self.s, "description", self.message) if enough and self.message.found else None

    def _names_another_order(self) -> bool:
        s, message = self.s, self.message
        if message.order_number and message.order_number != s.get("order_number"):
            if s.get("order_number"):
                s.forget(*DETAILS)
            s.slots["order_number"] = message.order_number
            self._identified()
            self._try_contact(asked=True)
            return True
        if message.wants_another_order and self.task.about_order:
            return self._drop_order()
        if message.order_number and self.asked in ("order_number", "contact"):
            self._try_contact(asked=True)
            return True
        return False

    def _drop_order(self) -> bool:
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

    def _corrects_something(self) -> bool:
        """Whether the message says another thing than what it could be agreeing to."""
        return any(value != self.s.get(slot) for slot, value in self._said_of_earlier())

    def _said_of_earlier(self) -> list[tuple[str, str]]:
        s = self.s
        if s.order is None and self.task.about_order:
            return []
        slots = [slot for slot in self.task.wants(s) if s.get(slot) is not None and slot not in ("opened", "used")]
        found = []
        for slot in slots:
            if slot in ("description", "new_address", "invoice_title"):
                continue  # anything would be read as these
            value = self.task.read(s, slot, self.message)
            if value is not None:
                found.append((slot, value))
        return found

    def _corrects(self) -> bool:
        """Another value for something that was said before, by a correction or by naming an article."""
        s, message = self.s, self.message
        if not (message.corrects or message.values("product") or self.asked == "confirmed"):
            return False
        changed = [(slot, value) for slot, value in self._said_of_earlier() if value != s.get(slot)]
        for slot, value in changed:
            s.slots[slot] = value
            if slot == "item":
                s.forget(*(name for name in ("opened", "used", "variant") if name in DETAILS))
        if changed:
            s.forget("confirmed")
            return True
        return self.asked == "confirmed" and self._says_it_anew()

    def _says_it_anew(self) -> bool:
        """An address or a description in other words, where nothing but a yes was left to say."""
        s, wanted = self.s, self.task.wants(self.s)
        if "new_address" in wanted:
            address = self.task.read(s, "new_address", self.message)
            s.slots["new_address"] = address or s.slots["new_address"]
            return address is not None
        if "description" in wanted and not (self.message.no or self._is_task()):
            more = self.task.read(s, "description", self.message)
            joint = "；" if s.language == "zh" else "; "
            s.slots["description"] = joint.join(filter(None, [s.get("description"), more]))
            return more is not None
        return False

    def _is_task(self) -> bool:
        return self.message.intent in TASKS and self.message.intent != self.task.name

    def _changes_its_mind(self) -> bool:
        """Another task; one that only tells something and needs nothing more is done on the way."""
        s, message = self.s, self.message
        if self._volunteers():
            return True
        if message.intent == self.task.name and not message.asks:
            self._volunteered()
            sku = next(iter(map(str, message.values("product"))), None)
            s.slots["product"] = sku or s.slots.get("product")
            return bool(sku)
        if not self._is_task():
            return False
        other = TASKS[message.intent]
        if not other.changes and other.verified and self._tell_on_the_way(other):
            return True
        if message.asks and not _of_their_own(message.text):
            return False
        self._switch(message.intent)
        return True

    def _tell_on_the_way(self, other: Task) -> bool:
        s = self.s
        if s.customer is None or (other.about_order and s.order is None) or other.refusal(s) or other.wants(s):
            return False
        s.replies.extend(other.carry_out(s))
        return True

    def _switch(self, name: str) -> None:
        s = self.s
        if name not in TASKS:
            return
        s.tell("left_for_another", task=s.say(f"doing_{self.task.name}"))
        self.asked = None
        self._begin()

    def _try_contact(self, *, asked: bool) -> bool:
        """Check what the message gives to show who the customer is; False when it gives nothing, or need not."""
        s, number = self.s, self.s.get("order_number")
        contact = self.message.contact(asked=asked)
        if not self.task.verified or contact is None or self._identified():
            return False
        if number is None:
            s.tell("contact_without_order")
            return True
        verdict = verify(s.session, s.origin, number, contact, f"{self.key}:verify" if self.key else None)
        if verdict == "verified":
            self._identified()
        elif verdict == "blocked":
            self._end("limit", "verify_blocked", person=True)
        else:
            s.tell("verify_wrong" if verdict == "wrong" else "verify_email")
            self.says_what_to_send = True
        return True

    def _identified(self) -> bool:
        """Whether the customer has shown who they are, for the order in hand if there is one."""
        return identify(self.s)

    def _miss(self) -> None:
        s = self.s
        misses = int(s.slots.get("task_misses") or 0) + 1
        s.slots["task_misses"] = misses
        if misses > ASKED_AGAIN:
            self._end("stuck", "stuck", person=True)
        else:
            s.tell("not_understood")

    def _end(self, how: str, text: str, *, person: bool = False) -> None:
        s = self.s
        s.replies.append(Reply(s.say(text), [PERSON[s.language]] if person else []))
        s.slots["task_ended"] = how
        if not self._identified() and proof_of(s.session, s.origin.conversation_id):
            s.forget("order_number")  # somebody else's: the next task is about their own again

    # What comes next.

    def _go_on(self) -> Outcome:
        s = self.s
        if s.get("task_ended"):
            return self._outcome(None)
        task = self.task
        if task.verified:
            missing = self._missing_identity(task)
            if missing:
                return self._ask(missing)
        while True:
            refusal = task.refusal(s)
            if refusal:
                s.replies.append(refusal.reply)
                s.slots["task_ended"] = "refused" if refusal.offers_person else "told"
                return self._outcome(None)
            slot = next((slot for slot in task.wants(s) if s.get(slot) is None), None)
            if slot is None:
                break
            if not self._settled_by_itself(slot):
                return self._ask(slot)
            if self.message.fresh:
                self._volunteered()
        if task.changes and s.get("confirmed") != "yes":
            return self._confirm()
        return self._outcome(None)

    def _settled_by_itself(self, slot: str) -> bool:
        """Where there is one choice only, or the product was named before, it is taken."""
        s, options = self.s, self.task.options(self.s, slot)
        if slot == "item" and s.get("product"):
            named = Message("", "", True, [{"entity": "product", "value": s.get("product")}])
            s.slots[slot] = read_item(s, named)
            s.forget("product")
            if s.get(slot):
                return True
        if len(options) == 1:
            s.slots[slot] = options[0].value
            return True
        return False

    def _missing_identity(self, task: Task) -> str | None:
        s = self.s
        if not self._identified():
            if s.get("order_number") is None:
                return "order_number"
            return "contact"
        if s.order is None and task.about_order:
            fitting = [order for order in s.own_orders() if task.suits(s, order)]
            if len(fitting) > 1:
                return "order_number"
            proof = proof_of(s.session, s.origin.conversation_id)
            s.slots["order_number"] = fitting[0].number if fitting else proof.order_number if proof else None
            self._identified()
        return None

    def _ask(self, slot: str) -> Outcome:
        s = self.s
        if slot == "order_number" and s.customer is None:
            name = "ask_order_again" if self.asked == slot else "ask_order_and_contact"
            s.replies.append(Reply(s.say(name, task=s.say(f"doing_{self.task.name}"))))
        elif slot == "contact" and self.says_what_to_send:
            pass
        elif slot == "contact":
            name = "ask_contact_again" if self.asked == slot else "ask_contact"
            s.replies.append(Reply(s.say(name, number=s.get("order_number"))))
        else:
            s.replies.append(self.task.ask(s, slot))
        return self._outcome(slot)

    def _confirm(self) -> Outcome:
        s, task, about = self.s, self.task, self._digest()
        yes, no = yes_or_no(s)
        buttons = [
            choose(s.say(f"confirm_{task.name}"), task=task.name, slot="confirmed", value=yes.value, about=about),
            choose(s.say("confirm_no"), task=task.name, slot="confirmed", value=no.value, about=about),
        ]
        if task.about_order and len([o for o in s.own_orders() if task.suits(s, o)]) > 1:
            buttons.append(choose(s.say("another_order"), task=task.name, slot="order_number", value=""))
        s.replies.append(Reply(task.summary(s), buttons))
        return self._outcome("confirmed")

    def _digest(self) -> str:
        """Of what a yes would agree to, so that the button of an older question does not confirm a newer one."""
        said = [self.s.slots.get(slot) for slot in ("task", "order_number", *DETAILS) if slot != "confirmed"]
        return hashlib.blake2b(json.dumps(said).encode(), digest_size=6).hexdigest()

    def _outcome(self, asked: str | None) -> Outcome:
        s = self.s
        return Outcome(s.replies, {name: s.slots.get(name) for name in FORM_SLOTS}, asked)


def identify(situation: Situation) -> bool:
    """Load the customer that the conversation has proof of, and their order if one is named; whether both are theirs.

    An order of somebody else, or one that does not exist, is treated as if there were no proof.
    """
    s = situation
    s.customer = s.order = None
    proof = proof_of(s.session, s.origin.conversation_id)
    if proof is None:
        return False
    number = s.get("order_number")
    if number is not None:
        order = s.session.get(Order, number)
        if order is None or order.customer_id != proof.customer_id:
            return False
        s.order = order
    s.customer = s.session.get(Customer, proof.customer_id)
    return s.customer is not None


def _of_their_own(text: str) -> bool:
    """Whether a question is about the customer's own matter (`where is my refund?`), not about how things are done."""
    folded = text.lower()
    return any(
        word in folded for word in ("my ", " me ", "我的", "我那", "我买", "我要", "我想", "帮我", "余额", "积分")
    )
