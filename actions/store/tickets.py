"""Hand-over tickets: create, find, list, take, close."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.store.base import utc_now
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
    """A new open ticket; or the one that this key made before; or the conversation's open one, with this transcript."""
    row = {
        "conversation_id": conversation_id,
        "reason": reason,
        "language": language,
        "transcript": transcript,
        "idempotency_key": idempotency_key,
    }
    while True:
        statement = insert_into(session, Ticket).values(reference=ticket_reference(), **row).on_conflict_do_nothing()
        made = session.scalar(statement.returning(Ticket)) or _by_key(session, idempotency_key)
        if made is not None:
            return made
        found = open_ticket_of(session, conversation_id)
        if found is not None:
            found.transcript = transcript
            return found  # otherwise the reference was taken: draw another


def get_ticket(session: Session, reference: str) -> Ticket | None:
    """The ticket that the customer was told about; letter case and blanks around it do not matter."""
    return session.scalar(select(Ticket).where(Ticket.reference == reference.strip().upper()))


def open_ticket_of(session: Session, conversation_id: str) -> Ticket | None:
    """The conversation's ticket that is not closed."""
    return session.scalar(select(Ticket).where(Ticket.conversation_id == conversation_id, Ticket.status != "closed"))


def list_open(session: Session, limit: int = 500) -> list[Ticket]:
    """Tickets that are not closed, oldest first."""
    statement = select(Ticket).where(Ticket.status.in_(("open", "pending")))
    return list(session.scalars(statement.order_by(Ticket.created_at, Ticket.id).limit(limit)))


def list_latest(session: Session, limit: int = 100) -> list[Ticket]:
    """The newest tickets, closed ones too, oldest of them first."""
    newest = session.scalars(select(Ticket).order_by(Ticket.created_at.desc(), Ticket.id.desc()).limit(limit))
    return list(newest)[::-1]


def take_ticket(session: Session, reference: str, operator: str, *, force: bool = False) -> Ticket | None:
    """Gives the ticket to `operator`; None when it is closed or, without `force`, somebody else's.

    Of two people who try at the same time one gets it. Taking what one has changes nothing.
    """
    row = _not_closed(session, reference)
    if row is None or not (force or row.operator in (None, operator)):
        return None
    if row.status == "open" or row.operator != operator:
        row.status, row.operator, row.taken_at = "pending", operator, utc_now()
    return row


def close_ticket(session: Session, reference: str, operator: str, *, force: bool = False) -> Ticket | None:
    """Closes the ticket; None when it is closed or, without `force`, somebody else's."""
    row = _not_closed(session, reference)
    if row is None or not (force or row.operator in (None, operator)):
        return None
    row.status, row.operator, row.closed_at = "closed", operator, utc_now()
    return row


def _not_closed(session: Session, reference: str) -> Ticket | None:
    """The ticket, locked until the transaction ends (SQLite's writers queue up anyway)."""
    found = select(Ticket).where(Ticket.reference == reference.strip().upper(), Ticket.status != "closed")
    return session.scalar(found.with_for_update())


def _by_key(session: Session, key: str | None) -> Ticket | None:
    return None if key is None else session.scalar(select(Ticket).where(Ticket.idempotency_key == key))
