"""Makes the sample shop's customers and a year of orders up to 22 November 2026: the same seed, the same rows.

from actions.sample.generate import seed
open_database(url).seed_if_empty(seed)
"""

from __future__ import annotations

import dataclasses
from typing import Any

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from actions.sample.browsing import Visitor
from actions.sample.chance import stream
from actions.sample.demo import HISTORY_UNTIL, demo_people, demo_purchase
from actions.sample.gift_cards import gift_card_rows
from actions.sample.goods import Shelf, load_shelf, product_rows
from actions.sample.payments import Odd, gift_cards, odd_payments, order_payments
from actions.sample.people import Person, make_people, person_row
from actions.sample.purchases import Purchase, item_rows, order_row
from actions.sample.seasons import FIRST_DAY, NOW
from actions.sample.shopper import Shopper
from actions.sample.stock_outs import StockOuts
from actions.sample.tastes import Taste, make_taste
from actions.sample.wishes import make_wishes
from actions.store.models import (
    Base,
    Customer,
    GiftCard,
    Order,
    OrderItem,
    PageView,
    Product,
    ShopClock,
    Transaction,
)
from actions.store.models.customer import Market

SEED = 2026
CUSTOMERS: dict[Market, int] = {"uk": 101, "eu": 51, "cn": 102}
ODD_CUSTOMERS: dict[Odd, int] = {"many_cards": 4, "night_burst": 4, "many_returns": 4}

Row = dict[str, Any]


@dataclasses.dataclass
class Sample:
    """Rows of all tables, and what they do not show: tastes, odd customers (by id), days without stock."""

    stock_outs: StockOuts
    products: list[Row]
    customers: list[Row] = dataclasses.field(default_factory=list)
    orders: list[Row] = dataclasses.field(default_factory=list)
    order_items: list[Row] = dataclasses.field(default_factory=list)
    transactions: list[Row] = dataclasses.field(default_factory=list)
    page_views: list[Row] = dataclasses.field(default_factory=list)
    tastes: dict[int, Taste] = dataclasses.field(default_factory=dict)
    odd: dict[int, Odd] = dataclasses.field(default_factory=dict)


def generate(seed: int = SEED) -> Sample:
    """The whole sample shop."""
    shelf = load_shelf()
    sample = Sample(StockOuts(seed, shelf), product_rows())
    demo = demo_people(seed)
    taken = {value for person in demo for value in (person.email, person.phone)}
    numbers = {demo_purchase(person, shelf).number for person in demo}
    people = make_people(seed, CUSTOMERS, len(demo) + 1, taken)
    sample.odd = _choose_odd(seed, people)
    for person in [*demo, *people]:
        _live(seed, person, sample, shelf, numbers, person.id <= len(demo))
    for rows in (sample.orders, sample.transactions, sample.page_views):
        rows.sort(key=lambda row: row.get("placed_at") or row["at"])
    return sample


def seed(session: Session, seed: int = SEED) -> None:
    """Inserts the whole sample shop; the tables must be empty."""
    sample = generate(seed)
    tables: list[tuple[type[Base], list[Row]]] = [
        (Product, sample.products),
        (Customer, sample.customers),
        (Order, sample.orders),
        (OrderItem, sample.order_items),
        (Transaction, sample.transactions),
        (PageView, sample.page_views),
        (GiftCard, gift_card_rows(seed)),
        (ShopClock, [{"stands_at": NOW}]),
    ]
    for table, rows in tables:
        session.execute(insert(table), rows)
    if session.get_bind().dialect.name == "postgresql":
        last = session.scalar(select(func.max(Customer.id)))  # the ids were given, so the sequence has to catch up
        session.execute(text("SELECT setval(pg_get_serial_sequence('customers', 'id'), :last)"), {"last": last})


def _choose_odd(seed: int, people: list[Person]) -> dict[int, Odd]:
    rng = stream(seed, "odd")
    kinds = [kind for kind, count in ODD_CUSTOMERS.items() for _ in range(count)]
    regulars = [person for person in people if person.joined.date() < FIRST_DAY]
    return {person.id: kind for person, kind in zip(rng.sample(regulars, len(kinds)), kinds, strict=True)}


def _live(seed: int, person: Person, sample: Sample, shelf: Shelf, numbers: set[str], demo: bool) -> None:
    """One customer's year."""
    taste = make_taste(stream(seed, "taste", person.id), person.market, shelf)
    odd = sample.odd.get(person.id)
    shopper = Shopper(person, taste, shelf, sample.stock_outs, stream(seed, "shopping", person.id), numbers)
    shopper.return_rate = 0.7 if odd == "many_returns" else shopper.return_rate
    wishes = make_wishes(stream(seed, "wishes", person.id), person, taste, shelf)
    if demo:
        wishes = [wish for wish in wishes if wish.day <= HISTORY_UNTIL]
    purchases = list(shopper.purchases(wishes))
    if demo:
        purchases.append(_demo(shopper))
    tier, points = shopper.club.standing()
    sample.tastes[person.id] = taste
    sample.customers.append(person_row(person, tier, points))
    _record(seed, sample, person, taste, purchases)
    if odd:
        sample.transactions += odd_payments(stream(seed, "odd", person.id), person, odd)
    visitor = Visitor(person, taste, shelf, stream(seed, "browsing", person.id))
    sample.page_views += visitor.views(purchases)


def _demo(shopper: Shopper) -> Purchase:
    bought = demo_purchase(shopper.person, shopper.shelf)
    shopper.club.note(bought.placed_at.date(), bought.goods - bought.discount, bought.parcel, bought.kept)
    return bought


def _record(seed: int, sample: Sample, person: Person, taste: Taste, purchases: list[Purchase]) -> None:
    rng = stream(seed, "payments", person.id)
    for bought in purchases:
        sample.orders.append(order_row(bought))
        sample.order_items += item_rows(bought)
        sample.transactions += order_payments(rng, bought)
    sample.transactions += gift_cards(rng, person, taste)
