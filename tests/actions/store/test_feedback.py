from sqlalchemy import select

from actions.store.feedback import save_feedback
from actions.store.models import Feedback


def vote(session, vote="up", **changes):
    row = {"conversation_id": "c1", "answer_id": "a1", "question": "Opening hours?", "answer": "9:30", "citations": []}
    return save_feedback(session, vote=vote, **{**row, **changes})


def test_a_second_vote_replaces_the_first(database):
    with database.write() as session:
        first = vote(session)
        second = vote(session, "down", comment="The hours are those of London.", citations=[{"document": "stores.md"}])
        assert (first.id, second.vote) == (second.id, "down")
    with database.read() as session:
        kept = session.scalars(select(Feedback)).one()
        assert (kept.vote, kept.comment) == ("down", "The hours are those of London.")
        assert kept.citations == [{"document": "stores.md"}]


def test_other_answers_and_conversations_keep_their_votes(database):
    with database.write() as session:
        ids = {vote(session).id, vote(session, answer_id="a2").id, vote(session, conversation_id="c2").id}
    assert len(ids) == 3
