"""Hand-over tickets: conversations that a person takes on."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Index, String, text
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
TicketStatus = Literal["open", "pending", "closed"]  # nobody has it yet; `operator` has it; done with
_NOT_CLOSED = text("status <> 'closed'")


class Ticket(Base):
    """One hand-over; `reference` is what the customer is told, `transcript` the messages until then.

    `operator` is the name of the person who has the conversation, as the customer sees it, or had it last.
    """

    __tablename__ = "tickets"
    __table_args__ = (
        one_of("reason", TicketReason),
        one_of("language", Language),
        one_of("status", TicketStatus),
        Index(None, "status", "created_at"),
        # A conversation has one ticket at a time, however many actions ask for a person at once.
        Index(
            "uq_tickets_open_conversation_id",
            "conversation_id",
            unique=True,
            sqlite_where=_NOT_CLOSED,
            postgresql_where=_NOT_CLOSED,
        ),
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
    operator: Mapped[str | None] = mapped_column(String(80))
    taken_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
