"""What a customer likes, hidden from the tables: what they do in the shop follows from it."""

from __future__ import annotations

import dataclasses
import math
import random
from collections.abc import Callable
from typing import Literal

from actions.sample.chance import happens, pick
from actions.sample.goods import Good, Shelf
from actions.store.models.customer import Market

Kind = Literal["espresso", "pour_over", "tea", "gifts"]
KINDS: tuple[Kind, ...] = ("espresso", "pour_over", "tea", "gifts")
_LEANINGS = {"uk": (1.5, 0.9, 0.5, 0.5), "eu": (1.5, 1.2, 0.3, 0.3), "cn": (0.9, 1.1, 1.3, 0.5)}
_ROASTS = ("light", "medium", "medium-dark", "dark")


@dataclasses.dataclass(frozen=True)
class Taste:
    """Weights of what they like (sum 1), the roast (0 light to 3 dark), thrift (0 to 1), favourites and habits.

    `coffee_days` and `tea_days` are the days between two purchases, `subscribes` those of a subscription (0: none).
    """

    likes: dict[Kind, float]
    roast: float
    thrift: float
    activity: float
    decaf: bool
    coffees: tuple[str, ...]
    teas: tuple[str, ...]
    coffee_days: float
    tea_days: float
    subscribes: int
    hour_shift: int

    @property
    def main(self) -> Kind:
        """What they like best."""
        return max(KINDS, key=lambda kind: self.likes[kind])


def make_taste(rng: random.Random, market: Market, shelf: Shelf) -> Taste:
    """A customer's taste."""
    draws = [rng.gammavariate(alpha, 1.0) ** 1.5 for alpha in _LEANINGS[market]]
    likes: dict[Kind, float] = {kind: draw / sum(draws) for kind, draw in zip(KINDS, draws, strict=True)}
    roast = min(3.0, max(0.0, rng.gauss(2.0 * likes["espresso"] + 0.5, 0.5)))
    thrift, decaf = rng.betavariate(2, 2), happens(rng, 0.07)
    drinks_coffee = likes["espresso"] + likes["pour_over"] > 0.6
    coffee_days = rng.choice((21, 25, 28, 35, 42, 56)) * rng.uniform(0.9, 1.1)
    return Taste(
        likes=likes,
        roast=roast,
        thrift=thrift,
        activity=rng.lognormvariate(0, 0.4),
        decaf=decaf,
        coffees=_favourites(rng, shelf, "coffee", lambda good: _coffee_score(good, likes, roast, thrift, decaf)),
        teas=_favourites(rng, shelf, "tea", lambda good: _tea_score(good, market, thrift)),
        coffee_days=coffee_days,
        tea_days=rng.uniform(35, 80),
        subscribes=rng.choice((14, 28, 42)) if drinks_coffee and happens(rng, 0.14) else 0,
        hour_shift=rng.choice((-2, -1, 0, 0, 0, 1, 2)),
    )


def _favourites(rng: random.Random, shelf: Shelf, category: str, score: Callable[[Good], float]) -> tuple[str, ...]:
    """Four different goods, the one that suits best most likely first."""
    left = [good for good in shelf.categories[category] if good.status == "active" and "home roasting" not in good.tags]
    chosen: list[str] = []
    while left and len(chosen) < 4:
        best = pick(rng, left, lambda good: math.exp(3.0 * score(good)))
        left.remove(best)
        chosen.append(best.sku)
    return tuple(chosen)


def _coffee_score(good: Good, likes: dict[Kind, float], roast: float, thrift: float, decaf: bool) -> float:
    darkness = _ROASTS.index(good.attributes["roast"]) if good.attributes.get("roast") in _ROASTS else 1
    use = likes["espresso"] if "espresso" in good.tags else likes["pour_over"] if "filter" in good.tags else 0.1
    dear: float = good.price["GBP"] / good.attributes.get("weight_g", 250) / 4  # 1: ten pounds for 250 g
    known = 0.4 if good.sku.startswith("CF-MORROW") else 0.0
    fit = bool(good.attributes.get("decaf")) == decaf
    return 1.2 * use - 0.5 * abs(darkness - roast) - 0.8 * thrift * (dear - 1) + known - (0.0 if fit else 2.0)


def _tea_score(good: Good, market: Market, thrift: float) -> float:
    leaf = str(good.attributes.get("type"))
    native = leaf in ("green", "oolong", "pu'er", "white") if market == "cn" else leaf in ("black", "herbal")
    return (0.7 if native else 0.0) - 0.25 * thrift * good.price["GBP"] / 1000
