"""What a message means in the middle of a task.

In this order: a pressed button; an answer to what was asked; giving up; a correction of what was said before; another
task; something that another rule answers; or nothing that can be understood, which is asked again twice before a
person is offered.
"""

from __future__ import annotations

from actions.orders.contact import try_contact
from actions.orders.corrections import corrects, corrects_something
from actions.orders.situation import DETAILS
from actions.orders.tasks import TASKS
from actions.orders.tasks.task import Task
from actions.orders.turn import Turn

CHOSEN = frozenset({"order_number", *DETAILS} - {"confirmed", "gift_card"})  # what a button may set
ASKED_AGAIN = 2
FEW_WORDS = 3
# What a rule answers in the middle of a task; the form comes back behind it (bot/data/rules/tasks.yml).
ASIDE = frozenset(
    "ask greet bye thanks praise complaint help bot_challenge human start_over switch_language feedback"
    " product_price product_stock store_hours recommend compare pay_later account_access unsubscribe delete_my_data"
    " change_order".split()
)
# These are no answer, whatever else the message says.
ALWAYS_ASIDE = frozenset("human start_over switch_language help bye feedback".split())


def begin(turn: Turn) -> None:
    """Start the task that the message asks for, with what it says already."""
    s, message = turn.s, turn.message
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
    turn.identified()
    try_contact(turn, asked=False)
    turn.volunteer()


def is_for_the_documents_first(turn: Turn) -> bool:
    """Whether the customer asks how something is done; then that is answered, and behind it the task offered."""
    s, message = turn.s, turn.message
    if s.customer or s.get("task_ended") or message.choice or message.order_number or message.contact(asked=False):
        return False
    in_general = turn.task.changes and message.asks and not _of_their_own(message.text)
    return turn.task.documents_first or in_general


def hear(turn: Turn) -> bool:
    """Take the message; False leaves it to a rule."""
    s, message, asked = turn.s, turn.message, str(turn.asked)
    turn.identified()
    if message.choice:
        return _press(turn)
    if message.order_number and turn.names_another_task():
        _switch(turn, message.intent)
        return True
    if _names_another_order(turn) or _answers(turn, asked):
        s.slots["task_misses"] = 0
        return True
    if s.heard or message.intent == "repeat":
        return True
    if message.intent in ALWAYS_ASIDE:
        return False
    if message.gives_up and not turn.names_another_task():
        turn.end("dropped", "dropped")
        return True
    if corrects(turn) or _changes_its_mind(turn):
        s.slots["task_misses"] = 0
        return True
    if message.intent in TASKS and message.asks:
        return False
    if asked == "confirmed" and message.no:
        turn.end("dropped", "not_done")
        return True
    if message.declines and not turn.names_another_task():
        turn.end("dropped", "dropped")
        return True
    if message.intent == "complaint" or (message.intent in ASIDE and (message.intent != "ask" or message.asks)):
        return False
    _miss(turn)
    return True


def _press(turn: Turn) -> bool:
    s, choice = turn.s, turn.message.choice
    if choice is None:
        return False
    if choice.task and choice.task != turn.task.name:
        _switch(turn, choice.task)
    elif choice.slot == "confirmed" and choice.value == "yes" and choice.about != turn.digest():
        s.tell("confirm_again")
    elif choice.slot == "confirmed" and choice.value == "no":
        turn.end("dropped", "not_done")
    elif choice.slot == "order_number" and not choice.value:
        turn.drop_order()
    elif choice.slot in (*CHOSEN, "confirmed"):
        if choice.slot == "order_number" and choice.value != s.get("order_number"):
            s.forget(*DETAILS)
        s.slots[choice.slot] = choice.value
        if choice.slot != "confirmed":
            s.forget("confirmed")
    s.slots["task_misses"] = 0
    return True


def _answers(turn: Turn, asked: str) -> bool:
    s, message = turn.s, turn.message
    if asked == "contact":
        return try_contact(turn, asked=True)
    if asked == "order_number":
        options = turn.task.options(s, asked)
        value = next((option.value for option in options if option.said_in(message.text)), None)
        s.slots[asked] = value or s.slots.get(asked)
        return value is not None
    if asked == "confirmed":
        if message.yes and not corrects_something(turn):
            s.slots["confirmed"] = "yes"
            return True
        return False
    value = turn.task.read(s, asked, message)
    if value is None:
        return False
    s.slots[asked] = value
    if asked == "item" and "description" in turn.task.wants(s):
        s.slots["description"] = s.get("description") or _beside_the_article(turn)
    turn.volunteer()
    return True


def _beside_the_article(turn: Turn) -> str | None:
    """What a message says about an article that it names: `the teapot has a crack`."""
    rest = turn.message.text
    for item in turn.message.found:
        if item.get("entity") == "product":
            rest = rest.replace(str(item.get("text")), "")
    enough = len(rest.split()) > FEW_WORDS or (turn.s.language == "zh" and len(rest) > FEW_WORDS)
    return turn.task.read(turn.s, "description", turn.message) if enough and turn.message.found else None


def _names_another_order(turn: Turn) -> bool:
    s, message = turn.s, turn.message
    if message.order_number and message.order_number != s.get("order_number"):
        if s.get("order_number"):
            s.forget(*DETAILS)
        s.slots["order_number"] = message.order_number
        turn.identified()
        try_contact(turn, asked=True)
        return True
    if message.wants_another_order and turn.task.about_order:
        return turn.drop_order()
    if message.order_number and turn.asked in ("order_number", "contact"):
        try_contact(turn, asked=True)
        return True
    return False


def _changes_its_mind(turn: Turn) -> bool:
    """Another task; one that only tells something and needs nothing more is done on the way."""
    s, message = turn.s, turn.message
    if turn.volunteers():
        return True
    if message.intent == turn.task.name and not message.asks:
        turn.volunteer()
        sku = next(iter(map(str, message.values("product"))), None)
        s.slots["product"] = sku or s.slots.get("product")
        return bool(sku)
    if not turn.names_another_task():
        return False
    other = TASKS[message.intent]
    if not other.changes and other.verified and _tell_on_the_way(turn, other):
        return True
    if message.asks and not _of_their_own(message.text):
        return False
    _switch(turn, message.intent)
    return True


def _tell_on_the_way(turn: Turn, other: Task) -> bool:
    s = turn.s
    if s.customer is None or (other.about_order and s.order is None) or other.refusal(s) or other.wants(s):
        return False
    s.replies.extend(other.carry_out(s))
    return True


def _switch(turn: Turn, name: str) -> None:
    s = turn.s
    if name not in TASKS:
        return
    s.tell("left_for_another", task=s.say(f"doing_{turn.task.name}"))
    turn.asked = None
    begin(turn)


def _miss(turn: Turn) -> None:
    s = turn.s
    misses = int(s.slots.get("task_misses") or 0) + 1
    s.slots["task_misses"] = misses
    if misses > ASKED_AGAIN:
        turn.end("stuck", "stuck", person=True)
    else:
        s.tell("not_understood")


def _of_their_own(text: str) -> bool:
    """Whether a question is about the customer's own matter (`where is my refund?`), not about how things are done."""
    folded = text.lower()
    return any(
        word in folded for word in ("my ", " me ", "我的", "我那", "我买", "我要", "我想", "帮我", "余额", "积分")
    )
