"""Cancels an order that is not packed yet."""

from __future__ import annotations

from sqlalchemy import select

from actions.orders.reply import Reply, choose
from actions.orders.situation import Situation
from actions.orders.tasks.task import Refusal, Task, explain, refuse
from actions.orders.windows import arrived_on, return_until
from actions.orders.words import STATUS, day, goods_of, money
from actions.sample.policy import load_policy
from actions.store.models import Order, Transaction


class CancelOrder(Task):
    """Sets the order's status and sends the money back."""

    name = "cancel_order"

    def suits(self, situation: Situation, order: Order) -> bool:
        """What has not arrived or ended."""
        return order.status in ("placed", "packed", "dispatched")

    def refusal(self, situation: Situation) -> Refusal | None:
        """Packed is too late, but a pre-order can be cancelled until it is sent."""
        order, language = situation.its_order, situation.language
        if order.status in load_policy()["cancel"]["cancellable_statuses"] or _waiting_preorder(order):
            return None
        days = load_policy()["returns"]["days"]
        if order.status in ("packed", "dispatched"):
            return refuse(situation, f"cancel_order_{order.status}", number=order.number, days=days)
        arrived = arrived_on(order)
        if order.status == "delivered" and arrived:
            until = max(return_until(order, product) for product in situation.products())
            button = choose(situation.say("button_return"), task="return_item", slot="order_number", value=order.number)
            values = {"arrived": day(arrived, language), "until": day(until, language)}
            return refuse(situation, "cancel_order_delivered", button, number=order.number, **values)
        closed = STATUS[order.status][language]
        return explain(situation, "cancel_order_closed", number=order.number, status=closed)

    def summary(self, situation: Situation) -> str:
        """The order, its total, and what happens to the money."""
        order = situation.its_order
        return situation.say(
            "cancel_order_summary",
            number=order.number,
            goods=goods_of(order, situation.language),
            total=money(order.total, order.currency),
            refund=_refund_words(situation, order),
        )

    def carry_out(self, situation: Situation) -> list[Reply]:
        """Cancel it; `refusal` has just been asked under the same lock."""
        order = situation.its_order
        refund = _refund_words(situation, order)
        order.status = "cancelled"
        _give_back(situation, order)
        case = situation.open_case("cancel", [item.sku for item in order.items], status="done")
        values = {"number": order.number, "reference": case.reference, "refund": refund}
        return [Reply(situation.say("cancel_order_done", **values))]


def _waiting_preorder(order: Order) -> bool:
    return order.status == "packed" and all(item.product.status == "preorder" for item in order.items)


def _payments(situation: Situation, order: Order) -> list[Transaction]:
    paid = select(Transaction).where(Transaction.order_number == order.number)
    return list(situation.session.scalars(paid.order_by(Transaction.id)))


def _refund_words(situation: Situation, order: Order) -> str:
    payments = _payments(situation, order)
    if any(row.kind == "pay_later_instalment" for row in payments):
        return situation.say("cancel_refund_plan")
    if any(row.kind == "purchase" and row.status == "authorised" for row in payments):
        return situation.say("cancel_refund_reserved", days=load_policy()["payment"]["authorisation_days"])
    paid = sum(row.amount for row in payments if row.kind == "purchase" and row.status == "succeeded")
    hours = load_policy()["returns"]["refund_then"]["alipay"]["hours"]
    return situation.say("cancel_refund_paid", amount=money(paid, order.currency), hours=hours) if paid else ""


def _give_back(situation: Situation, order: Order) -> None:
    """What was only reserved is released, what was taken is refunded, what was to come is called off."""
    taken: Transaction | None = None
    amount = 0
    for row in _payments(situation, order):
        if row.status in ("authorised", "scheduled"):
            row.status = "reversed"
        elif row.status == "succeeded" and row.kind in ("purchase", "pay_later_instalment"):
            taken, amount = row, amount + row.amount
    if taken is not None:
        situation.session.add(
            Transaction(
                customer_id=order.customer_id,
                order_number=order.number,
                kind="refund",
                amount=amount,
                currency=order.currency,
                channel=taken.channel,
                method=taken.method,
                instrument=taken.instrument,
                at=situation.now,
                status="succeeded",
            )
        )
