"""Who gets in, who does not, and that nobody is locked out."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, update

from actions.orders.verification import (
    WRONG_PER_CONVERSATION,
    WRONG_PER_NETWORK,
    WRONG_PER_ORDER,
    Contact,
    Origin,
    forget_old_tries,
    proof_of,
    verify,
)
from actions.store.base import utc_now
from actions.store.models import Proof, VerificationAttempt

HERS, HIS = "LE-7K4M-Q2XP", "LE-R8TN-5VHC"
EMAIL, DIGITS = Contact("email", "hannah.whitcombe@example.com"), Contact("phone", "0317")


def attempt(store, conversation, contact, number=HERS, network=None, key=None):
    with store.write() as session:
        return verify(session, Origin(conversation, network), number, contact, key)


def proof(store, conversation):
    with store.read() as session:
        return proof_of(session, conversation)


def tries(store, **wanted):
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(VerificationAttempt).filter_by(**wanted))


@pytest.mark.parametrize("contact", [EMAIL, DIGITS])
def test_the_owner_gets_in(store, contact):
    assert attempt(store, "a", contact) == "verified"
    found = proof(store, "a")
    assert (found.order_number, found.expires_at - found.created_at) == (HERS, timedelta(minutes=30))


@pytest.mark.parametrize("contact", [Contact("email", "oliver.barlow@example.com"), Contact("phone", "0628")])
def test_the_contact_of_somebody_else_is_wrong(store, contact):
    assert attempt(store, "a", contact) == "wrong"
    assert proof(store, "a") is None


def test_an_order_that_does_not_exist_reads_and_counts_the_same(store):
    for number in (HERS, "LE-2222-2222"):
        verdicts = [attempt(store, number, Contact("phone", f"00{n:02}"), number) for n in range(WRONG_PER_ORDER)]
        assert verdicts == ["wrong"] * WRONG_PER_ORDER
        assert attempt(store, number, EMAIL, number) == "blocked"
        assert attempt(store, f"{number} again", DIGITS, number) == "email_needed"


def test_guessing_in_one_conversation_ends(store):
    guesses = [attempt(store, "a", Contact("email", f"{n}@example.com")) for n in range(WRONG_PER_CONVERSATION)]
    assert guesses == ["wrong"] * WRONG_PER_CONVERSATION
    assert attempt(store, "a", EMAIL) == "blocked"
    assert proof(store, "a") is None


def test_guessing_from_one_network_ends(store):
    for n in range(WRONG_PER_NETWORK):
        assert attempt(store, f"c{n}", Contact("email", f"{n}@example.com"), network="net") == "wrong"
    assert attempt(store, "fresh", EMAIL, network="net") == "blocked"
    assert attempt(store, "fresh", EMAIL, network="another") == "verified"


def test_guessing_digits_of_an_order_does_not_lock_its_owner_out(store):
    for n in range(200):  # from everywhere, one try each
        verdict = attempt(store, f"robot {n}", Contact("phone", f"1{n:03}"), network=f"net {n}")
        assert verdict == ("wrong" if n < WRONG_PER_ORDER else "email_needed")
    assert attempt(store, "owner", DIGITS, network="home") == "email_needed"
    assert attempt(store, "owner", EMAIL, network="home") == "verified"


def test_the_right_digits_tell_nothing_any_more_when_the_e_mail_is_needed(store):
    for n in range(WRONG_PER_ORDER):
        attempt(store, f"robot {n}", Contact("phone", f"1{n:03}"))
    answers = {attempt(store, f"more {n}", Contact("phone", digits)) for n, digits in enumerate(("0317", "9999"))}
    assert answers == {"email_needed"}


def test_limits_are_over_after_a_while(store):
    for n in range(WRONG_PER_CONVERSATION):
        attempt(store, "a", Contact("email", f"{n}@example.com"))
    with store.write() as session:
        session.execute(update(VerificationAttempt).values(at=utc_now() - timedelta(minutes=61)))
    assert attempt(store, "a", EMAIL) == "verified"


def test_the_same_call_is_one_try(store):
    verdicts = [attempt(store, "a", Contact("phone", "9999"), key="a:m1:1:verify") for _ in range(50)]
    assert set(verdicts) == {"wrong"}
    assert tries(store, conversation_id="a") == 1


def test_a_proof_expires(store):
    attempt(store, "a", EMAIL)
    with store.write() as session:
        session.execute(update(Proof).values(expires_at=utc_now() - timedelta(seconds=1)))
    assert proof(store, "a") is None


def test_a_proof_is_of_one_conversation(store):
    attempt(store, "a", EMAIL)
    assert proof(store, "b") is None
    assert proof(store, "A") is None


def test_a_later_proof_takes_the_place_of_the_first(store):
    attempt(store, "a", EMAIL)
    attempt(store, "a", Contact("email", "oliver.barlow@example.com"), HIS)
    assert proof(store, "a").order_number == HIS


def test_a_wrong_try_leaves_an_earlier_proof(store):
    attempt(store, "a", EMAIL)
    attempt(store, "a", Contact("phone", "9999"), HIS)
    assert proof(store, "a").order_number == HERS


def test_what_was_given_is_not_kept(store, tmp_path):
    attempt(store, "a", EMAIL)
    attempt(store, "b", Contact("email", "secret.guess@example.com"))
    with store.read() as session:
        kept = [vars(row) for row in (*session.scalars(select(VerificationAttempt)), *session.scalars(select(Proof)))]
    assert "secret.guess" not in str(kept)
    assert "hannah" not in str(kept)


def test_old_tries_are_forgotten(store):
    attempt(store, "a", DIGITS)
    with store.write() as session:
        session.execute(update(VerificationAttempt).values(at=utc_now() - timedelta(days=31)))
        forget_old_tries(session)
    assert tries(store) == 0


def parallel(store, network):
    """All of 0000 to 0059 at once from one conversation; the verdicts."""
    start = threading.Barrier(12)

    def guess(first):
        start.wait()
        return [attempt(store, "a", Contact("phone", f"{n:04}"), network=network) for n in range(first, first + 5)]

    with ThreadPoolExecutor(12) as pool:
        return [verdict for verdicts in pool.map(guess, range(0, 60, 5)) for verdict in verdicts]


def test_tries_at_the_same_time_do_not_slip_through(store):
    verdicts = parallel(store, "net")
    assert verdicts.count("wrong") == WRONG_PER_CONVERSATION
    assert verdicts.count("blocked") == 60 - WRONG_PER_CONVERSATION
    assert tries(store, conversation_id="a") == WRONG_PER_CONVERSATION


def test_tries_at_the_same_time_do_not_slip_through_on_postgres(postgres):
    verdicts = parallel(postgres, None)
    assert verdicts.count("wrong") == WRONG_PER_CONVERSATION
    assert tries(postgres, conversation_id="a") == WRONG_PER_CONVERSATION
    with postgres.write() as session:
        session.execute(delete(VerificationAttempt))
    start = threading.Barrier(30)

    def guess(n):
        start.wait()
        return attempt(postgres, f"c{n}", Contact("phone", f"1{n:03}"), network=f"net {n}")

    with ThreadPoolExecutor(30) as pool:
        verdicts = list(pool.map(guess, range(30)))
    assert (verdicts.count("wrong"), verdicts.count("email_needed")) == (WRONG_PER_ORDER, 30 - WRONG_PER_ORDER)
    assert attempt(postgres, "owner", EMAIL) == "verified"
