"""Questions that the documents did not answer, kept for the people who write the documents."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from actions.store.models.customer import Language
from actions.store.models.question import UnansweredQuestion


def save_unanswered(
    session: Session,
    *,
    conversation_id: str,
    question: str,
    language: Language,
    score: float | None,
    passages: list[dict[str, Any]],
) -> UnansweredQuestion:
    """Saves an open question with what retrieval found for it."""
    saved = UnansweredQuestion(
        conversation_id=conversation_id, question=question, language=language, score=score, passages=passages
    )
    session.add(saved)
    session.flush()
    return saved
