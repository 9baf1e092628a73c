"""Questions that the documents did not answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Double, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from actions.store.base import Base, one_of, utc_now
from actions.store.models.customer import Language

QuestionStatus = Literal["open", "answered", "ignored"]


class UnansweredQuestion(Base):
    """One question, the best score that retrieval reached and the passages it found."""

    __tablename__ = "unanswered_questions"
    __table_args__ = (
        one_of("language", Language),
        one_of("status", QuestionStatus),
        Index(None, "status", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(128), index=True)
    question: Mapped[str] = mapped_column(Text)
    language: Mapped[Language] = mapped_column(String(2))
    score: Mapped[float | None] = mapped_column(Double)
    passages: Mapped[list[dict[str, Any]]]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    status: Mapped[QuestionStatus] = mapped_column(String(16), default="open")
