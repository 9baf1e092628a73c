"""Hand-over tickets: conversations that a person takes on."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from actions.store.base import Base, one_of, utc_now
from actions.store.models.customer import Language

TicketReason = Literal[
    "customer_request",
    "missing_knowledge",
    "unsupported_request",
    "policy_restriction",
    "tool_failure",
    "pending_clarification",
    "usage_limit",
    "negative_sentiment",
    "risk_review",
]
TicketStatus = Literal["open", "pending", "closed"]


class Ticket(Base):
    """One hand-over; `reference` is what the customer is told, `transcript` the messages so far."""

    __tablename__ = "tickets"
    __table_args__ = (
        one_of("reason", TicketReason),
        one_of("language", Language),
        one_of("status", TicketStatus),
        Index(None, "status", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(8), unique=True)
    conversation_id: Mapped[str] = mapped_column(String(128), index=True)
    reason: Mapped[TicketReason] = mapped_column(String(24))
    language: Mapped[Language] = mapped_column(String(2))
    status: Mapped[TicketStatus] = mapped_column(String(8), default="open")
    transcript: Mapped[list[dict[str, Any]]]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)
    idempotency_key: Mapped[str | None] = mapped_column(String(128), unique=True)
