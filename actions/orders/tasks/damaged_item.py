"""Reports what came damaged, incomplete or wrong."""

from __future__ import annotations

from datetime import timedelta

from actions.orders.message import Message
from actions.orders.reply import Reply, choose
from actions.orders.situation import Situation
from actions.orders.tasks.task import Option, Refusal, Task, free_text, item_options, read_item, refuse
from actions.orders.windows import arrived_on
from actions.orders.words import day, name_of
from actions.sample.policy import load_policy
from actions.store.models import Order, Product

WISHES = {
    "replacement": r"replac|another one|new one|exchange|send (?:it |a new )?again|resend|换新|换一"
    r"|补发|重发|再发|重新发",
    "refund": r"refund|money back|my money|退款|退钱",
}


class DamagedItem(Task):
    """A replacement or the money back."""

    name = "damaged_item"
    volunteered = ("wish",)

    def suits(self, situation: Situation, order: Order) -> bool:
        """What was delivered within the last 30 days."""
        arrived = arrived_on(order)
        days = load_policy()["returns"]["days"]
        return arrived is not None and (situation.today - arrived).days <= days and order.status == "delivered"

    def refusal(self, situation: Situation) -> Refusal | None:
        """Not delivered yet, reported already, or so long ago that it is a matter for the warranty."""
        order, language, product = situation.its_order, situation.language, self._product(situation)
        arrived = arrived_on(order)
        if arrived is None:
            return refuse(situation, "damaged_item_not_arrived", number=order.number)
        if product is None:
            return None
        reported = [case for case in situation.cases("damaged") if product.sku in case.items]
        if reported:
            return refuse(situation, "already_open", reference=reported[0].reference)
        days = load_policy()["returns"]["days"]
        if (situation.today - arrived).days <= days:
            return None
        button = choose(
            situation.say("button_warranty"), task="warranty_claim", slot="order_number", value=order.number
        )
        item = name_of(product, language)
        return refuse(situation, "damaged_item_old", button, item=item, arrived=day(arrived, language), days=days)

    def wants(self, situation: Situation) -> list[str]:
        """The article, what is wrong, and what the customer would like."""
        return ["item", "description", "wish"]

    def options(self, situation: Situation, slot: str) -> list[Option]:
        """Articles; a replacement or the money."""
        if slot == "item":
            return item_options(situation)
        if slot == "wish":
            return wish_options(situation)
        return super().options(situation, slot)

    def read(self, situation: Situation, slot: str, message: Message) -> str | None:
        """What is wrong, in the customer's own words."""
        if slot == "description":
            return free_text(message, 4)
        if slot == "wish":
            return next((w for w, pattern in WISHES.items() if Option(w, "", pattern).said_in(message.text)), None)
        return read_item(situation, message) or super().read(situation, slot, message)

    def summary(self, situation: Situation) -> str:
        """What is reported, and honestly what being late means."""
        order, product = situation.its_order, self._product(situation)
        hours = load_policy()["delivery"]["damaged_report_hours"]
        return situation.say(
            "damaged_item_summary",
            item=name_of(product, situation.language) if product else "",
            number=order.number,
            description=situation.get("description"),
            wish=wish_words(situation),
            late=situation.say("damaged_late", hours=hours) if self._late(situation) else "",
        )

    def carry_out(self, situation: Situation) -> list[Reply]:
        """Report it."""
        case = situation.open_case(
            "damaged",
            [situation.get("item") or ""],
            description=situation.get("description"),
            wish=situation.get("wish"),
            late=self._late(situation),
        )
        answer = load_policy()["contact"]["written_answer_working_days"]
        return [Reply(situation.say("damaged_item_done", reference=case.reference, answer=answer))]

    def _late(self, situation: Situation) -> bool:
        delivered = situation.its_order.delivered_at
        hours = timedelta(hours=load_policy()["delivery"]["damaged_report_hours"])
        return delivered is not None and situation.now - delivered > hours

    def _product(self, situation: Situation) -> Product | None:
        return next((p for p in situation.products() if p.sku == situation.get("item")), None)


def wish_options(situation: Situation) -> list[Option]:
    """The two buttons."""
    return [Option(wish, situation.say(f"wish_{wish}"), WISHES[wish]) for wish in ("replacement", "refund")]


def wish_words(situation: Situation) -> str:
    """The wish in the middle of a sentence."""
    words = situation.say(f"wish_{situation.get('wish')}")
    return words[:1].lower() + words[1:]
