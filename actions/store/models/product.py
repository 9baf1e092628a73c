"""Goods of the catalogue."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from actions.store.base import Base, not_negative, one_of

ProductStatus = Literal["active", "discontinued", "preorder"]


class Product(Base):
    """One article; prices in pence and fen, stock per warehouse."""

    __tablename__ = "products"
    __table_args__ = (
        one_of("status", ProductStatus),
        not_negative(("price_gbp_pence", "price_cny_fen", "stock_bristol", "stock_kunshan")),
    )

    sku: Mapped[str] = mapped_column(String(32), primary_key=True)
    category: Mapped[str] = mapped_column(String(48), index=True)
    name_en: Mapped[str] = mapped_column(String(200))
    name_zh: Mapped[str] = mapped_column(String(200))
    description_en: Mapped[str] = mapped_column(Text)
    description_zh: Mapped[str] = mapped_column(Text)
    attributes: Mapped[dict[str, Any]]
    aliases: Mapped[dict[str, list[str]]]
    tags: Mapped[list[str]]
    compatible_with: Mapped[list[str]]
    price_gbp_pence: Mapped[int]
    price_cny_fen: Mapped[int]
    stock_bristol: Mapped[int]
    stock_kunshan: Mapped[int]
    released: Mapped[date]
    status: Mapped[ProductStatus] = mapped_column(String(16))
