"""Thumbs up or down on an answer."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import custom_of, entity, offering
from actions.services import services
from actions.store.feedback import save_feedback


class ActionFeedback(Action):
    """Stores the vote with the answer it is about, and the comment that the customer adds to it."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_feedback"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """A vote on an answer that this conversation did not get is passed over."""
        answer_id, vote = entity(tracker, "answer_id"), entity(tracker, "vote")
        said = next((e for e in tracker.events if custom_of(e).get("answer_id") == answer_id), None)
        if answer_id is None or said is None or vote not in ("up", "down"):
            return []
        comment = (tracker.latest_message.get("metadata") or {}).get("comment")
        await asyncio.to_thread(_save, tracker.sender_id, answer_id, vote, comment, said)
        if comment:  # the vote itself came before it, and has been answered
            dispatcher.utter_message(response="utter_feedback_noted")
            return []
        dispatcher.utter_message(response=f"utter_feedback_{vote}")
        return offering(tracker, "person" if vote == "down" else None)


def _save(conversation_id: str, answer_id: str, vote: Any, comment: str | None, said: dict[str, Any]) -> None:
    custom = custom_of(said)
    with services().database.write() as session:
        save_feedback(
            session,
            conversation_id=conversation_id,
            answer_id=answer_id,
            vote=vote,
            question=str(custom.get("question", "")),
            answer=str(said.get("text", "")),
            citations=list(custom.get("citations", [])),
            comment=comment,
        )
