import re

import pytest
from sqlalchemy import select

from actions.handoff import ActionHandoff
from actions.store.models import Ticket
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
async def test_another_message_opens_another_ticket(shop, ids):
    for message_id in ids:
        await act(ActionHandoff, said("a person", message_id=message_id))
    assert len({ticket.reference for ticket in tickets(shop)}) == 2
