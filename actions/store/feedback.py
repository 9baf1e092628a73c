"""Votes on answers: the last one of a customer counts."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from actions.store.base import utc_now
from actions.store.insert import insert_into
from actions.store.models.feedback import Feedback, Vote


def save_feedback(
    session: Session,
    *,
    conversation_id: str,
    answer_id: str,
    vote: Vote,
    question: str,
    answer: str,
    citations: list[dict[str, Any]],
    comment: str | None = None,
) -> Feedback:
    """Saves a vote; a second one on the same answer replaces the first, and leaves a comment that it does not bring."""
    changed = {
        "vote": vote,
        **({"comment": comment} if comment else {}),
        "question": question,
        "answer": answer,
        "citations": citations,
        "created_at": utc_now(),
    }
    statement = insert_into(session, Feedback).values(conversation_id=conversation_id, answer_id=answer_id, **changed)
    upsert = statement.on_conflict_do_update(index_elements=["conversation_id", "answer_id"], set_=changed)
    return session.scalars(upsert.returning(Feedback), execution_options={"populate_existing": True}).one()
