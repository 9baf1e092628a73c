"""Page views: sessions that end in an order, research before dear things, and looking around without buying."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from actions.sample.chance import happens, pick, poisson
from actions.sample.goods import Good, Shelf
from actions.sample.people import Person
from actions.sample.purchases import Purchase
from actions.sample.seasons import FIRST_DAY, NOW, TODAY, clock, pick_day
from actions.sample.tastes import KINDS, Kind, Taste

_LIKED_CATEGORIES: dict[Kind, tuple[str, ...]] = {
    "espresso": ("espresso-machines", "grinders", "coffee", "accessories", "refurbished"),
    "pour_over": ("brewers", "grinders", "kettles", "coffee", "scales"),
    "tea": ("tea", "teaware", "kettles"),
    "gifts": ("gift-sets", "cups", "teaware", "tea"),
}
_HELP = ("help/delivery", "help/returns", "help/warranty", "help/machines", "help/pay-later")


@dataclasses.dataclass
class Visitor:
    """A customer who looks around."""

    person: Person
    taste: Taste
    shelf: Shelf
    rng: random.Random

    def views(self, purchases: list[Purchase]) -> Iterator[dict[str, Any]]:
        """All page views of the year."""
        for bought in purchases:
            if bought.channel != "subscription":
                yield from self._buying(bought)
                yield from self._research(bought)
            if bought.status != "cancelled" and happens(self.rng, 0.4):
                yield from self._tracking(bought)
        first = max(FIRST_DAY, self.person.joined.date())
        for _ in range(poisson(self.rng, 22 * self.taste.activity * ((TODAY - first).days + 1) / 365)):
            day = pick_day(self.rng, self.person.market, first, TODAY)
            begin = clock(self.rng, self.person.market, self.person.zone, day, self.taste.hour_shift)
            yield from self._looking(max(begin, self.person.joined))

    def _buying(self, bought: Purchase) -> Iterator[dict[str, Any]]:
        """Ends at the moment of the order: home, goods, basket, checkout, thanks."""
        pages: list[str] = ["home"] if happens(self.rng, 0.6) else []
        for sku in bought.items:
            pages += [f"category/{self.shelf[sku].category}"] if happens(self.rng, 0.5) else []
            pages += [self._another(self.shelf[sku]).sku] if happens(self.rng, 0.45) else []
            pages.append(sku)
        pages += ["basket", "checkout"]
        times = [self.rng.randint(8, 95) for _ in pages]
        at = bought.placed_at - timedelta(seconds=sum(times))
        for page, seconds in zip(pages, times, strict=True):
            yield self._view(page, at, seconds, bought.device)
            at += timedelta(seconds=seconds)
        yield self._view("thanks", bought.placed_at, self.rng.randint(3, 30), bought.device)

    def _research(self, bought: Purchase) -> Iterator[dict[str, Any]]:
        """The dearer, the more visits in the weeks before; some of them leave a full basket."""
        dearest = self.shelf[max(bought.items, key=lambda sku: bought.prices[sku])]
        visits = poisson(self.rng, min(5.0, dearest.price["GBP"] / 9000))
        for _ in range(visits):
            at = bought.placed_at - timedelta(days=self.rng.uniform(0.5, 18))
            goods = [dearest.sku, self._another(dearest).sku, *(g.sku for g in self.shelf.fitting(dearest.sku)[:2])]
            pages = goods[: self.rng.randint(1, 4)]
            pages += [self.rng.choice(_HELP)] if happens(self.rng, 0.3) else []
            pages += ["basket"] if happens(self.rng, 0.3) else []
            yield from self._visit(pages, at)

    def _tracking(self, bought: Purchase) -> Iterator[dict[str, Any]]:
        for _ in range(self.rng.randint(1, 3)):
            at = bought.placed_at + timedelta(hours=self.rng.uniform(4, 80))
            yield from self._visit(["account/orders"], at)

    def _looking(self, begin: datetime) -> Iterator[dict[str, Any]]:
        """A visit without an order; one in five fills a basket, one in fifteen turns back at the checkout."""
        pages = ["home"] if happens(self.rng, 0.7) else []
        for _ in range(1 + poisson(self.rng, 2.2)):
            good = self._liked()
            pages += [f"category/{good.category}"] if happens(self.rng, 0.4) else []
            pages.append(good.sku)
        if happens(self.rng, 0.2):
            pages += ["basket", "checkout"] if happens(self.rng, 0.33) else ["basket"]
        yield from self._visit(pages, begin)

    def _visit(self, pages: list[str], at: datetime) -> Iterator[dict[str, Any]]:
        device = pick(self.rng, self.person.devices, lambda name: 3 if name == self.person.devices[0] else 1)
        at = max(at, self.person.joined)
        for page in pages:
            seconds = min(900, max(3, round(self.rng.lognormvariate(3.4, 0.8))))
            if at < NOW:
                yield self._view(page, at, seconds, device)
            at += timedelta(seconds=seconds)

    def _liked(self) -> Good:
        kind = pick(self.rng, KINDS, lambda name: self.taste.likes[name])
        category = self.rng.choice(_LIKED_CATEGORIES[kind])
        favourites = self.taste.coffees if category == "coffee" else self.taste.teas if category == "tea" else ()
        if favourites and happens(self.rng, 0.5):
            return self.shelf[self.rng.choice(favourites)]
        return pick(self.rng, self.shelf.categories[category], self._affordable)

    def _affordable(self, good: Good) -> float:
        return 1 / (1 + self.taste.thrift * good.price["GBP"] / 10000)

    def _another(self, good: Good) -> Good:
        """Something of the same category at a like price."""
        price = good.price["GBP"]
        return pick(
            self.rng, self.shelf.categories[good.category], lambda o: 1 / (1 + 4 * abs(o.price["GBP"] - price) / price)
        )

    def _view(self, page: str, at: datetime, seconds: int, device: str) -> dict[str, Any]:
        is_product = page in self.shelf.goods
        return {
            "customer_id": self.person.id,
            "sku": page if is_product else None,
            "page": None if is_product else page,
            "at": at,
            "seconds": seconds,
            "device": device,
        }
