import re
import threading
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from actions.store.base import utc_now
from actions.store.tickets import create_ticket, get_ticket, list_open


def make(session, **changes):
    row = {"conversation_id": "c1", "reason": "customer_request", "language": "en", "transcript": [{"text": "Hello"}]}
    return create_ticket(session, **{**row, **changes})


def test_a_ticket_is_found_by_its_reference(database):
    with database.write() as session:
        reference = make(session, language="zh", transcript=[{"text": "转人工"}]).reference
    assert re.fullmatch(r"T-[A-HJ-NP-Z2-9]{6}", reference)
    with database.read() as session:
        ticket = get_ticket(session, f" {reference.lower()} ")
        assert (ticket.status, ticket.transcript) == ("open", [{"text": "转人工"}])
        assert utc_now() - ticket.created_at < timedelta(minutes=1)
        assert get_ticket(session, "T-NOSUCH") is None


def test_the_same_key_makes_one_ticket(database):
    with database.write() as session:
        assert make(session, idempotency_key="k").id == make(session, idempotency_key="k").id
        assert make(session).id != make(session).id


def test_the_same_key_at_the_same_time_makes_one_ticket(database):
    references = []

    def create():
        with database.write() as session:
            references.append(make(session, idempotency_key="k").reference)

    threads = [threading.Thread(target=create) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(references) == 8
    assert len(set(references)) == 1


def test_a_reference_that_is_taken_is_drawn_again(database, monkeypatch):
    references = iter(["T-AAAAAA", "T-AAAAAA", "T-BBBBBB"])
    monkeypatch.setattr("actions.store.tickets.ticket_reference", lambda: next(references))
    with database.write() as session:
        assert [make(session).reference, make(session).reference] == ["T-AAAAAA", "T-BBBBBB"]


def test_an_unknown_reason_is_refused(database):
    with pytest.raises(IntegrityError, match="ck_tickets_reason"), database.write() as session:
        make(session, reason="boredom")


def test_open_tickets_are_listed_oldest_first(database):
    with database.write() as session:
        first, closed, second = make(session), make(session), make(session)
        closed.status = "closed"
        second.status = "pending"
    with database.read() as session:
        assert [ticket.id for ticket in list_open(session)] == [first.id, second.id]
        assert len(list_open(session, limit=1)) == 1
