"""When goods were out of stock."""

from __future__ import annotations

from datetime import date, timedelta

from actions.sample.chance import happens, stream
from actions.sample.goods import Good, Shelf
from actions.sample.seasons import DAYS, TODAY, within

WAREHOUSES = ("bristol", "kunshan")
Span = tuple[date, date]


class StockOuts:
    """Spans of days without stock, by warehouse and article."""

    def __init__(self, seed: int, shelf: Shelf) -> None:
        self.spans: dict[tuple[str, str], list[Span]] = {}
        for good in shelf.goods.values():
            for warehouse in WAREHOUSES:
                spans = _spans(seed, good, warehouse)
                if spans:
                    self.spans[warehouse, good.sku] = spans

    def available(self, good: Good, warehouse: str, day: date) -> bool:
        """Whether a customer could buy an article on a day."""
        gone = any(within(day, span) for span in self.spans.get((warehouse, good.sku), ()))
        return good.on_sale(day) and not gone


def _spans(seed: int, good: Good, warehouse: str) -> list[Span]:
    rng = stream(seed, "stock", warehouse, good.sku)
    spans = []
    if happens(rng, 0.15):
        first = rng.choice(DAYS[:-60])
        spans.append((first, first + timedelta(days=rng.randint(4, 24))))
    if not good.stock[warehouse] and good.status == "active":
        spans.append((TODAY - timedelta(days=rng.randint(3, 25)), TODAY))
    return spans
