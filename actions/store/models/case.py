"""What customers have started: a return, an exchange, a claim, an invoice, a change of an order."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from actions.store.base import Base, one_of, utc_now
from actions.store.models.customer import Customer
from actions.store.models.order import Order

CaseKind = Literal["return", "exchange", "warranty", "damaged", "missing", "invoice", "address", "cancel"]
CaseStatus = Literal["open", "done", "withdrawn"]


class Case(Base):
    """One of them; `reference` is what the customer is told, `items` are SKUs."""

    __tablename__ = "cases"
    __table_args__ = (
        one_of("kind", CaseKind),
        one_of("status", CaseStatus),
        Index(None, "status", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(8), unique=True)
    kind: Mapped[CaseKind] = mapped_column(String(12))
    conversation_id: Mapped[str] = mapped_column(String(128), index=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey(Customer.id), index=True)
    order_number: Mapped[str] = mapped_column(ForeignKey(Order.number), index=True)
    items: Mapped[list[str]]
    details: Mapped[dict[str, Any]]
    status: Mapped[CaseStatus] = mapped_column(String(12), default="open")
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
