import re
import threading
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from actions.store.base import utc_now
from actions.store.tickets import (
    close_ticket,
    create_ticket,
    get_ticket,
    list_latest,
    list_open,
    open_ticket_of,
    take_ticket,
)


def make(session, **changes):
    row = {"conversation_id": "c1", "reason": "customer_request", "language": "en", "transcript": [{"text": "Hello"}]}
    return create_ticket(session, **{**row, **changes})


def test_a_ticket_is_found_by_its_reference(any_database):
    with any_database.write() as session:
        reference = make(session, language="zh", transcript=[{"text": "转人工"}]).reference
    assert re.fullmatch(r"T-[A-HJ-NP-Z2-9]{6}", reference)
    with any_database.read() as session:
        ticket = get_ticket(session, f" {reference.lower()} ")
        assert (ticket.status, ticket.transcript) == ("open", [{"text": "转人工"}])
        assert utc_now() - ticket.created_at < timedelta(minutes=1)
        assert get_ticket(session, "T-NOSUCH") is None


def test_the_same_key_makes_one_ticket(any_database):
    with any_database.write() as session:
        assert make(session, idempotency_key="k").id == make(session, idempotency_key="k").id
        assert make(session, conversation_id="c2").id != make(session, conversation_id="c3").id


def test_the_same_key_at_the_same_time_makes_one_ticket(any_database):
    references = in_threads(8, lambda session, _: make(session, idempotency_key="k").reference, any_database)
    assert len(references) == 8
    assert len(set(references)) == 1


def test_a_reference_that_is_taken_is_drawn_again(any_database, monkeypatch):
    references = iter(["T-AAAAAA", "T-AAAAAA", "T-BBBBBB"])
    monkeypatch.setattr("actions.store.tickets.ticket_reference", lambda: next(references))
    with any_database.write() as session:
        made = [make(session, conversation_id=name).reference for name in ("c1", "c2")]
        assert made == ["T-AAAAAA", "T-BBBBBB"]


def test_an_unknown_reason_is_refused(any_database):
    with pytest.raises(IntegrityError, match="ck_tickets_reason"), any_database.write() as session:
        make(session, reason="boredom")


def test_open_tickets_are_listed_oldest_first(any_database):
    with any_database.write() as session:
        first, closed, second = (make(session, conversation_id=name) for name in ("c1", "c2", "c3"))
        closed.status = "closed"
        second.status = "pending"
    with any_database.read() as session:
        assert [ticket.id for ticket in list_open(session)] == [first.id, second.id]
        assert len(list_open(session, limit=1)) == 1
        assert [ticket.id for ticket in list_latest(session, limit=2)] == [closed.id, second.id]


def test_a_conversation_has_one_open_ticket(any_database):
    with any_database.write() as session:
        first = make(session, idempotency_key="k1")
        again = make(session, idempotency_key="k2", transcript=[{"text": "Hello"}, {"text": "Anybody?"}])
        assert again.id == first.id
        assert open_ticket_of(session, "c1").transcript[-1] == {"text": "Anybody?"}
        close_ticket(session, first.reference, "Mia")
        assert open_ticket_of(session, "c1") is None
        assert make(session, idempotency_key="k2").id != first.id
        assert make(session, idempotency_key="k1").id == first.id


def test_requests_of_one_conversation_at_the_same_time_make_one_ticket(any_database):
    references = in_threads(8, lambda session, n: make(session, idempotency_key=f"k{n}").reference, any_database)
    assert len(references) == 8
    assert len(set(references)) == 1


def test_taking_and_closing(any_database):
    with any_database.write() as session:
        reference = make(session).reference
    with any_database.write() as session:
        taken = take_ticket(session, f" {reference.lower()}", "Mia")
        assert (taken.status, taken.operator, taken.closed_at) == ("pending", "Mia", None)
        since = taken.taken_at
        assert utc_now() - since < timedelta(minutes=1)
    with any_database.write() as session:
        assert take_ticket(session, reference, "Mia").taken_at == since
        assert take_ticket(session, reference, "Tom") is None
        assert close_ticket(session, reference, "Tom") is None
        forced = take_ticket(session, reference, "Tom", force=True)
        assert (forced.operator, forced.taken_at >= since) == ("Tom", True)
        closed = close_ticket(session, reference, "Tom")
        assert (closed.status, closed.operator, closed.closed_at >= since) == ("closed", "Tom", True)
    with any_database.write() as session:
        assert take_ticket(session, reference, "Tom", force=True) is None
        assert close_ticket(session, reference, "Tom", force=True) is None
        assert take_ticket(session, "T-NOSUCH", "Tom") is None


def test_of_two_who_take_at_the_same_time_one_gets_it(any_database):
    with any_database.write() as session:
        reference = make(session).reference
    got = in_threads(6, lambda session, n: take_ticket(session, reference, f"person {n}"), any_database)
    (winner,) = [ticket.operator for ticket in got if ticket is not None]
    with any_database.read() as session:
        assert get_ticket(session, reference).operator == winner


def in_threads(count, do, database):
    """What `do(session, number)` returned in each of `count` threads, each in a transaction of its own."""
    results = []

    def run(number):
        with database.write() as session:
            results.append(do(session, number))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
