"""What every task has: what it needs to know, how it asks, what it may not do, what it does."""

from __future__ import annotations

import dataclasses
import re
from typing import ClassVar

from actions.orders.message import Message
from actions.orders.reply import PERSON, Reply, choose
from actions.orders.situation import Situation
from actions.orders.texts import has
from actions.orders.words import name_of, order_title
from actions.store.models import Order

LONGEST = 500
# What says that something has been opened or used, after what says that it has not.
_STATE = {
    "opened": (r"sealed|un-?opened|not (?:been )?open|never open|没拆|未拆|没开|没打开", r"\bopen|拆|开封|打开"),
    "used": (
        r"un-?used|not (?:been )?used|never (?:been )?used|brand new|only (?:with )?water"
        r"|没用|没做|没磨|未使用|未用|全新|只.{0,3}水",
        r"\bused?\b|made coffee|用过|做过|磨过|用了",
    ),
}
_KINDS = {
    "espresso-machines": r"machine|咖啡机",
    "grinders": r"grinder|mill\b|磨豆机|手摇磨|磨",
    "kettles": r"kettle|壶",
    "scales": r"scales?\b|秤",
    "coffee": r"coffee\b|beans|咖啡豆|豆子",
    "tea": r"\btea\b|茶叶",
    "teaware": r"teapot|gaiwan|茶壶|盖碗",
    "papers": r"filter papers?|滤纸",
}


@dataclasses.dataclass(frozen=True)
class Option:
    """One of the answers that a question admits; `pattern` is how customers put it in their own words."""

    value: str
    title: str
    pattern: str = ""

    def said_in(self, text: str) -> bool:
        """Whether the text names it."""
        folded = text.strip().lower()
        return folded == self.title.lower() or bool(self.pattern and re.search(self.pattern, folded, re.I))


@dataclasses.dataclass(frozen=True)
class Refusal:
    """Why a task cannot be done."""

    reply: Reply
    offers_person: bool = True


class Task:
    """A task with one order at most. Subclasses say what is their own."""

    name: ClassVar[str]
    verified: ClassVar[bool] = True  # whether the customer has to show who they are
    about_order: ClassVar[bool] = True
    documents_first: ClassVar[bool] = False  # whether there may be a simple answer in the documents
    changes: ClassVar[bool] = True  # whether it is asked for a last yes
    volunteered: ClassVar[tuple[str, ...]] = ()  # what is read from the message that starts it

    def suits(self, situation: Situation, order: Order) -> bool:
        """Whether it may be about this order of the customer."""
        return True

    def refusal(self, situation: Situation) -> Refusal | None:
        """Why it cannot be done, as far as is known by now."""
        return None

    def wants(self, situation: Situation) -> list[str]:
        """The slots that it needs, in the order in which they are asked for."""
        return []

    def options(self, situation: Situation, slot: str) -> list[Option]:
        """The answers to choose from; none where anything can be said."""
        if slot == "order_number":
            orders = [order for order in situation.own_orders() if self.suits(situation, order)]
            return [Option(o.number, order_title(o, situation.language)) for o in orders[:5]]
        if slot in ("opened", "used"):
            return [Option(value, situation.say(f"{slot}_{value}")) for value in ("yes", "no")]
        return []

    def read(self, situation: Situation, slot: str, message: Message) -> str | None:
        """What the message says in answer to this question, if it does."""
        if slot in _STATE:
            return _state(slot, message)
        return next((o.value for o in self.options(situation, slot) if o.said_in(message.text)), None)

    def ask(self, situation: Situation, slot: str) -> Reply:
        """The question for a slot."""
        own = f"ask_{self.name}_{slot}"
        text = situation.say(own if has(own) else f"ask_{slot}")
        buttons = [
            choose(option.title, task=self.name, slot=slot, value=option.value)
            for option in self.options(situation, slot)
        ]
        return Reply(text, buttons)

    def summary(self, situation: Situation) -> str:
        """What it will do."""
        raise NotImplementedError

    def carry_out(self, situation: Situation) -> list[Reply]:
        """Do it, in the situation's transaction, and say what happens next."""
        raise NotImplementedError


def _state(slot: str, message: Message) -> str | None:
    untouched, touched = _STATE[slot]
    if re.search(untouched, message.text, re.I) or message.no:
        return "no"
    return "yes" if message.yes or (re.search(touched, message.text, re.I) and not message.asks) else None


def yes_or_no(situation: Situation) -> list[Option]:
    """The two buttons."""
    return [Option("yes", situation.say("yes")), Option("no", situation.say("no"))]


def refuse(situation: Situation, name: str, *buttons: dict[str, str], **values: object) -> Refusal:
    """A refusal with this text and a way to a person."""
    return Refusal(Reply(situation.say(name, **values), [*buttons, PERSON[situation.language]]))


def explain(situation: Situation, name: str, *buttons: dict[str, str], **values: object) -> Refusal:
    """The same where a person could not do more either."""
    return Refusal(Reply(situation.say(name, **values), list(buttons)), offers_person=False)


def free_text(message: Message, least: int = 2) -> str | None:
    """The message itself as an answer, unless it asks, calls for somebody or gives up."""
    text = message.text.strip()
    elsewhere = message.intent in ("human", "start_over", "repeat", "switch_language", "help", "bye", "thanks", "greet")
    if len(text) < least or elsewhere or message.asks or message.gives_up or not re.search(r"\w", text):
        return None
    return text[:LONGEST]


def item_options(situation: Situation, *, all_of_them: bool = False) -> list[Option]:
    """The articles of the order in hand."""
    options = []
    for product in situation.products():
        options.append(Option(product.sku, name_of(product, situation.language), _names(product)))
    if all_of_them and len(options) > 1:
        options.append(
            Option("all", situation.say("everything"), r"\b(?:everything|all|both|whole order)\b|全部|都退|整单|所有")
        )
    return options


def _names(product: object) -> str:
    aliases = getattr(product, "aliases", {})
    names = {str(alias).lower() for listed in aliases.values() for alias in listed if len(str(alias)) > 1}
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


def read_item(situation: Situation, message: Message) -> str | None:
    """The article of the order that a message names: itself, or one of its family."""
    ours = [product.sku for product in situation.products()]
    for sku in map(str, message.values("product")):
        if sku in ours:
            return sku
        of_family = [own for own in ours if own.startswith(f"{sku}-") or sku.startswith(f"{own}-")]
        if len(of_family) == 1:
            return of_family[0]
    for category, pattern in _KINDS.items():
        of_kind = [product.sku for product in situation.products() if product.category == category]
        if len(of_kind) == 1 and re.search(pattern, message.text, re.I):
            return of_kind[0]
    return None
