"""Whole conversations at the web channel: conversations_*.yml say what is said and expected.

Where a conversation is about `orders: {a: [kind, market]}` (tests/integration/orders.py), `{a}`, `{a.email}` and so on
stand for number, contact and goods of the one it gets. Behind the turns, `after` says what is true of an order then,
`cases` what has been started.

A turn is `say: text`, `press: button title` or `vote: up|down`, with what the bot then says: `reply` (a regular
expression, or a list of them, one per message), `buttons` (titles that are there) and `cites` (the documents cited).
Behind the turns stand the slots, and the rows that the conversation leaves; a table that is not named stays empty.
"""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.integration.conftest import Conversation, Frontdesk
from tests.integration.orders import Orders

HERE = Path(__file__).parent
TABLES = {"tickets": "tickets", "feedback": "feedback", "unanswered": "unanswered_questions", "cases": "cases"}
NO_PROOF = "update proofs set expires_at = '2020-01-01 00:00:00' where conversation_id = ?"
BLANK = re.compile(r"\{([a-z])(?:\.(\w+))?\}")
Documents = dict[str, dict[str, str]]


def read_conversations() -> list[Any]:
    found = []
    for language in ("en", "zh", "orders_en", "orders_zh"):
        for told in yaml.safe_load((HERE / f"conversations_{language}.yml").read_text("utf-8")):
            found.append(pytest.param(told, id=f"{language}: {told['name']}"))
    return found


@pytest.fixture(scope="module")
def orders(frontdesk: Frontdesk) -> Orders:
    return Orders(frontdesk.business)


@pytest.mark.parametrize("told", read_conversations())
def test_conversation(customer: Conversation, documents: Documents, orders: Orders, told: dict[str, Any]):
    taken = {name: orders.take(*made[:2], *made[2:] or [{}]) for name, made in told.get("orders", {}).items()}
    told = filled(told, taken)
    shown: list[tuple[str, str]] = []  # who said what, for the transcript
    transcripts = []
    for turn in told["turns"]:
        if turn.get("proof_expires"):
            orders.run(NO_PROOF, customer.id)
        replies = take_turn(customer, turn)
        shown.append(("customer", turn.get("say") or turn.get("press") or {"up": "👍", "down": "👎"}[turn["vote"]]))
        if any(kind_of(reply) == "handoff" for reply in replies):
            transcripts.append(list(shown))
        shown += [("bot", reply["text"]) for reply in replies]
        check_replies(turn, replies)
        check_citations(customer, turn, replies, documents)
    check_slots(customer, told)
    check_rows(customer, told)
    for name, wanted in told.get("after", {}).items():
        row = orders.row(taken[name]["number"])
        assert {key: row[key] for key in wanted} == wanted
    check_tickets(customer, transcripts)


def filled(told: Any, taken: dict[str, dict[str, str]]) -> Any:
    """`told` with the blanks filled in."""
    if isinstance(told, dict):
        return {key: filled(value, taken) for key, value in told.items()}
    if isinstance(told, list):
        return [filled(value, taken) for value in told]
    if not isinstance(told, str):
        return told
    return BLANK.sub(lambda blank: taken[blank[1]][blank[2] or "number"] if blank[1] in taken else blank[0], told)


def take_turn(customer: Conversation, turn: dict[str, Any]) -> list[dict[str, Any]]:
    assert set(turn) <= {"say", "press", "vote", "reply", "buttons", "no_buttons", "cites", "cards", "proof_expires"}
    if "say" in turn:
        return customer.say(turn["say"])
    return customer.press(turn["press"]) if "press" in turn else customer.vote(turn["vote"])


def kind_of(reply: dict[str, Any]) -> str | None:
    return reply.get("custom", {}).get("kind")


def check_replies(turn: dict[str, Any], replies: list[dict[str, Any]]) -> None:
    expected = turn["reply"] if isinstance(turn["reply"], list) else [turn["reply"]]
    said = [reply["text"] for reply in replies]
    assert len(said) == len(expected), (turn, said)
    for pattern, text in zip(expected, said, strict=True):
        assert re.search(pattern, text), (turn, said)
    titles = [button["title"] for reply in replies for button in reply.get("buttons", [])]
    assert set(turn.get("buttons", [])) <= set(titles), (turn, titles)
    assert not turn.get("no_buttons") or not titles, (turn, titles)
    cards = [card for reply in replies for card in reply.get("custom", {}).get("cards", [])]
    assert [card["title"] for card in cards][: len(turn.get("cards", []))] == turn.get("cards", []), (turn, cards)


def check_citations(
    customer: Conversation, turn: dict[str, Any], replies: list[dict[str, Any]], documents: Documents
) -> None:
    cited = [c for reply in replies for c in reply.get("custom", {}).get("citations", [])]
    sources = [documents[c["document_id"]]["source"] for c in cited]
    assert set(turn.get("cites", [])) <= set(sources), (turn, sources)
    assert bool(sources) == any(kind_of(reply) == "answer" for reply in replies)
    for citation in cited:
        document, start, end = documents[citation["document_id"]], citation["start"], citation["end"]
        assert citation["title"] == document["title"]
        assert citation["quote"] == document["text"][start:end] != ""
        page = customer.frontdesk.get(f"/documents/{citation['document_id']}?start={start}&end={end}")
        assert page.count('id="quote"') == 1, citation


def check_slots(customer: Conversation, told: dict[str, Any]) -> None:
    slots = customer.slots()
    assert {name: slots.get(name) for name in told.get("slots", {})} == told.get("slots", {})


def check_rows(customer: Conversation, told: dict[str, Any]) -> None:
    for name, table in TABLES.items():
        rows, expected = customer.frontdesk.rows(table, customer.id), told.get(name, [])
        assert [{key: row[key] for key in want} for row, want in zip(rows, expected, strict=True)] == expected


def check_tickets(customer: Conversation, transcripts: list[list[tuple[str, str]]]) -> None:
    tickets = customer.frontdesk.rows("tickets", customer.id)
    told = [reply["text"] for reply in customer.replies if kind_of(reply) == "handoff"]
    assert len(tickets) == bool(told)  # a second request finds the first one's ticket
    for ticket in tickets:
        assert ticket["status"] == "open"
        assert [(line["from"], line["text"]) for line in ticket["transcript"]] == transcripts[-1]
        assert all(ticket["reference"] in text for text in told)
