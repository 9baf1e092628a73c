"""Turns a customer's wishes into orders: baskets, prices, delivery, what became of them."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from actions.sample.chance import happens, pick
from actions.sample.club import Club
from actions.sample.goods import Good, Shelf
from actions.sample.lifecycle import Parcel, send
from actions.sample.people import Person
from actions.sample.policy import delivery_method, load_policy, shipping_cost
from actions.sample.purchases import Purchase, tracking_number, unused_number
from actions.sample.seasons import NOW, campaign_percent, clock, within
from actions.sample.stock_outs import StockOuts
from actions.sample.tastes import Taste
from actions.sample.wishes import Wish
from actions.store.models.order import OrderStatus

LAST_DAYS_OF_CHRISTMAS = (date(2025, 12, 15), date(2025, 12, 22))


@dataclasses.dataclass
class Shopper:
    """A customer at work: who, what they like, the shop they find."""

    person: Person
    taste: Taste
    shelf: Shelf
    stock: StockOuts
    rng: random.Random
    numbers: set[str]
    return_rate: float = 0.045

    def __post_init__(self) -> None:
        self.club = Club(self.person.currency)

    def purchases(self, wishes: list[Wish]) -> Iterator[Purchase]:
        """Orders of the year, oldest first."""
        left = list(wishes)
        while left:
            basket = self._basket(left)
            items = self._available(basket)
            if items:
                bought = self._order(basket[0], items)
                self.club.note(bought.placed_at.date(), bought.goods - bought.discount, bought.parcel, bought.kept)
                yield bought

    def _basket(self, left: list[Wish]) -> list[Wish]:
        """The first wish and those that wait only a few days; thrifty customers fill up to free delivery."""
        first = left.pop(0)
        if first.why == "subscription":
            return [first]
        patience = (12 if self.person.market == "eu" else 2) + round(9 * self.taste.thrift)
        basket = [first]
        basket += [w for w in left if (w.day - first.day).days <= patience and w.why not in ("subscription", "gift")]
        free_from = delivery_method(self.person.method)["free_from"]
        for wish in left:
            missing = free_from - self._value(basket)
            if not 0 < missing < 0.5 * free_from or self.taste.thrift < 0.4:
                break
            if wish not in basket and wish.why in ("repeat", "supply") and (wish.day - first.day).days <= 21:
                basket.append(wish)
        left[:] = [wish for wish in left if wish not in basket]
        return basket

    def _value(self, basket: list[Wish]) -> int:
        return sum(self.shelf[wish.sku].price[self.person.currency] * wish.quantity for wish in basket)

    def _available(self, basket: list[Wish]) -> dict[str, int]:
        """What of the basket can be bought on its day, with something alike in place of what cannot."""
        day, items = basket[0].day, dict[str, int]()
        for wish in basket:
            good: Good | None = self.shelf[wish.sku]
            if not self.stock.available(self.shelf[wish.sku], self.person.warehouse, day):
                good = self._alike(self.shelf[wish.sku], day)
            if good is not None:
                items[good.sku] = items.get(good.sku, 0) + wish.quantity
        return items

    def _alike(self, good: Good, day: date) -> Good | None:
        options = [
            other
            for other in self.shelf.categories[good.category]
            if other.sku.split("-")[:2] == good.sku.split("-")[:2] or good.category in ("coffee", "tea")
            if len(other.tags & good.tags) >= 2 and self.stock.available(other, self.person.warehouse, day)
        ]
        return pick(self.rng, options, lambda other: len(other.tags & good.tags)) if options else None

    def _order(self, wish: Wish, items: dict[str, int]) -> Purchase:
        rng, person = self.rng, self.person
        subscribed = wish.why == "subscription"
        placed_at = self._placed_at(wish)
        day = placed_at.astimezone(person.zone).date()
        prices = {sku: self.shelf[sku].price[person.currency] for sku in items}
        goods = sum(prices[sku] * count for sku, count in items.items())
        discount = self._discount(day, items, prices, subscribed)
        method = self._method(day, items, subscribed)
        shipping = shipping_cost(method, goods - discount, self.club.tier(day))
        if subscribed and person.market in load_policy()["subscription"]["free_delivery_markets"]:
            shipping = 0
        parcel = send(rng, person, placed_at, method, any(self.shelf[sku].roasted for sku in items))
        status, ended_at = self._outcome(parcel, items)
        device = person.devices[0] if happens(rng, 0.85) else person.devices[-1]
        return Purchase(
            number=unused_number(rng, self.numbers),
            person=person,
            placed_at=placed_at,
            items=items,
            prices=prices,
            discount=discount,
            method=method,
            shipping=shipping,
            payment_method=self._payment(goods - discount + shipping, subscribed),
            channel="subscription" if subscribed else "app" if person.market == "cn" and "phone" in device else "web",
            device=device,
            parcel=parcel,
            status=status,
            carrier=delivery_method(method)["carrier"],
            tracking_number=tracking_number(rng, method),
            why=wish.why,
            instalments=6 if goods > self._pay_later["long_from"] and happens(rng, 0.3) else 3,
            ended_at=ended_at,
        )

    def _placed_at(self, wish: Wish) -> datetime:
        if wish.why == "subscription":
            moment = datetime.combine(wish.day, time(6), self.person.zone).astimezone(UTC)
        else:
            moment = clock(self.rng, self.person.market, self.person.zone, wish.day, self.taste.hour_shift)
        return max(moment, self.person.joined + timedelta(minutes=self.rng.randint(60, 120)))

    def _discount(self, day: date, items: dict[str, int], prices: dict[str, int], subscribed: bool) -> int:
        """The campaign's or the subscription's percentage, and at times the points of the club."""
        if subscribed:
            percent = load_policy()["subscription"]["beans_percent_off"]
            return sum(prices[sku] * count for sku, count in items.items()) * int(percent) // 100
        goods = sum(prices[sku] * count for sku, count in items.items())
        off = goods * campaign_percent(day, self.person.market) // 100
        spends_points = happens(self.rng, 0.1 + 0.4 * self.taste.thrift)
        return off + (self.club.redeem(day, goods - off) if spends_points else 0)

    def _method(self, day: date, items: dict[str, int], subscribed: bool) -> str:
        person, rng = self.person, self.rng
        if any(self.shelf[sku].heavy for sku in items):
            return "heavy_cn" if person.market == "cn" else "heavy_uk"
        if subscribed or person.method not in ("standard_uk", "standard_cn"):
            return person.method
        hurry = 0.05 + 0.2 * (1 - self.taste.thrift) + (0.25 if within(day, LAST_DAYS_OF_CHRISTMAS) else 0.0)
        if person.market == "cn":
            return "next_day_cn" if person.near_warehouse and happens(rng, hurry) else person.method
        if day.weekday() == 3 and happens(rng, 0.06):
            return "saturday_uk"
        return "express_uk" if happens(rng, hurry) else person.method

    @property
    def _pay_later(self) -> dict[str, Any]:
        rules = load_policy()["pay_later"]["cn" if self.person.market == "cn" else "uk"]
        return {**rules, "long_from": 20000 if self.person.currency == "GBP" else 200000}

    def _payment(self, total: int, subscribed: bool) -> str:
        """The favourite way; dear orders at times in instalments."""
        rules = self._pay_later
        dear = rules["long_from"] // 2 <= total <= rules["order_to"]
        if dear and not subscribed and happens(self.rng, 0.1 + 0.35 * self.taste.thrift):
            return "ember_later"
        return self.person.pays_with

    def _outcome(self, parcel: Parcel, items: dict[str, int]) -> tuple[OrderStatus, datetime | None]:
        rng = self.rng
        waits = parcel.packed_at - parcel.placed_at > timedelta(hours=2)
        if waits and happens(rng, 0.035) and parcel.placed_at < NOW - timedelta(hours=2):
            return "cancelled", parcel.placed_at + timedelta(minutes=rng.randint(10, 110))
        kinds = {self.shelf[sku].category for sku in items}
        if happens(rng, self.return_rate * (1.0 if kinds - {"coffee", "tea"} else 0.4)):
            days = rng.randint(5, 12 if "coffee" in kinds else 26)  # unopened coffee comes back within 14 days
            back = parcel.delivered_at + timedelta(days=days, hours=rng.randint(0, 6))
            if back < NOW - timedelta(days=1):
                return "returned", back
        return parcel.status(NOW), None
