"""Every entity of a message, with overlaps settled."""

from __future__ import annotations

from datetime import date

from textkit.entities.catalogue import Catalogue
from textkit.entities.codes import find_emails, find_order_numbers
from textkit.entities.dates import find_dates
from textkit.entities.entity import Entity, Found
from textkit.entities.folding import fold, masked
from textkit.entities.money import find_amounts
from textkit.entities.phones import find_phones
from textkit.entities.quantities import find_quantities
from textkit.language import Language, detect_language

LONGEST = 4000  # nobody types more; the rest of a longer message is not read


def extract(text: str, today: date, language: Language | None, catalogue: Catalogue | None) -> list[Entity]:
    """The entities of `text`, sorted by start, without overlaps; `language` None is detected.

    What is written first in the list below wins: digits inside an order number are no telephone, a number inside the
    name of a product is no quantity.
    """
    folded = fold(text[:LONGEST])
    chinese = (language or detect_language(text[:LONGEST])) == "zh"
    chosen: list[tuple[str, Found]] = []
    taken: list[tuple[int, int]] = []
    covered = bytearray(len(folded))

    def choose(entity: str, candidates: list[Found]) -> None:
        for found in sorted(candidates, key=lambda f: (f.start, -f.end)):
            if not any(covered[found.start : found.end]):
                covered[found.start : found.end] = b"\1" * (found.end - found.start)
                chosen.append((entity, found))
                taken.append((found.start, found.end))

    choose("email", find_emails(folded))
    choose("order_number", find_order_numbers(masked(folded, taken)))
    choose("phone", find_phones(masked(folded, taken), chinese))
    choose("amount", find_amounts(masked(folded, taken)))
    before_products = len(taken)
    if catalogue:
        choose("product", catalogue.find(masked(folded, taken), text, chinese))
    products = taken[before_products:]
    choose("date", find_dates(masked(folded, taken), today, chinese))
    others = taken[:before_products] + taken[before_products + len(products) :]
    choose("quantity", find_quantities(masked(folded, others), chinese, products))
    chosen.sort(key=lambda item: item[1].start)
    return [Entity(name, f.start, f.end, text[f.start : f.end], f.value) for name, f in chosen]
