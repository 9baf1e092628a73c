"""The catalogue as the shop's pages show it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.store.models.product import Product


def list_products(session: Session) -> list[dict[str, Any]]:
    """Every product in short, in the catalogue's order: a family before its variants."""
    rows = session.scalars(select(Product)).all()
    return [_short(product) for product in sorted(rows, key=lambda row: row.sku)]


def find_product(session: Session, sku: str) -> dict[str, Any] | None:
    """One product in full, with the names of what goes with it; None when there is none."""
    product = session.get(Product, sku)
    if product is None:
        return None
    fitting = session.scalars(select(Product).where(Product.sku.in_(product.compatible_with))).all()
    return {
        **_short(product),
        "description": {"en": product.description_en, "zh": product.description_zh},
        "attributes": product.attributes,
        "compatible_with": [_short(other) for other in sorted(fitting, key=lambda row: row.sku)],
    }


def _short(product: Product) -> dict[str, Any]:
    """Names by language; prices in pence and fen; stock by warehouse."""
    return {
        "sku": product.sku,
        "category": product.category,
        "name": {"en": product.name_en, "zh": product.name_zh},
        "price": {"GBP": product.price_gbp_pence, "CNY": product.price_cny_fen},
        "stock": {"bristol": product.stock_bristol, "kunshan": product.stock_kunshan},
        "status": product.status,
        "released": product.released.isoformat(),
        "look": str(product.attributes.get("colour") or product.attributes.get("type") or ""),
    }
