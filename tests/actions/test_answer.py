import json
import re

import pytest
from sqlalchemy import select

from actions.answer import ActionAnswer
from actions.store.models import UnansweredQuestion
from tests.actions.conversing import act, said
from tests.actions.small_shop import CHINESE, ENGLISH, NONSENSE

KEYS = {"kind", "answer_id", "question", "citations", "votes"}


def kept(shop):
    with shop.database.read() as session:
        return session.scalars(select(UnansweredQuestion)).all()


@pytest.mark.parametrize(
    ("question", "language", "part", "title"),
    [
        (ENGLISH, "en", "You have 30 days from delivery", "Returns"),
        (CHINESE, "zh", "签收后 30 天内可以退货", "退货说明"),
        ("What does the return label cost?", "en", "£2.95", "Returns"),
        ("检测费是多少？", "zh", "120 元", "维修服务"),
    ],
)
async def test_a_question_is_answered_with_its_source(shop, question, language, part, title):
    (message,), slots = await act(ActionAnswer, said(question), slots={"language": language, "offer": "person"})
    assert message["response"] == "utter_answer"
    assert part in message["answer"]
    assert message["answer"].endswith("[1]")
    assert message["custom"]["frontdesk"]["citations"][0]["title"] == title
    assert slots == {"offer": None, "last_question": question}
    assert kept(shop) == []


@pytest.mark.parametrize("question", [ENGLISH, CHINESE, "When is the London store open?", "门店几点营业？"])
async def test_a_citation_stands_in_its_document(shop, question):
    (message,), _ = await act(ActionAnswer, said(question))
    found = message["custom"]["frontdesk"]
    documents = shop.answerer().index.documents
    assert found["citations"]
    for citation in found["citations"]:
        text = documents[citation["document_id"]].text
        assert text[citation["start"] : citation["end"]] == citation["quote"] != ""
        assert f"[{citation['id']}]" in message["answer"]


async def test_the_widget_gets_no_score_and_no_path(shop):
    (message,), _ = await act(ActionAnswer, said(ENGLISH))
    found = message["custom"]["frontdesk"]
    assert set(found) == KEYS
    assert set(found["citations"][0]) == {"id", "document_id", "title", "quote", "start", "end"}
    assert (found["kind"], found["question"]) == ("answer", ENGLISH)
    assert re.fullmatch(r"[0-9a-f]{32}", found["answer_id"])
    assert not re.search(r"score|\.md|/tmp|\.sqlite", json.dumps(message, ensure_ascii=False))


async def test_both_votes_name_the_answer(shop):
    (message,), _ = await act(ActionAnswer, said(ENGLISH))
    found = message["custom"]["frontdesk"]
    for vote in ("up", "down"):
        intent, _, values = found["votes"][vote].partition("{")
        assert intent == "/feedback"
        assert json.loads("{" + values) == {"answer_id": found["answer_id"], "vote": vote}


async def test_every_answer_is_another(shop):
    ids = [(await act(ActionAnswer, said(ENGLISH)))[0][0]["custom"]["frontdesk"]["answer_id"] for _ in range(3)]
    assert len(set(ids)) == 3


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_what_the_documents_do_not_say_is_kept_and_ways_on_are_offered(shop, language):
    question = NONSENSE[language]
    (message,), slots = await act(ActionAnswer, said(question), slots={"language": language})
    assert message["response"] == "utter_unknown"
    assert slots == {"offer": "person", "last_question": question}
    (row,) = kept(shop)
    assert (row.question, row.language, row.conversation_id, row.status) == (question, language, "web-1", "open")
    assert 0 <= row.score < 0.5
    assert {"id", "source", "score"} == set(row.passages[0])
    assert message["buttons"][-1] == {
        "title": {"en": "Talk to a person", "zh": "转人工"}[language],
        "payload": "/human",
    }


async def test_a_topic_s_button_asks_for_it(shop):
    (message,), _ = await act(ActionAnswer, said(NONSENSE["en"]))
    topics = message["buttons"][:-1]
    assert 1 <= len(topics) <= 3
    for button in topics:
        assert json.loads(button["payload"].removeprefix("/ask")) == {"question": button["title"]}
    asked = said(topics[0]["payload"], metadata={"title": topics[0]["title"]})
    (answer,), slots = await act(ActionAnswer, asked, question=topics[0]["title"])
    assert answer["response"] == "utter_answer"
    assert slots["last_question"] == topics[0]["title"]


async def test_what_a_button_carries_counts_and_not_its_title(shop):
    pressed = said("/ask", metadata={"title": "Returning something"})
    (message,), slots = await act(ActionAnswer, pressed, question=ENGLISH)
    assert "30 days" in message["answer"]
    assert slots["last_question"] == ENGLISH


@pytest.mark.parametrize(("question", "language"), [(ENGLISH, "zh"), (CHINESE, "en")])
async def test_an_answer_in_the_other_language_says_so(shop, question, language):
    (message,), _ = await act(ActionAnswer, said(question), slots={"language": language})
    assert message["response"] == "utter_answer_other_language"
    assert "30" in message["answer"]


@pytest.mark.parametrize(
    ("before", "price"), [("What does the return label cost?", "£2.95"), ("What does a diagnosis cost?", "£25")]
)
async def test_a_follow_up_reads_the_question_before_it(shop, before, price):
    held = {"language": "en", "last_question": before}
    (message,), _ = await act(ActionAnswer, said("And how much is it exactly?"), slots=held)
    assert price in message["answer"]


@pytest.mark.parametrize(
    "text",
    ["", "   ", "👍", "?" * 5000, "退" * 5000, "'; DROP TABLE tickets; --", "<b>x</b>"],
    ids=lambda text: text[:9],
)
async def test_any_text_gets_a_reply(shop, text):
    messages, slots = await act(ActionAnswer, said(text))
    assert [m["response"] for m in messages] == ["utter_unknown"]
    assert slots["offer"] == "person"
