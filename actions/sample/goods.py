"""The sample catalogue, read for the generator: what there is, what fits what, what is sold where and when."""

from __future__ import annotations

import dataclasses
import json
from collections import defaultdict
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from actions.store.models.order import Currency

CATALOGUE = Path(__file__).with_name("catalogue.json")
DISCONTINUED_SINCE = date(2026, 6, 1)


@dataclasses.dataclass(frozen=True)
class Good:
    """One article as the generator sees it."""

    sku: str
    category: str
    price: dict[Currency, int]
    stock: dict[str, int]
    fits: frozenset[str]
    tags: frozenset[str]
    attributes: dict[str, Any]
    released: date
    status: str

    @property
    def heavy(self) -> bool:
        """Whether two people deliver it."""
        return bool(self.attributes.get("two_person_delivery"))

    @property
    def roasted(self) -> bool:
        """Whether it waits for the next roast."""
        return self.category == "coffee" and bool(self.attributes.get("roast_days"))

    def on_sale(self, day: date) -> bool:
        """Whether the shop sold it on that day."""
        return self.released <= day and (self.status == "active" or day < DISCONTINUED_SINCE)


class Shelf:
    """All goods, with the look-ups that the generator needs."""

    def __init__(self, goods: list[Good]) -> None:
        self.goods = {good.sku: good for good in goods}
        self.categories: dict[str, list[Good]] = defaultdict(list)
        self._fitting: dict[str, list[Good]] = defaultdict(list)
        for good in goods:
            self.categories[good.category].append(good)
            for sku in good.fits:
                self._fitting[sku].append(good)

    def __getitem__(self, sku: str) -> Good:
        return self.goods[sku]

    def fitting(self, sku: str, *categories: str) -> list[Good]:
        """Goods of these categories that fit an article."""
        return [good for good in self._fitting[sku] if good.category in categories]

    def family(self, stem: str) -> list[Good]:
        """An article and its colours: EM-WREN1, EM-WREN1-CR, ..."""
        return [good for sku, good in self.goods.items() if sku == stem or sku.startswith(f"{stem}-")]


@cache
def catalogue() -> dict[str, Any]:
    """The content of catalogue.json."""
    loaded: dict[str, Any] = json.loads(CATALOGUE.read_text("utf-8"))
    return loaded


def load_shelf() -> Shelf:
    """The sample shop's goods."""
    return Shelf(
        [
            Good(
                sku=row["sku"],
                category=row["category"],
                price=row["price"],
                stock=row["stock"],
                fits=frozenset(row["compatible_with"]),
                tags=frozenset(row["tags"]),
                attributes=row["attributes"],
                released=date.fromisoformat(row["released"]),
                status=row["status"],
            )
            for row in catalogue()["products"]
        ]
    )


def product_rows() -> list[dict[str, Any]]:
    """Rows of the table `products`."""
    return [
        {
            "sku": row["sku"],
            "category": row["category"],
            "name_en": row["name"]["en"],
            "name_zh": row["name"]["zh"],
            "description_en": row["description"]["en"],
            "description_zh": row["description"]["zh"],
            "attributes": row["attributes"],
            "aliases": row["aliases"],
            "tags": row["tags"],
            "compatible_with": row["compatible_with"],
            "price_gbp_pence": row["price"]["GBP"],
            "price_cny_fen": row["price"]["CNY"],
            "stock_bristol": row["stock"]["bristol"],
            "stock_kunshan": row["stock"]["kunshan"],
            "released": date.fromisoformat(row["released"]),
            "status": row["status"],
        }
        for row in catalogue()["products"]
    ]
