"""Payments, instalments, refunds, gift cards, and the few odd customers that a risk check should notice."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any, Literal

from actions.sample.chance import happens, poisson, token
from actions.sample.people import Person
from actions.sample.policy import load_policy
from actions.sample.purchases import Purchase
from actions.sample.seasons import DAYS, NOW, clock
from actions.sample.tastes import Taste

Odd = Literal["many_cards", "night_burst", "many_returns"]
_FOREIGN = ("BR", "ID", "NG", "RO", "US", "VN")


def order_payments(rng: random.Random, bought: Purchase) -> Iterator[dict[str, Any]]:
    """All transactions of one order."""
    if happens(rng, 0.025) and bought.channel != "subscription":
        failed = bought.placed_at - timedelta(minutes=rng.randint(2, 9))
        yield _row(bought, "purchase", bought.total, failed, "declined")
    if bought.payment_method == "ember_later":
        yield from _instalments(bought)
        return
    yield _row(bought, "purchase", bought.total, bought.placed_at, _purchase_status(bought))
    if bought.status == "cancelled" and bought.person.market == "cn" and bought.ended_at:
        yield _row(bought, "refund", bought.total, bought.ended_at, "succeeded")
    if bought.status == "returned" and bought.ended_at:
        yield _row(bought, "refund", _refund(bought), bought.ended_at, "succeeded")
    elif bought.status == "delivered" and happens(rng, 0.015):
        damaged = min(bought.prices.values())
        refunded = bought.parcel.delivered_at + timedelta(days=rng.randint(1, 4))
        if refunded < NOW:
            yield _row(bought, "refund", min(damaged, bought.total), refunded, "succeeded")


def gift_cards(rng: random.Random, person: Person, taste: Taste) -> Iterator[dict[str, Any]]:
    """Gift cards that a customer bought."""
    for _ in range(poisson(rng, 0.1 + 0.6 * taste.likes["gifts"])):
        at = clock(
            rng, person.market, person.zone, rng.choice([d for d in DAYS if d > person.joined.date()] or DAYS[-1:])
        )
        amount = rng.choice((1000, 2500, 5000, 10000)) * (10 if person.currency == "CNY" else 1)
        yield _loose_row(person, amount, max(at, person.joined), channel="web" if happens(rng, 0.8) else "store")


def odd_payments(rng: random.Random, person: Person, odd: Odd) -> Iterator[dict[str, Any]]:
    """Several cards on one account within a day, or a burst of gift cards in the night from a new device abroad."""
    device, country = token(rng, "desktop"), rng.choice(_FOREIGN)
    unit = 10 if person.currency == "CNY" else 1
    if odd == "many_cards":
        at = _night_after_joining(rng, person) + timedelta(hours=rng.randint(8, 18))
        for attempt in range(rng.randint(5, 8)):
            status = "succeeded" if attempt >= 4 and happens(rng, 0.5) else "declined"
            yield _loose_row(
                person,
                rng.choice((20000, 30000, 50000)) * unit,
                at,
                device=device,
                instrument=token(rng, "tok", 8),
                status=status,
            )
            at += timedelta(minutes=rng.randint(3, 150))
    if odd == "night_burst":
        at = _night_after_joining(rng, person)
        for _ in range(rng.randint(6, 10)):
            status = "declined" if happens(rng, 0.3) else "succeeded"
            amount = rng.choice((10000, 20000)) * unit
            yield _loose_row(person, amount, at, device=device, ip_country=country, status=status)
            at += timedelta(seconds=rng.randint(40, 320))


def _night_after_joining(rng: random.Random, person: Person) -> datetime:
    nights = [day for day in DAYS[120:-2] if day > person.joined.date()]
    night = datetime.combine(rng.choice(nights), time(rng.randint(2, 3), rng.randrange(30)), person.zone)
    return night.astimezone(UTC)


def _purchase_status(bought: Purchase) -> str:
    """Cards in the UK and the EU are charged at dispatch, wallets in China at once."""
    if bought.person.market == "cn":
        return "succeeded"
    if bought.status == "cancelled":
        return "reversed"
    return "authorised" if bought.status in ("placed", "packed") else "succeeded"


def _refund(bought: Purchase) -> int:
    """The goods; the delivery too within 14 days; less the label, where the customer pays it."""
    after = (bought.ended_at or NOW) - bought.parcel.delivered_at
    rules = load_policy()["returns"]
    market = bought.person.market
    label = 0 if market == "eu" else rules["label"][market][bought.currency]
    if market == "cn" and after.days <= rules["cn_free_return_days"]:
        label = 0
    delivery = bought.shipping if after.days <= rules["delivery_refunded"]["whole_order_within_days"] else 0
    return max(0, bought.goods - bought.discount + delivery - int(label))


def _instalments(bought: Purchase) -> Iterator[dict[str, Any]]:
    first, count = bought.parcel.dispatched_at, bought.instalments
    total = bought.total if count == 3 else _with_interest(bought)
    paid = 0
    for number in range(count):
        due = first + timedelta(days=30 * (number if count == 3 else number + 1))
        amount = total // count + (total % count if number == 0 else 0)
        ended = bought.ended_at is not None and due > bought.ended_at
        status = "reversed" if ended or bought.status == "cancelled" else "succeeded" if due <= NOW else "scheduled"
        paid += amount if status == "succeeded" else 0
        yield _row(bought, "pay_later_instalment", amount, due, status)
    if bought.status == "returned" and bought.ended_at and paid:
        yield _row(bought, "refund", min(paid, _refund(bought)), bought.ended_at, "succeeded")


def _with_interest(bought: Purchase) -> int:
    """Total of a plan in six instalments: 14.9 % APR in pounds, 0.6 % of the amount a month in yuan."""
    rules = load_policy()["pay_later"]
    if bought.currency == "CNY":
        percent: float = rules["cn"]["long"]["6"]["percent_a_month"]
        return bought.total + round(bought.total * percent / 100) * 6
    rate: float = (1 + rules["uk"]["long"]["apr_percent"] / 100) ** (1 / 12) - 1
    return round(bought.total * rate / (1 - (1 + rate) ** -6)) * 6


def _row(bought: Purchase, kind: str, amount: int, at: datetime, status: str) -> dict[str, Any]:
    return {
        "customer_id": bought.person.id,
        "order_number": bought.number,
        "kind": kind,
        "amount": amount,
        "currency": bought.currency,
        "channel": bought.channel,
        "method": bought.payment_method,
        "instrument": bought.person.instrument,
        "at": at,
        "device": bought.device if kind == "purchase" else None,
        "ip_country": bought.person.address["country"] if kind == "purchase" else None,
        "status": status,
    }


def _loose_row(person: Person, amount: int, at: datetime, **changes: Any) -> dict[str, Any]:
    return {
        "customer_id": person.id,
        "order_number": None,
        "kind": "gift_card",
        "amount": amount,
        "currency": person.currency,
        "channel": "web",
        "method": person.pays_with,
        "instrument": person.instrument,
        "at": at,
        "device": person.devices[0],
        "ip_country": person.address["country"],
        "status": "succeeded",
        **changes,
    }
