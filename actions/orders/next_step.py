"""What the form asks for next: who the customer is, what the task still wants, a yes; or nothing more."""

from __future__ import annotations

from actions.orders.message import Message
from actions.orders.reply import Reply, choose
from actions.orders.tasks.task import Task, read_item, yes_or_no
from actions.orders.turn import Outcome, Turn
from actions.orders.verification import proof_of


def go_on(turn: Turn) -> Outcome:
    """Ask for what is missing, refuse what cannot be, or end the form with all that the task needs."""
    s = turn.s
    if s.get("task_ended"):
        return turn.outcome(None)
    task = turn.task
    if task.verified:
        missing = _missing_identity(turn, task)
        if missing:
            return _ask(turn, missing)
    while True:
        refusal = task.refusal(s)
        if refusal:
            s.replies.append(refusal.reply)
            s.slots["task_ended"] = "refused" if refusal.offers_person else "told"
            return turn.outcome(None)
        slot = next((slot for slot in task.wants(s) if s.get(slot) is None), None)
        if slot is None:
            break
        if not _settled_by_itself(turn, slot):
            return _ask(turn, slot)
        if turn.message.fresh:
            turn.volunteer()
    if task.changes and s.get("confirmed") != "yes":
        return _confirm(turn)
    return turn.outcome(None)


def _settled_by_itself(turn: Turn, slot: str) -> bool:
    """Where there is one choice only, or the product was named before, it is taken."""
    s, options = turn.s, turn.task.options(turn.s, slot)
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


def _missing_identity(turn: Turn, task: Task) -> str | None:
    s = turn.s
    if not turn.identified():
        if s.get("order_number") is None:
            return "order_number"
        return "contact"
    if s.order is None and task.about_order:
        fitting = [order for order in s.own_orders() if task.suits(s, order)]
        if len(fitting) > 1:
            return "order_number"
        proof = proof_of(s.session, s.origin.conversation_id)
        s.slots["order_number"] = fitting[0].number if fitting else proof.order_number if proof else None
        turn.identified()
    return None


def _ask(turn: Turn, slot: str) -> Outcome:
    s = turn.s
    if slot == "order_number" and s.customer is None:
        name = "ask_order_again" if turn.asked == slot else "ask_order_and_contact"
        s.replies.append(Reply(s.say(name, task=s.say(f"doing_{turn.task.name}"))))
    elif slot == "contact" and turn.says_what_to_send:
        pass
    elif slot == "contact":
        name = "ask_contact_again" if turn.asked == slot else "ask_contact"
        s.replies.append(Reply(s.say(name, number=s.get("order_number"))))
    else:
        s.replies.append(turn.task.ask(s, slot))
    return turn.outcome(slot)


def _confirm(turn: Turn) -> Outcome:
    s, task, about = turn.s, turn.task, turn.digest()
    yes, no = yes_or_no(s)
    buttons = [
        choose(s.say(f"confirm_{task.name}"), task=task.name, slot="confirmed", value=yes.value, about=about),
        choose(s.say("confirm_no"), task=task.name, slot="confirmed", value=no.value, about=about),
    ]
    if task.about_order and len([o for o in s.own_orders() if task.suits(s, o)]) > 1:
        buttons.append(choose(s.say("another_order"), task=task.name, slot="order_number", value=""))
    s.replies.append(Reply(task.summary(s), buttons))
    return turn.outcome("confirmed")
