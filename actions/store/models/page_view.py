"""What customers looked at."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from actions.store.base import Base, not_negative
from actions.store.models.customer import Customer
from actions.store.models.product import Product


class PageView(Base):
    """One page, either a product's (`sku`) or another (`page`: home, category/..., basket, checkout, ...)."""

    __tablename__ = "page_views"
    __table_args__ = (
        CheckConstraint("(sku IS NULL) <> (page IS NULL)", name="sku_or_page"),
        not_negative(("seconds",)),
        Index(None, "customer_id", "at"),
        Index(None, "sku", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey(Customer.id))
    sku: Mapped[str | None] = mapped_column(ForeignKey(Product.sku))
    page: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime]
    seconds: Mapped[int]
    device: Mapped[str] = mapped_column(String(24))
