import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from actions.handoff import ActionHandoff
from actions.store.models import Ticket
from actions.store.tickets import close_ticket
from tests.actions.conversing import act, replied, said

EVENTS = [said("多久能送到火星？"), replied("抱歉，店里的文档没有写到这一点。")]


def tickets(shop):
    with shop.database.read() as session:
        return session.scalars(select(Ticket)).all()


@pytest.mark.parametrize(
    ("offer", "language", "reason"), [(None, "en", "customer_request"), ("person", "zh", "missing_knowledge")]
)
async def test_a_ticket_is_opened_and_its_reference_told(shop, offer, language, reason):
    asked = said("/human", metadata={"title": "转人工"}, message_id="m-1")
    (message,), slots = await act(ActionHandoff, *EVENTS, asked, slots={"offer": offer, "language": language})
    (ticket,) = tickets(shop)
    assert message["response"] == "utter_handoff"
    assert re.fullmatch(r"T-[A-Z2-9]{6}", ticket.reference)
    assert message["reference"] == message["custom"]["frontdesk"]["reference"] == ticket.reference
    assert (ticket.reason, ticket.language, ticket.status) == (reason, language, "open")
    assert slots == {"offer": None}


async def test_the_ticket_has_the_whole_conversation(shop):
    await act(ActionHandoff, *EVENTS, said("转人工", message_id="m-1"))
    (ticket,) = tickets(shop)
    assert ticket.conversation_id == "web-1"
    assert [(line["from"], line["text"]) for line in ticket.transcript] == [
        ("customer", "多久能送到火星？"),
        ("bot", "抱歉，店里的文档没有写到这一点。"),
        ("customer", "转人工"),
    ]


async def test_the_same_message_opens_one_ticket_however_often_rasa_calls(shop):
    asked = said("转人工", message_id="m-1")
    references = [(await act(ActionHandoff, *EVENTS, asked))[0][0]["reference"] for _ in range(3)]
    assert len(set(references)) == len(tickets(shop)) == 1


@pytest.mark.parametrize("ids", [("m-1", "m-2"), (None, None), ("m" * 300, None)])
async def test_while_a_ticket_is_open_its_reference_is_said_again(shop, ids):
    first, second = [(await act(ActionHandoff, said("a person", message_id=one)))[0][0] for one in ids]
    (ticket,) = tickets(shop)
    assert (first["response"], second["response"]) == ("utter_handoff", "utter_handoff_again")
    assert first["reference"] == second["reference"] == ticket.reference


async def test_an_open_ticket_gets_what_was_said_since(shop):
    await act(ActionHandoff, *EVENTS, said("转人工", message_id="m-1"))
    await act(ActionHandoff, *EVENTS, said("转人工", message_id="m-1"), said("有人吗？", message_id="m-2"))
    (ticket,) = tickets(shop)
    assert [line["text"] for line in ticket.transcript][-2:] == ["转人工", "有人吗？"]


async def test_behind_a_closed_ticket_comes_another(shop):
    for message_id in ("m-1", "m-2"):
        (message,), _ = await act(ActionHandoff, said("a person", message_id=message_id))
        assert message["response"] == "utter_handoff"
        with shop.database.write() as session:
            close_ticket(session, message["reference"], "Mia")
    assert len({ticket.reference for ticket in tickets(shop)}) == 2


@pytest.mark.parametrize(
    ("moment", "language", "told"),
    [
        ("2026-11-25T12:00", "en", "Our team is here until 18:00 today (UK time)"),
        ("2026-11-25T19:00", "en", "back tomorrow at 8:30 (UK time)"),
        ("2026-11-25T12:00", "zh", "现在有同事在（今天到 21:00，北京时间）"),
        ("2026-11-25T14:00", "zh", "同事明天 9:00（北京时间）上班"),
    ],
)
async def test_the_customer_is_told_when_a_person_is_there(shop, monkeypatch, moment, language, told):
    monkeypatch.setattr("actions.handoff.utc_now", lambda: datetime.fromisoformat(moment).replace(tzinfo=UTC))
    (message,), _ = await act(ActionHandoff, said("a person", message_id="m-1"), slots={"language": language})
    assert told in message["presence"]
