"""Hand-over tickets: create, find, list."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.store.insert import insert_into
from actions.store.models.customer import Language
from actions.store.models.ticket import Ticket, TicketReason
from actions.store.references import ticket_reference


def create_ticket(
    session: Session,
    *,
    conversation_id: str,
    reason: TicketReason,
    language: Language,
    transcript: list[dict[str, Any]],
    idempotency_key: str | None = None,
) -> Ticket:
    """A new open ticket, or the one that this key made before."""
    row = {
        "conversation_id": conversation_id,
        "reason": reason,
        "language": language,
        "transcript": transcript,
        "idempotency_key": idempotency_key,
    }
    while True:
        statement = insert_into(session, Ticket).values(reference=ticket_reference(), **row).on_conflict_do_nothing()
        created = session.scalar(statement.returning(Ticket))
        found = created or _by_key(session, idempotency_key)
        if found is not None:
            return found  # otherwise the reference was taken: draw another


def get_ticket(session: Session, reference: str) -> Ticket | None:
    """The ticket that the customer was told about; letter case and blanks around it do not matter."""
    return session.scalar(select(Ticket).where(Ticket.reference == reference.strip().upper()))


def list_open(session: Session, limit: int = 100) -> list[Ticket]:
    """Tickets that are not closed, oldest first."""
    statement = select(Ticket).where(Ticket.status.in_(("open", "pending")))
    return list(session.scalars(statement.order_by(Ticket.created_at, Ticket.id).limit(limit)))


def _by_key(session: Session, key: str | None) -> Ticket | None:
    return None if key is None else session.scalar(select(Ticket).where(Ticket.idempotency_key == key))
