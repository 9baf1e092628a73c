"""Orders as the generator keeps them, and the rows that they become."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from actions.sample.lifecycle import Parcel
from actions.sample.people import Person
from actions.sample.policy import delivery_method
from actions.store.models.order import Currency, OrderStatus
from actions.store.models.transaction import Channel
from actions.store.references import order_number


@dataclasses.dataclass
class Purchase:
    """One order and what the tables do not show of it: the reason, the device, when it was cancelled or came back."""

    number: str
    person: Person
    placed_at: datetime
    items: dict[str, int]
    prices: dict[str, int]
    discount: int
    method: str
    shipping: int
    payment_method: str
    channel: Channel
    device: str
    parcel: Parcel
    status: OrderStatus
    carrier: str
    tracking_number: str
    why: str
    instalments: int = 3
    ended_at: datetime | None = None

    @property
    def currency(self) -> Currency:
        """What it was paid in."""
        return self.person.currency

    @property
    def goods(self) -> int:
        """Price of the goods before discount."""
        return sum(self.prices[sku] * count for sku, count in self.items.items())

    @property
    def total(self) -> int:
        """What the customer paid."""
        return self.goods - self.discount + self.shipping

    @property
    def kept(self) -> bool:
        """Whether it was neither cancelled nor returned."""
        return self.status not in ("cancelled", "returned")


def unused_number(rng: random.Random, taken: set[str]) -> str:
    """An order number that nobody has yet."""
    number = order_number(rng.choice)
    while number in taken:
        number = order_number(rng.choice)
    taken.add(number)
    return number


def tracking_number(rng: random.Random, method: str) -> str:
    """A number as the method's carrier writes it."""
    digits = "".join(str(rng.randrange(10)) for _ in range(12))
    carrier = delivery_method(method)["carrier"]
    if carrier.startswith("Parcelhawk"):
        return f"PH{digits[:10]}GB"
    return f"NL{digits[:9]}EU" if carrier == "Nordline" else f"JL{digits}"


def order_row(bought: Purchase) -> dict[str, Any]:
    """Row of the table `orders`."""
    sent = bought.status in ("dispatched", "delivered", "returned")
    arrived = bought.status in ("delivered", "returned")
    return {
        "number": bought.number,
        "customer_id": bought.person.id,
        "status": bought.status,
        "placed_at": bought.placed_at,
        "promised_by": bought.parcel.promised_by,
        "dispatched_at": bought.parcel.dispatched_at if sent else None,
        "delivered_at": bought.parcel.delivered_at if arrived else None,
        "currency": bought.currency,
        "shipping_method": bought.method,
        "shipping_cost": bought.shipping,
        "discount": bought.discount,
        "payment_method": bought.payment_method,
        "address": bought.person.address,
        "carrier": bought.carrier if sent else None,
        "tracking_number": bought.tracking_number if sent else None,
    }


def item_rows(bought: Purchase) -> Iterator[dict[str, Any]]:
    """Rows of the table `order_items`."""
    for sku, count in bought.items.items():
        yield {"order_number": bought.number, "sku": sku, "quantity": count, "unit_price": bought.prices[sku]}
