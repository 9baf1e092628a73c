import pytest
from sqlalchemy import select

from actions.feedback import ActionFeedback
from actions.store.models import Feedback
from tests.actions.conversing import act, replied, said

CITATIONS = [{"id": "1", "document_id": "returns", "title": "Returns", "quote": "30 days", "start": 4, "end": 11}]
CUSTOM = {"frontdesk": {"kind": "answer", "answer_id": "abc", "question": "How long?", "citations": CITATIONS}}
EVENTS = [said("How long?"), replied("30 days [1]", custom=CUSTOM), said("/feedback", metadata={"title": "👍"})]


def votes(shop):
    with shop.database.read() as session:
        return session.scalars(select(Feedback)).all()


@pytest.mark.parametrize(("vote", "offer"), [("up", None), ("down", "person")])
async def test_a_vote_is_kept_with_the_answer_it_is_about(shop, vote, offer):
    messages, slots = await act(ActionFeedback, *EVENTS, answer_id="abc", vote=vote)
    assert [m["response"] for m in messages] == [f"utter_feedback_{vote}"]
    assert slots == {"offer": offer}
    (row,) = votes(shop)
    assert (row.vote, row.answer_id, row.conversation_id) == (vote, "abc", "web-1")
    assert (row.question, row.answer, row.citations) == ("How long?", "30 days [1]", CITATIONS)


async def test_the_second_thought_counts(shop):
    await act(ActionFeedback, *EVENTS, answer_id="abc", vote="up")
    await act(ActionFeedback, *EVENTS, answer_id="abc", vote="down")
    assert [row.vote for row in votes(shop)] == ["down"]


async def test_a_comment_is_kept_with_its_vote(shop):
    await act(ActionFeedback, *EVENTS, answer_id="abc", vote="down")
    commented = [*EVENTS[:-1], said("/feedback", metadata={"title": "👎", "comment": "Not what I asked"})]
    messages, slots = await act(ActionFeedback, *commented, answer_id="abc", vote="down")
    assert ([m["response"] for m in messages], slots) == (["utter_feedback_noted"], {})
    assert [(row.vote, row.comment) for row in votes(shop)] == [("down", "Not what I asked")]
    await act(ActionFeedback, *EVENTS, answer_id="abc", vote="up")
    assert [(row.vote, row.comment) for row in votes(shop)] == [("up", "Not what I asked")]


@pytest.mark.parametrize(
    "entities",
    [
        {},
        {"answer_id": "abc"},
        {"vote": "up"},
        {"answer_id": "of another conversation", "vote": "up"},
        {"answer_id": "abc", "vote": "sideways"},
        {"answer_id": "", "vote": "up"},
        {"answer_id": "abc", "vote": ""},
    ],
    ids=str,
)
async def test_a_vote_on_nothing_is_passed_over(shop, entities):
    assert await act(ActionFeedback, *EVENTS, **entities) == ([], {})
    assert votes(shop) == []
