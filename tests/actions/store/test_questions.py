from sqlalchemy import select

from actions.store.models import UnansweredQuestion
from actions.store.questions import save_unanswered


def test_a_question_is_kept_open_with_its_passages(database):
    with database.write() as session:
        save_unanswered(
            session,
            conversation_id="c1",
            question="Do you sell roasters?",
            language="en",
            score=0.31,
            passages=[{"document": "coffee.md", "score": 0.31}],
        )
    with database.read() as session:
        kept = session.scalars(select(UnansweredQuestion)).one()
    assert (kept.status, kept.score, kept.passages[0]["document"]) == ("open", 0.31, "coffee.md")
