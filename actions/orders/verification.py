"""Shows that a customer is who they say: an order number, and the e-mail address or last four digits of that order.

A try is counted before its outcome is known to anybody, in the transaction that decides it, and those who try for the
same conversation, network or order at the same time wait for one another. A try for an order that there is not costs
the same and reads the same. Too many wrong tries end it for the conversation and the network; for an order they only
mean that four digits are not enough any more: its owner still gets in with the e-mail address.
"""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from actions.store.base import utc_now
from actions.store.effects import once
from actions.store.insert import insert_into
from actions.store.models import Customer, Order, Proof, VerificationAttempt
from actions.store.models.proof import ContactKind
from textkit.settings import settings

Verdict = Literal["verified", "wrong", "email_needed", "blocked"]
WRONG_PER_CONVERSATION = 5
WRONG_PER_NETWORK = 20
WRONG_PER_ORDER = 5
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
KEPT = timedelta(days=30)


@dataclasses.dataclass(frozen=True)
class Contact:
    """What a customer gives beside the order number: an address in lower case, or four digits."""

    kind: ContactKind
    value: str


@dataclasses.dataclass(frozen=True)
class Origin:
    """Where a try comes from; `network` is the channel's keyed hash of the client's address."""

    conversation_id: str
    network: str | None


def verify(session: Session, origin: Origin, order_number: str, contact: Contact, key: str | None) -> Verdict:
    """Decide a try and keep the proof if it is right; with the same `key` it is the same try."""

    def decide() -> dict[str, str]:
        return {"verdict": _decide(session, origin, order_number, contact)}

    verdict: Verdict = once(session, key, decide)["verdict"]
    return verdict


def proof_of(session: Session, conversation_id: str) -> Proof | None:
    """The conversation's proof, unless it has expired."""
    found = select(Proof).where(Proof.conversation_id == conversation_id, Proof.expires_at > utc_now())
    return session.scalar(found)


def too_many_tries(session: Session, origin: Origin) -> bool:
    """Whether this conversation or network has to wait; call it behind `take_turns`."""
    by_conversation = VerificationAttempt.conversation_id == origin.conversation_id
    if _wrong(session, by_conversation, HOUR) >= WRONG_PER_CONVERSATION:
        return True
    by_network = VerificationAttempt.network == origin.network
    return origin.network is not None and _wrong(session, by_network, HOUR) >= WRONG_PER_NETWORK


def note_try(session: Session, origin: Origin, order_number: str | None, kind: ContactKind, succeeded: bool) -> None:
    """Count a try."""
    session.add(
        VerificationAttempt(
            conversation_id=origin.conversation_id,
            network=origin.network,
            order_number=order_number,
            kind=kind,
            succeeded=succeeded,
        )
    )
    session.flush()


def take_turns(session: Session, *names: str | None) -> None:
    """Wait for other transactions that hold one of these names; SQLite's writers wait for one another anyway."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for name in sorted({name for name in names if name}):  # always in the same order, or two would wait for each other
        number = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


def forget_old_tries(session: Session) -> None:
    """Remove what nobody counts any more."""
    session.execute(delete(VerificationAttempt).where(VerificationAttempt.at < utc_now() - KEPT))
    session.execute(delete(Proof).where(Proof.expires_at < utc_now() - KEPT))


def _decide(session: Session, origin: Origin, order_number: str, contact: Contact) -> Verdict:
    network = f"network {origin.network}" if origin.network else None
    take_turns(session, f"conversation {origin.conversation_id}", network, f"order {order_number}")
    if too_many_tries(session, origin):
        return "blocked"
    by_order = VerificationAttempt.order_number == order_number
    if contact.kind == "phone" and _wrong(session, by_order, DAY) >= WRONG_PER_ORDER:
        note_try(session, origin, order_number, contact.kind, succeeded=False)
        return "email_needed"
    owner = _owner_if_right(session, order_number, contact)
    note_try(session, origin, order_number, contact.kind, succeeded=owner is not None)
    if owner is None:
        return "wrong"
    _keep(session, origin.conversation_id, owner, order_number)
    return "verified"


def _owner_if_right(session: Session, order_number: str, contact: Contact) -> int | None:
    query = select(Customer.id, Customer.email, Customer.phone).join(Order).where(Order.number == order_number)
    row = session.execute(query).one_or_none()
    owner, email, phone = row if row is not None else (0, "nobody@example.invalid", "+440000000000")
    known = email if contact.kind == "email" else phone[-4:]
    same = hmac.compare_digest(_digest(known), _digest(contact.value))
    return owner if same & (row is not None) else None


def _digest(value: str) -> bytes:
    return hashlib.blake2b(value.encode()).digest()


def _keep(session: Session, conversation_id: str, customer_id: int, order_number: str) -> None:
    now = utc_now()
    changed = {
        "customer_id": customer_id,
        "order_number": order_number,
        "created_at": now,
        "expires_at": now + timedelta(minutes=settings().proof_minutes),
    }
    statement = insert_into(session, Proof).values(conversation_id=conversation_id, **changed)
    session.execute(statement.on_conflict_do_update(index_elements=["conversation_id"], set_=changed))


def _wrong(session: Session, which: object, within: timedelta) -> int:
    since: datetime = utc_now() - within
    query = select(func.count()).select_from(VerificationAttempt)
    wrong = query.where(which, VerificationAttempt.succeeded.is_(False), VerificationAttempt.at > since)  # type: ignore[arg-type]
    return session.scalar(wrong) or 0
