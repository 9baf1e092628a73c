"""What is where, and when it comes."""

from __future__ import annotations

from typing import Any

from actions.orders.reply import Reply, choose
from actions.orders.situation import Situation
from actions.orders.tasks.task import Task
from actions.orders.words import carrier_of, day, day_of, goods_of, money, order_title
from actions.store.models import Order

UNDER_WAY = ("placed", "packed", "dispatched")


class OrderStatus(Task):
    """Tells how far an order has come."""

    name = "order_status"
    changes = False

    def suits(self, situation: Situation, order: Order) -> bool:
        """What is under way, or has arrived lately."""
        if order.status in UNDER_WAY:
            return True
        return order.delivered_at is not None and (situation.now - order.delivered_at).days <= 14

    def carry_out(self, situation: Situation) -> list[Reply]:
        """A sentence and a card; a button for each other order that is under way."""
        order = situation.its_order
        others = [o for o in situation.own_orders() if o.status in UNDER_WAY and o.number != order.number][:3]
        buttons = [
            choose(order_title(o, situation.language), task=self.name, slot="order_number", value=o.number)
            for o in others
        ]
        return [Reply(status_text(situation, order), buttons, [order_card(situation, order)])]


def status_text(situation: Situation, order: Order) -> str:
    """How far `order` has come, in words."""
    language, market = situation.language, order.customer.market
    values = {
        "number": order.number,
        "goods": goods_of(order, language),
        "by": day(order.promised_by, language),
        "carrier": carrier_of(order, language),
        "tracking": order.tracking_number or "",
        "sent": day(day_of(order.dispatched_at, market), language) if order.dispatched_at else "",
        "arrived": day(day_of(order.delivered_at, market), language) if order.delivered_at else "",
    }
    late = order.status in UNDER_WAY and situation.today > order.promised_by
    return situation.say(f"status_{order.status}", **values) + (situation.say("status_late") if late else "")


def order_card(situation: Situation, order: Order) -> dict[str, Any]:
    """The card of an order."""
    language, market = situation.language, order.customer.market
    lines = [
        (situation.say("card_placed"), day(day_of(order.placed_at, market), language)),
        (situation.say("card_expected"), day(order.promised_by, language)) if order.status in UNDER_WAY else None,
        (situation.say("card_sent"), day(day_of(order.dispatched_at, market), language))
        if order.dispatched_at
        else None,
        (situation.say("card_arrived"), day(day_of(order.delivered_at, market), language))
        if order.delivered_at
        else None,
        (situation.say("card_carrier"), carrier_of(order, language)) if order.tracking_number else None,
        (situation.say("card_tracking"), order.tracking_number) if order.tracking_number else None,
        (situation.say("card_total"), money(order.total, order.currency)),
    ]
    return {
        "kind": "order",
        "title": order.number,
        "subtitle": goods_of(order, language),
        "status": order.status,
        "lines": [{"label": label, "value": value} for label, value in filter(None, lines)],
        "buttons": [],
    }
