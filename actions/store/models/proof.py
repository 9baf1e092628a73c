"""Who a conversation has shown to be, and every try to show it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from actions.store.base import Base, one_of, utc_now
from actions.store.models.customer import Customer
from actions.store.models.order import Order

ContactKind = Literal["email", "phone", "gift_card"]


class Proof(Base):
    """A conversation whose customer has named an order and a contact that belongs to it; one row at most for each."""

    __tablename__ = "proofs"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(128), unique=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey(Customer.id))
    order_number: Mapped[str] = mapped_column(ForeignKey(Order.number))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    expires_at: Mapped[datetime]


class VerificationAttempt(Base):
    """One try; `order_number` as it was given, whether there is such an order or not, and never the contact given."""

    __tablename__ = "verification_attempts"
    __table_args__ = (
        one_of("kind", ContactKind),
        Index(None, "conversation_id", "at"),
        Index(None, "network", "at"),
        Index(None, "order_number", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(128))
    network: Mapped[str | None] = mapped_column(String(64))
    order_number: Mapped[str | None] = mapped_column(String(12))
    kind: Mapped[ContactKind] = mapped_column(String(12))
    succeeded: Mapped[bool]
    at: Mapped[datetime] = mapped_column(default=utc_now, index=True)
