"""Hand-over to a person: a ticket with the transcript and a reason."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.contact_hours import told
from actions.conversation import language_of, offering, transcript
from actions.services import services
from actions.store.base import utc_now
from actions.store.models.ticket import TicketReason
from actions.store.tickets import create_ticket, open_ticket_of


class ActionHandoff(Action):
    """Opens a ticket and tells the customer its reference, and when somebody is there."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_handoff"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """One ticket at a time, however often the customer asks or rasa calls."""
        # The bot offers a person when it does not know or may not; whoever asks unprompted has a reason of their own.
        why: TicketReason = tracker.get_slot("offer_reason") or "missing_knowledge"
        reason: TicketReason = why if tracker.get_slot("offer") else "customer_request"
        reference, fresh = await asyncio.to_thread(_open_ticket, tracker, reason)
        dispatcher.utter_message(
            response="utter_handoff" if fresh else "utter_handoff_again",
            reference=reference,
            presence=told(language_of(tracker), utc_now()),
            json_message={"frontdesk": {"kind": "handoff", "reference": reference}},
        )
        return offering(tracker, None)


def _open_ticket(tracker: Tracker, reason: TicketReason) -> tuple[str, bool]:
    """The reference, and whether this message is the one that opened the ticket."""
    message_id = tracker.latest_message.get("message_id")
    key = f"{tracker.sender_id}/{message_id}"[:128] if message_id else None
    with services().database.write() as session:
        before = open_ticket_of(session, tracker.sender_id)
        ticket = create_ticket(
            session,
            conversation_id=tracker.sender_id,
            reason=reason,
            language=language_of(tracker),
            transcript=transcript(tracker),
            idempotency_key=key,
        )
        return ticket.reference, before is None or (key is not None and before.idempotency_key == key)
