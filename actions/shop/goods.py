"""Price and stock of products, in words and on cards."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.orders.reply import Reply
from actions.orders.texts import say
from actions.orders.words import money, name_of
from actions.store.models import Product
from textkit.language import Language

SHOWN = 6
FEW = 5


def products_named(session: Session, skus: list[str]) -> list[Product]:
    """The products of these SKUs; of a family's head its colours and sizes too."""
    found: dict[str, Product] = {}
    for sku in skus:
        product = session.get(Product, sku)
        if product is None:
            continue
        found.setdefault(sku, product)
        colours = select(Product).where(Product.sku.startswith(f"{sku}-", autoescape=True)).order_by(Product.sku)
        for colour in session.scalars(colours):
            found.setdefault(colour.sku, colour)
    return list(found.values())[:SHOWN]


def price_and_stock(products: list[Product], language: Language) -> Reply:
    """A line and a card for each."""
    lines = [
        say("product_line", language, name=name_of(p, language), price=_price(p, language), stock=stock(p, language))
        for p in products
    ]
    return Reply("\n".join(lines), [], [product_card(p, language) for p in products])


def stock(product: Product, language: Language) -> str:
    """Whether it can be had."""
    count = product.stock_kunshan if language == "zh" else product.stock_bristol
    if product.status == "preorder":
        return say("stock_preorder", language)
    if product.status == "discontinued" and not count:
        return say("stock_gone", language)
    if not count:
        return say("stock_none", language)
    return say("stock_few", language, count=count) if count <= FEW else say("stock_there", language)


def product_card(product: Product, language: Language) -> dict[str, Any]:
    """The card of a product."""
    return {
        "kind": "product",
        "title": name_of(product, language),
        "price": _price(product, language),
        "lines": [{"label": say("card_stock", language), "value": stock(product, language)}],
        "url": f"/products/{product.sku}",
        "image": None,
        "buttons": [],
    }


def _price(product: Product, language: Language) -> str:
    if language == "zh":
        return money(product.price_cny_fen, "CNY")
    return money(product.price_gbp_pence, "GBP")
