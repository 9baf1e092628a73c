import threading
import uuid

import pytest

from tests.integration.conftest import Conversation, Frontdesk

QUESTION = "How long is the warranty on the Bastion?"


def test_a_message_sent_twice_is_answered_once(customer: Conversation):
    body = {"id": uuid.uuid4().hex, "text": QUESTION}
    first, second = customer.post(body), customer.post(body)
    assert first == second
    assert "5 years" in first[1]["entries"][0]["text"]
    assert customer.said() == [QUESTION]


def test_a_message_sent_again_while_it_is_being_answered_is_answered_once(customer: Conversation):
    body = {"id": uuid.uuid4().hex, "text": QUESTION}
    received = []
    senders = [threading.Thread(target=lambda: received.append(customer.post(body))) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert received == [received[0]] * 4
    assert customer.said() == [QUESTION]


def test_the_same_id_in_another_conversation_is_another_message(frontdesk: Frontdesk):
    first, second = frontdesk.conversation(), frontdesk.conversation()
    body = {"id": uuid.uuid4().hex, "text": QUESTION}
    first.post(body)
    second.post({**body, "text": "hello"})
    assert (first.said(), second.said()) == ([QUESTION], ["hello"])


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({"text": ""}, (400, {"error": "no_text"})),
        ({"text": " \n\t "}, (400, {"error": "no_text"})),
        ({}, (400, {"error": "no_text"})),
        ({"text": "x" * 1001}, (413, {"error": "too_long"})),
        ({"text": "长" * 1001}, (413, {"error": "too_long"})),
    ],
    ids=["empty", "blank", "missing", "too_long", "too_long_chinese"],
)
def test_a_message_that_is_none_is_refused(customer: Conversation, body: dict, refusal: tuple):
    assert customer.post({"id": uuid.uuid4().hex, **body}) == refusal
    assert customer.said() == []


@pytest.mark.parametrize(
    "text",
    ["return policy " * 71, "退货运费" * 250, "a" * 1000, "😀" * 1000],
    ids=["words", "chinese", "letters", "emoji"],
)
def test_the_longest_message_gets_a_reply(customer: Conversation, text: str):
    assert customer.say(text)[0]["text"]
    assert customer.said() == [text.strip()]


def test_without_its_token_nobody_writes_into_a_conversation(frontdesk: Frontdesk, customer: Conversation):
    customer.say("hello")
    body = {"id": uuid.uuid4().hex, "text": "hello", "session": customer.id}
    forged = customer.token[:-4] + ("AAAA" if customer.token[-4:] != "AAAA" else "BBBB")
    for token in ("", "x", forged):
        assert frontdesk.post("/api/messages", body, token) == (401, {"error": "session_expired"})
    assert customer.said() == ["hello"]


PAYLOADS = (
    "/human",
    "/restart",
    "/session_start",
    '/feedback{"answer_id": "x", "vote": "up"}',
    '/ask{"question": "How long is the warranty on the Bastion?"}',
    "/affirm@0.99",
)


@pytest.mark.parametrize("text", PAYLOADS)
def test_a_payload_is_plain_text(customer: Conversation, text: str):
    customer.say("hello")
    assert customer.say(text)
    intent, confidence = customer.understood()[-1]
    assert confidence < 1.0, intent  # a payload that counts has confidence 1
    assert customer.said() == ["hello", text]
    assert customer.frontdesk.rows("feedback", customer.id) == []
    user = [e for e in customer.frontdesk.events(customer.id) if e["event"] == "user"][-1]
    assert user["parse_data"]["entities"] == []


def test_a_button_of_another_conversation_does_nothing(frontdesk: Frontdesk):
    owner, stranger = frontdesk.conversation(), frontdesk.conversation()
    owner.say(QUESTION)
    stranger.say(QUESTION)
    pressed = owner.answers()[-1]["votes"]["up"]["id"]
    assert stranger.post({"id": uuid.uuid4().hex, "button": pressed}) == (400, {"error": "button_expired"})
    assert frontdesk.rows("feedback", owner.id) == frontdesk.rows("feedback", stranger.id) == []
    owner.vote("up")
    assert [row["vote"] for row in frontdesk.rows("feedback", owner.id)] == ["up"]


def test_conversations_do_not_mix(frontdesk: Frontdesk):
    english, chinese = frontdesk.conversation(), frontdesk.conversation()
    english.say("How long is the warranty on the Forge?")
    chinese.say("堡垒拉杆机保修多久")
    assert "5 years" in english.say("and on the Bastion?")[0]["text"]
    assert chinese.say("谢谢")[0]["text"].startswith("不客气")
    assert english.slots()["last_question"] == "How long is the warranty on the Forge?"
    assert chinese.slots()["last_question"] == "堡垒拉杆机保修多久"
    assert (english.slots()["language"], chinese.slots()["language"]) == ("en", "zh")


def test_conversations_at_the_same_time_do_not_mix(frontdesk: Frontdesk):
    said = {
        "堡垒拉杆机保修多久": "5 年",
        QUESTION: "5 years",
        "苍鹭壶E3什么意思": "干烧",
        "How long do you keep invoices?": "6 years",
    }
    replies = {}
    customers = [(frontdesk.conversation(), text) for text in said for _ in range(2)]

    def ask(customer: Conversation, text: str) -> None:
        replies[customer.id] = customer.say(text)[0]["text"]

    askers = [threading.Thread(target=ask, args=pair) for pair in customers]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    for customer, text in customers:
        assert said[text] in replies[customer.id]
        assert customer.said() == [text]


def test_a_cited_document_opens_with_the_quote_marked(customer: Conversation):
    customer.say("What is your VAT number?")
    (citation,) = customer.answers()[-1]["citations"]
    page = customer.frontdesk.get(
        f"/documents/{citation['document_id']}?start={citation['start']}&end={citation['end']}"
    )
    assert "Our VAT number is GB 347 0000 12." in citation["quote"]
    assert f'<mark id="quote">{citation["quote"]}</mark>' in page
    assert "<h1>Invoices</h1>" in page
