"""Where the money is."""

from __future__ import annotations

from sqlalchemy import select

from actions.orders.reply import Reply
from actions.orders.situation import Situation
from actions.orders.tasks.task import Task
from actions.orders.words import day, day_of, money
from actions.sample.policy import load_policy
from actions.store.models import Order, Transaction


class RefundStatus(Task):
    """Tells what went back and when it arrives, or what it waits for."""

    name = "refund_status"
    changes = False

    def suits(self, situation: Situation, order: Order) -> bool:
        """Where something came back or was cancelled, or may still."""
        return order.status in ("cancelled", "returned", "delivered")

    def carry_out(self, situation: Situation) -> list[Reply]:
        """The refunds of the order; else a reservation, an open return, or none."""
        order = situation.its_order
        first, last = load_policy()["returns"]["refund_working_days"]
        rows = _rows(situation, order)
        refunds = [row for row in rows if row.kind == "refund" and row.status == "succeeded"]
        if refunds:
            return [Reply("\n".join(_went_back(situation, order, row) for row in refunds))]
        released = [row for row in rows if row.kind == "purchase" and row.status == "reversed"]
        if order.status == "cancelled" and released:
            days = load_policy()["payment"]["authorisation_days"]
            amount = money(released[-1].amount, order.currency)
            return [Reply(situation.say("refund_reserved", number=order.number, amount=amount, days=days))]
        returns = situation.cases("return")
        if returns:
            reference = returns[0].reference
            return [Reply(situation.say("refund_return_open", reference=reference, first=first, last=last))]
        return [Reply(situation.say("refund_none", number=order.number, first=first, last=last))]


def _rows(situation: Situation, order: Order) -> list[Transaction]:
    query = select(Transaction).where(Transaction.order_number == order.number).order_by(Transaction.at)
    return list(situation.session.scalars(query))


def _went_back(situation: Situation, order: Order, row: Transaction) -> str:
    at = day(day_of(row.at, order.customer.market), situation.language)
    amount = money(row.amount, row.currency)
    return situation.say("refund_done", number=order.number, amount=amount, at=at, then=_then(situation, row.method))


def _then(situation: Situation, method: str) -> str:
    rules = load_policy()["returns"]["refund_then"]
    if method == "ember_later":
        return situation.say("refund_plan")
    if method == "paypal":
        return situation.say("refund_paypal", days=rules["paypal"]["days"][1])
    if method in ("alipay", "wechat_pay"):
        return situation.say("refund_hours", hours=rules[method]["hours"])
    first, last = rules["card"]["days"]
    return situation.say("refund_card", first=first, last=last)
