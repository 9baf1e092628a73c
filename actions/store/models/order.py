"""Orders and what is in them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from actions.store.base import Base, not_negative, one_of
from actions.store.models.customer import Customer
from actions.store.models.product import Product

OrderStatus = Literal["placed", "packed", "dispatched", "delivered", "cancelled", "returned"]
Currency = Literal["GBP", "CNY"]


class Order(Base):
    """One order; money in pence or fen, `promised_by` a day at the customer's door."""

    __tablename__ = "orders"
    __table_args__ = (
        one_of("status", OrderStatus),
        one_of("currency", Currency),
        not_negative(("shipping_cost", "discount")),
        Index(None, "customer_id", "placed_at"),
        Index(None, "status", "promised_by"),
    )

    number: Mapped[str] = mapped_column(String(12), primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey(Customer.id))
    status: Mapped[OrderStatus] = mapped_column(String(16))
    placed_at: Mapped[datetime] = mapped_column(index=True)
    promised_by: Mapped[date]
    dispatched_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    currency: Mapped[Currency] = mapped_column(String(3))
    shipping_method: Mapped[str] = mapped_column(String(32))
    shipping_cost: Mapped[int]
    discount: Mapped[int] = mapped_column(default=0)
    payment_method: Mapped[str] = mapped_column(String(24))
    address: Mapped[dict[str, Any]]
    carrier: Mapped[str | None] = mapped_column(String(48))
    tracking_number: Mapped[str | None] = mapped_column(String(32), index=True)

    customer: Mapped[Customer] = relationship()
    items: Mapped[list[OrderItem]] = relationship(order_by="OrderItem.sku", cascade="all, delete-orphan")

    @property
    def goods(self) -> int:
        """Price of the items before discount and delivery."""
        return sum(item.quantity * item.unit_price for item in self.items)

    @property
    def total(self) -> int:
        """What the customer pays."""
        return self.goods - self.discount + self.shipping_cost


class OrderItem(Base):
    """So many of one article, at the price of the day."""

    __tablename__ = "order_items"
    __table_args__ = (CheckConstraint("quantity > 0", name="quantity"), not_negative(("unit_price",)))

    order_number: Mapped[str] = mapped_column(ForeignKey(Order.number), primary_key=True)
    sku: Mapped[str] = mapped_column(ForeignKey(Product.sku), primary_key=True, index=True)
    quantity: Mapped[int]
    unit_price: Mapped[int]

    product: Mapped[Product] = relationship()
