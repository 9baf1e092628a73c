"""A question to the knowledge: the answer with its citations, or "I don't know" and a way on."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import entity, idempotency_key, language_of, latest_text, offering
from actions.page import about_the_page
from actions.services import services
from actions.store.effects import once
from actions.store.questions import save_unanswered
from knowledge.answerer import Answer
from knowledge.follow_up import continues
from textkit.language import Language

PERSON = {"en": "Talk to a person", "zh": "转人工"}


class ActionAnswer(Action):
    """Answers the latest message, or the question that a topic button carries."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_answer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Reply, and remember the question for the one that follows."""
        _, events = await answer_question(dispatcher, tracker)
        return events


async def answer_question(
    dispatcher: CollectingDispatcher, tracker: Tracker, *, says_unknown: bool = True
) -> tuple[Answer, list[dict[str, Any]]]:
    """Answer the latest message, or the question that a button carries; the answer and the slots it sets.

    Without `says_unknown` an abstention is stored but not spoken of: the caller has more to say.
    """
    language, previous = language_of(tracker), tracker.get_slot("last_question")
    offered = entity(tracker, "question")
    question: str = offered if offered else await asyncio.to_thread(_asked, tracker, language)
    # A follow-up leaves the topic as it was, for the next one: "and Edinburgh?", "what about London?"
    topic = previous if previous and continues(question, language) else question
    answer = await asyncio.to_thread(lambda: services().answerer().answer(question, language, previous))
    if answer.abstained:
        await asyncio.to_thread(_remember, tracker.sender_id, question, answer)
        if says_unknown:
            dispatcher.utter_message(response="utter_unknown", buttons=_ways_on(answer.topics, language))
        return answer, [*offering(tracker, "person"), SlotSet("last_question", topic)]
    crosses = answer.source_language != language
    dispatcher.utter_message(
        response="utter_answer_other_language" if crosses else "utter_answer",
        answer=answer.answer,
        json_message={"frontdesk": _for_widget(answer, question)},
    )
    return answer, [*offering(tracker, None), SlotSet("last_question", topic)]


def _asked(tracker: Tracker, language: Language) -> str:
    """What was said, "this" being the product on the customer's page."""
    if not (tracker.latest_message.get("metadata") or {}).get("product"):
        return latest_text(tracker)
    with services().database.read() as session:
        return about_the_page(session, latest_text(tracker), language, tracker.latest_message)


def _ways_on(topics: list[str], language: Language) -> list[dict[str, str]]:
    payload = {topic: "/ask" + json.dumps({"question": topic}, ensure_ascii=False) for topic in topics}
    buttons = [{"title": topic, "payload": payload[topic]} for topic in topics]
    return [*buttons, {"title": PERSON[language], "payload": "/human"}]


def _for_widget(answer: Answer, question: str) -> dict[str, Any]:
    """What the page needs beside the text; no score and no path."""
    answer_id = uuid.uuid4().hex
    votes = {vote: "/feedback" + json.dumps({"answer_id": answer_id, "vote": vote}) for vote in ("up", "down")}
    citations = [
        {"id": c.id, "document_id": c.document_id, "title": c.title, "quote": c.quote, "start": c.start, "end": c.end}
        for c in answer.citations
    ]
    return {"kind": "answer", "answer_id": answer_id, "question": question, "citations": citations, "votes": votes}


def _remember(conversation_id: str, question: str, answer: Answer) -> None:
    passages = [{"id": p.id, "source": p.source, "score": p.score} for p in answer.passages]

    def save() -> dict[str, Any]:
        saved = save_unanswered(
            session,
            conversation_id=conversation_id,
            question=question,
            language=answer.language,
            score=answer.score,
            passages=passages,
        )
        return {"id": saved.id}

    with services().database.write() as session:
        once(session, idempotency_key.get(), save)
