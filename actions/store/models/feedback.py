"""Votes on answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from actions.store.base import Base, one_of, utc_now

Vote = Literal["up", "down"]


class Feedback(Base):
    """One customer's vote on one answer, with what was asked, answered and cited."""

    __tablename__ = "feedback"
    __table_args__ = (
        one_of("vote", Vote),
        UniqueConstraint("conversation_id", "answer_id"),
        Index(None, "vote", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(128))
    answer_id: Mapped[str] = mapped_column(String(64))
    vote: Mapped[Vote] = mapped_column(String(4))
    comment: Mapped[str | None] = mapped_column(Text)
    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text)
    citations: Mapped[list[dict[str, Any]]]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
