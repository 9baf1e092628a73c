"""What a customer wants over the year, and when: equipment and what follows from it, repeats, gifts, summer drinks."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

from actions.sample.chance import happens, pick, poisson
from actions.sample.goods import Good, Shelf
from actions.sample.people import Person
from actions.sample.seasons import (
    BLACK_FRIDAY,
    CHRISTMAS_GIFTS,
    EARLY_CHRISTMAS_GIFTS,
    FIRST_DAY,
    MID_AUTUMN_GIFTS,
    SINGLES_DAY,
    SPRING_FESTIVAL_GIFTS,
    SUMMER,
    TODAY,
    pick_day,
    within,
)
from actions.sample.tastes import Taste

Why = Literal["equipment", "accessory", "supply", "repeat", "subscription", "gift", "summer"]


@dataclasses.dataclass(frozen=True)
class Wish:
    """So many of one article, wanted from that day on."""

    day: date
    sku: str
    quantity: int
    why: Why


def make_wishes(rng: random.Random, person: Person, taste: Taste, shelf: Shelf) -> list[Wish]:
    """All wishes of the year since the customer joined, by day."""
    start = max(FIRST_DAY, person.joined.date())
    wishes = [
        *_equipment(rng, person, taste, shelf, start),
        *_drinks(rng, person, taste, start),
        *_gifts(rng, person, taste, shelf),
        *_summer(rng, person, taste, shelf),
    ]
    kept = [_moved_to_a_sale(rng, wish, person, taste) for wish in wishes]
    return sorted((wish for wish in kept if start <= wish.day <= TODAY), key=lambda wish: (wish.day, wish.sku))


def _equipment(rng: random.Random, person: Person, taste: Taste, shelf: Shelf, start: date) -> Iterator[Wish]:
    owned = happens(rng, 0.35)
    for stem in _wanted_equipment(rng, taste):
        good = rng.choice(shelf.family(stem))
        bought = start - timedelta(days=rng.randrange(400))
        if not owned:
            if not happens(rng, 0.65):
                continue
            bought = pick_day(rng, person.market, start, TODAY, eagerness=0.5 + taste.thrift)
            yield Wish(bought, good.sku, 1, "equipment")
        yield from _accessories(rng, good, shelf, bought)
        yield from _supplies(rng, good, taste, shelf, bought)


def _wanted_equipment(rng: random.Random, taste: Taste) -> list[str]:
    careful = taste.thrift > 0.6
    if taste.main == "espresso":
        machines = ("EM-WREN1", "EM-FORGE", "EM-FORGE2", "EM-BAST", "RF-WREN1", "RF-FORGE")
        weights = (9, 1, 0, 0, 5, 1) if careful else (6, 7, 2, 1, 1, 1)
        machine = rng.choices(machines, weights)[0]
        return [machine, rng.choice(("GR-ROOK", "RF-ROOK") if careful else ("GR-ROOK", "GR-ROOKP"))]
    if taste.main == "pour_over":
        grinder = rng.choice(("GR-FINCH", "GR-SWIFT") if careful else ("GR-FINCH", "GR-FINCHX", "GR-ROOKP"))
        wanted = [rng.choice(("BR-DOVE1", "BR-DOVE2", "BR-DOVE2", "BR-PLOVER")), grinder]
        return [*wanted, *(sku for sku, chance in (("KT-HERON", 0.5), ("SC-WAG", 0.5)) if happens(rng, chance))]
    if taste.main == "tea":
        first = rng.choice(("TW-GAI", "TW-GAI", "TW-GLASS", "TW-YIX", "TW-POT"))
        return [first, rng.choice(("TW-PITCH", "CU-TEA", "TW-TRAY", "KT-EGRET"))]
    return [rng.choice(("BR-TERN", "BR-PUFFIN", "BR-DOVE1", "TW-INF", "CU-MUG", "CU-TRAV"))]


def _accessories(rng: random.Random, owned: Good, shelf: Shelf, bought: date) -> Iterator[Wish]:
    """What fits: much of it at once or in the first weeks, a spare part now and then later."""
    fitting = [*shelf.fitting(owned.sku, "accessories", "scales", "gift-sets", "brewers"), *_companions(owned, shelf)]
    for _ in range(min(len(fitting), rng.choice((0, 1, 2, 2, 3)))):
        chosen = pick(rng, fitting, lambda good: 1 / (1 + good.price["GBP"] / 2000))
        fitting.remove(chosen)
        lag = 0 if happens(rng, 0.35) else rng.randint(4, 55)
        yield Wish(bought + timedelta(days=lag), chosen.sku, 1, "accessory")
    spare = shelf.fitting(owned.sku, "spare-parts")
    if spare and happens(rng, 0.2):
        yield Wish(bought + timedelta(days=rng.randint(180, 640)), rng.choice(spare).sku, 1, "accessory")


def _companions(owned: Good, shelf: Shelf) -> list[Good]:
    """Goods that fit everything of a kind: jugs and knock boxes beside an espresso machine."""
    if "espresso" in owned.tags and owned.attributes.get("portafilter_mm"):
        general = ("AC-JUG35", "AC-JUG60", "AC-KNOCK", "AC-KNOCKM", "AC-WDT", "AC-MAT", "CU-ESP", "CU-CAP")
        return [shelf[sku] for sku in general if sku in shelf.goods]
    if "pour-over" in owned.tags:
        return [shelf[sku] for sku in ("AC-SPOON", "AC-CAN", "CU-MUG") if sku in shelf.goods]
    return []


def _supplies(rng: random.Random, owned: Good, taste: Taste, shelf: Shelf, bought: date) -> Iterator[Wish]:
    """Water filters every two months, filter papers, descaler and tablets, as long as the thing is in use."""
    plans = [
        (shelf.fitting(owned.sku, "water"), 60.0, 0.75),
        (shelf.fitting(owned.sku, "papers"), rng.uniform(45, 80), 0.85),
        (
            [good for good in shelf.fitting(owned.sku, "cleaning") if "consumable" in good.tags],
            rng.uniform(90, 150),
            0.5,
        ),
    ]
    for goods, period, chance in plans:
        everyday = [good for good in goods if "consumable" in good.tags and "plumbable" not in good.tags]
        if not everyday or not happens(rng, chance):
            continue
        usual = pick(rng, everyday, lambda good: 1 / good.price["GBP"])
        day = bought + timedelta(days=rng.randint(0, 20))
        while day <= TODAY:
            yield Wish(day, usual.sku, 1 if taste.thrift < 0.7 else rng.choice((1, 2)), "supply")
            day += timedelta(days=max(7, round(rng.gauss(period, 0.1 * period))))


def _drinks(rng: random.Random, person: Person, taste: Taste, start: date) -> Iterator[Wish]:
    coffee = taste.likes["espresso"] + taste.likes["pour_over"]
    far = 2 if person.market == "eu" else 1  # dear delivery: half as often, twice as much
    if taste.subscribes:
        usual, day = taste.coffees[0], start + timedelta(days=rng.randrange(60))
        while day <= TODAY:
            yield Wish(day, usual, 2, "subscription")
            day += timedelta(days=taste.subscribes * (2 if happens(rng, 0.08) else 1))
    elif coffee > 0.3:
        yield from _repeats(rng, taste.coffees, taste.coffee_days / min(1.0, coffee + 0.2), start, far)
    if taste.likes["tea"] > 0.2:
        yield from _repeats(rng, taste.teas, taste.tea_days / min(1.0, taste.likes["tea"] + 0.3), start, far)


def _repeats(rng: random.Random, favourites: tuple[str, ...], period: float, start: date, far: int) -> Iterator[Wish]:
    """The same again after a personal period, something else at times; a few stop coming."""
    period *= far
    day = start + timedelta(days=rng.randrange(max(1, round(period))))
    end = TODAY if happens(rng, 0.8) else start + timedelta(days=rng.randrange(30, 300))
    while day <= min(end, TODAY):
        yield Wish(
            day,
            rng.choices(favourites, (60, 22, 11, 7))[0],
            far * rng.choices((1, 2, 3, 4), (40, 35, 15, 10))[0],
            "repeat",
        )
        if happens(rng, 0.15):
            yield Wish(day, rng.choices(favourites, (20, 40, 22, 18))[0], 1, "repeat")
        day += timedelta(days=max(5, round(period * rng.lognormvariate(0, 0.15))))


def _gifts(rng: random.Random, person: Person, taste: Taste, shelf: Shelf) -> Iterator[Wish]:
    keen = taste.likes["gifts"]
    if person.market == "cn":
        seasons = [(SPRING_FESTIVAL_GIFTS, 0.8 + 2.5 * keen), (MID_AUTUMN_GIFTS, 0.2 + 0.8 * keen)]
    else:
        seasons = [(CHRISTMAS_GIFTS, 1.0 + 3.0 * keen), (EARLY_CHRISTMAS_GIFTS, 0.1 + 0.8 * keen)]
    for span, mean in seasons:
        for _ in range(poisson(rng, mean)):
            day = pick_day(rng, person.market, *span)
            chosen = _gift(rng, person, taste, [good for good in shelf.goods.values() if good.on_sale(day)])
            yield Wish(day, chosen.sku, rng.choices((1, 2, 3), (75, 18, 7))[0], "gift")
    for _ in range(poisson(rng, 0.3 + keen)):
        day = pick_day(rng, person.market, FIRST_DAY, TODAY, eagerness=0.3)
        yield Wish(day, rng.choice([*taste.coffees[:1], *taste.teas[:1], "CU-MUG", "TW-INF"]), 1, "gift")


def _gift(rng: random.Random, person: Person, taste: Taste, goods: list[Good]) -> Good:
    limit = 4000 + 12000 * (1 - taste.thrift)
    return pick(rng, [good for good in goods if "gift" in good.tags], lambda good: _gift_weight(good, person, limit))


def _gift_weight(good: Good, person: Person, limit: float) -> float:
    if good.price["GBP"] > limit:
        return 0.02
    set_of = 4.0 if good.category == "gift-sets" else 1.0
    at_home = 2.0 if ("tea" in good.tags) == (person.market == "cn") else 0.7
    return set_of * at_home * (5.0 if "Christmas" in good.tags and person.market != "cn" else 1.0)


def _summer(rng: random.Random, person: Person, taste: Taste, shelf: Shelf) -> Iterator[Wish]:
    """Iced brew: a tower or a bottle, glasses and straws, discs for the tower."""
    if not happens(rng, 0.34):
        return
    first = pick_day(rng, person.market, *SUMMER)
    brewer = "BR-KITE" if taste.thrift < 0.35 else rng.choice(("BR-GANNET", "BR-GANNET", "CU-ICE"))
    extra = "FP-KITE" if brewer == "BR-KITE" else "TE-CHRYS" if taste.main == "tea" else "AC-STRAW"
    for sku in {brewer: None, "CU-ICE": None, extra: None}:
        if sku in shelf.goods and (sku == brewer or happens(rng, 0.5)):
            yield Wish(first + timedelta(days=0 if sku == brewer else rng.randint(0, 25)), sku, 1, "summer")


def _moved_to_a_sale(rng: random.Random, wish: Wish, person: Person, taste: Taste) -> Wish:
    """Thrifty customers wait for a sale, or buy ahead, and stock up."""
    if wish.why in ("subscription", "gift"):
        return wish
    sale, before, after = (SINGLES_DAY, 24, 4) if person.market == "cn" else (BLACK_FRIDAY, 6, 16)
    near = (sale[1] - timedelta(days=before), sale[1] + timedelta(days=after))
    if not within(wish.day, near) or not happens(rng, 0.25 + 0.65 * taste.thrift):
        return wish
    extra = 1 if wish.why == "repeat" and happens(rng, taste.thrift) else 0
    day = sale[1] if person.market == "cn" else sale[0] + timedelta(days=rng.choice((1, 1, 1, 2, 3, 4)))
    return dataclasses.replace(wish, day=day, quantity=wish.quantity + extra)
