"""Opens a warranty claim."""

from __future__ import annotations

from actions.orders.message import Message
from actions.orders.reply import Reply
from actions.orders.situation import Situation
from actions.orders.tasks.task import Option, Refusal, Task, explain, free_text, item_options, read_item, refuse
from actions.orders.windows import arrived_on, warranty_of, warranty_until
from actions.orders.words import day, money, name_of
from actions.sample.policy import load_policy
from actions.store.models import Order, Product

MONTHS_OF_A_YEAR = 12


class WarrantyClaim(Task):
    """For what has stopped working."""

    name = "warranty_claim"
    documents_first = True

    def suits(self, situation: Situation, order: Order) -> bool:
        """What was delivered and has anything with a warranty in it."""
        return order.status == "delivered" and any(warranty_of(item.product) for item in order.items)

    def refusal(self, situation: Situation) -> Refusal | None:
        """Not delivered, not covered, or not any more."""
        order, language = situation.its_order, situation.language
        arrived = arrived_on(order)
        if arrived is None:
            return explain(situation, "warranty_claim_not_arrived", number=order.number)
        product = self._product(situation)
        if product is None:
            return None
        claims = [case for case in situation.cases("warranty") if product.sku in case.items and case.status == "open"]
        if claims:
            return refuse(situation, "already_open", reference=claims[0].reference)
        until = warranty_until(order, product)
        if until is None:
            return refuse(situation, "warranty_claim_none", item=name_of(product, language))
        if situation.today <= until:
            return None
        fee = load_policy()["repairs"]["diagnosis"][order.currency]
        return refuse(
            situation,
            "warranty_claim_over",
            item=name_of(product, language),
            arrived=day(arrived, language),
            period=_period(situation, product),
            until=day(until, language),
            fee=money(fee, order.currency),
        )

    def wants(self, situation: Situation) -> list[str]:
        """The article and the fault."""
        return ["item", "description"]

    def options(self, situation: Situation, slot: str) -> list[Option]:
        """The articles that have a warranty."""
        if slot != "item":
            return super().options(situation, slot)
        covered = {product.sku for product in situation.products() if warranty_of(product)}
        return [o for o in item_options(situation) if o.value in covered] or item_options(situation)

    def read(self, situation: Situation, slot: str, message: Message) -> str | None:
        """The fault in the customer's own words."""
        if slot == "description":
            return free_text(message, 4)
        return read_item(situation, message) or super().read(situation, slot, message)

    def summary(self, situation: Situation) -> str:
        """The article, how long it is covered, and the fault."""
        order, product = situation.its_order, self._product(situation)
        until = warranty_until(order, product) if product else None
        return situation.say(
            "warranty_claim_summary",
            item=name_of(product, situation.language) if product else "",
            number=order.number,
            until=day(until, situation.language) if until else "",
            description=situation.get("description"),
        )

    def carry_out(self, situation: Situation) -> list[Reply]:
        """Open the claim."""
        case = situation.open_case("warranty", [situation.get("item") or ""], description=situation.get("description"))
        workshop = "shanghai" if situation.market == "cn" else "bristol"
        first, last = load_policy()["repairs"]["working_days"][workshop]
        answer = load_policy()["contact"]["written_answer_working_days"]
        values = {"reference": case.reference, "answer": answer, "first": first, "last": last}
        return [Reply(situation.say("warranty_claim_done", **values))]

    def _product(self, situation: Situation) -> Product | None:
        return next((p for p in situation.products() if p.sku == situation.get("item")), None)


def _period(situation: Situation, product: Product) -> str:
    unit, count = warranty_of(product) or ("months", 0)
    if unit == "months" and count % MONTHS_OF_A_YEAR == 0 and count > MONTHS_OF_A_YEAR:
        return situation.say("period_years", count=count // MONTHS_OF_A_YEAR)
    return situation.say(f"period_{unit}", count=count)
