"""The six fixed orders of demo.json and the customers they belong to."""

from __future__ import annotations

import dataclasses
import json
import random
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from actions.sample.chance import stream
from actions.sample.goods import Shelf
from actions.sample.lifecycle import Parcel
from actions.sample.people import Person, lives_at, make_person
from actions.sample.purchases import Purchase

DEMO = Path(__file__).with_name("demo.json")
HISTORY_UNTIL = date(2026, 10, 25)


@cache
def demo_orders() -> list[dict[str, Any]]:
    """The orders of demo.json."""
    loaded: list[dict[str, Any]] = json.loads(DEMO.read_text("utf-8"))["orders"]
    return loaded


@cache
def demo_gift_cards() -> list[dict[str, Any]]:
    """The gift cards of demo.json, with their codes."""
    loaded: list[dict[str, Any]] = json.loads(DEMO.read_text("utf-8"))["gift_cards"]
    return loaded


def demo_people(seed: int) -> list[Person]:
    """Their customers, ids from 1."""
    return [_person(stream(seed, "demo", number), number, row) for number, row in enumerate(demo_orders(), 1)]


def demo_purchase(person: Person, shelf: Shelf) -> Purchase:
    """The fixed order of a demo customer."""
    row = demo_orders()[person.id - 1]
    moments = ("placed_at", "packed_at", "dispatched_at", "delivered_at")
    parcel = Parcel(
        **{name: datetime.fromisoformat(row[name]) for name in moments},
        promised_by=date.fromisoformat(row["promised_by"]),
    )
    return Purchase(
        number=row["order_number"],
        person=person,
        placed_at=parcel.placed_at,
        items=row["items"],
        prices={sku: shelf[sku].price[person.currency] for sku in row["items"]},
        discount=row["discount"],
        method=row["shipping_method"],
        shipping=row["shipping_cost"],
        payment_method=row["payment_method"],
        channel="web",
        device=person.devices[0],
        parcel=parcel,
        status=row["status"],
        carrier=row["carrier"],
        tracking_number=row["tracking_number"],
        why="demo",
    )


def _person(rng: random.Random, number: int, row: dict[str, Any]) -> Person:
    customer = row["customer"]
    home = lives_at(customer["name"], customer["language"], customer["market"], customer["address"])
    drawn = make_person(rng, number, customer["market"], home, set())
    return dataclasses.replace(
        drawn,
        email=row["email"],
        phone=customer["phone"],
        joined=datetime.fromisoformat(f"2024-0{number}-14T10:30:00Z"),
        pays_with=row["payment_method"] if row["payment_method"] != "ember_later" else "alipay",
    )
