"""What customers and the business's people may do in a conversation, over whichever transport."""

from __future__ import annotations

import logging
from typing import Any

from bot.channels.entries import SHOWN, Entry, all_entries, customer_entry, payload_at, reply_entries, split_button
from bot.channels.frames import Said
from bot.channels.refusals import RefusedError
from bot.channels.sessions import RateLimit, Session, SessionError, Sessions
from bot.channels.sockets import Connection, Hub
from bot.channels.turns import Handler, Turns
from bot.stores import pushed
from bot.stores.database import Database
from bot.stores.intake import Accepted, Replies
from textkit.settings import Settings

logger = logging.getLogger(__name__)
SESSIONS_OF_A_NETWORK = 10  # that may talk at their full rate at the same time
OF_THE_MOMENT = ("/affirm", "/deny")  # buttons that answer the last thing said, and nothing later


class Conversations:
    """The conversations of one channel, and all that shows them."""

    def __init__(
        self, channel: str, current: Settings, sessions: Sessions, database: Database, handler: Handler
    ) -> None:
        self.settings = current
        self.sessions = sessions
        self.hub = Hub()
        self.turns = Turns(channel, database, handler, self)
        self._database = database
        self._opened = RateLimit(current.sessions_per_minute)
        self._said = RateLimit(current.messages_per_minute)
        self._said_by_network = RateLimit(SESSIONS_OF_A_NETWORK * current.messages_per_minute)

    def open_session(self, network: str) -> tuple[str, str]:
        """A new conversation's name and its token; raises RefusedError."""
        if not self._opened.allows(network):
            raise RefusedError("too_many_sessions")
        return self.sessions.issue()

    def session_of(self, token: str) -> Session:
        """What a token says; raises RefusedError."""
        try:
            return self.sessions.read(token)
        except SessionError:
            raise RefusedError("session_expired") from None

    def check_rate(self, conversation: str, network: str, message_id: str | None = None) -> None:
        """Count a message; raises RefusedError when it is one too many."""
        if not (self._said.allows(conversation) and self._said_by_network.allows(network)):
            raise RefusedError("too_many_messages", message_id)

    async def accept(self, conversation: str, network: str, said: Said, source: Connection | None = None) -> Accepted:
        """Keep a message, queue its turn and show it to everybody but its `source`; raises RefusedError."""
        body: dict[str, Any] = {"text": said.text, **said.about, "network": network}
        if said.button is not None:
            known = await self.turns.intake.find(conversation, said.message_id)
            body |= known.body if known else await self._pressed(conversation, said)
        accepted = await self.turns.accept(conversation, said.message_id, body)
        if accepted.fresh:
            self.hub.send(conversation, {"type": "entries", "entries": [customer_entry(accepted)]}, skip=source)
        return accepted

    async def _pressed(self, conversation: str, said: Said) -> dict[str, Any]:
        """Payload and title of a button that this conversation shows; raises RefusedError."""
        button = str(said.button)
        place = split_button(button)
        shown = await self.turns.intake.find(conversation, place[0]) if place else None
        found = payload_at(shown.replies or [], *place[1:]) if shown and place else None
        if not (place and found):
            raise RefusedError("button_expired", said.message_id)
        title, payload = found
        later = await self.turns.intake.later(conversation, place[0])
        if later >= SHOWN or (later and payload in OF_THE_MOMENT):
            raise RefusedError("button_expired", said.message_id)
        return {"text": payload, "title": title, "button": button}

    async def entries(self, conversation: str) -> list[Entry]:
        """The last entries that the conversation shows."""
        messages = await self.turns.intake.latest(conversation, SHOWN)
        return all_entries(messages, await pushed.latest(self._database, conversation, SHOWN))

    async def operator(self, conversation: str) -> str | None:
        """Who has the conversation, when a person has."""
        return await pushed.operator_of(self._database, conversation)

    async def begun(self, message: Accepted) -> None:
        """See Watcher in bot/channels/turns.py."""
        if self.hub.shows(message.conversation) and await self.operator(message.conversation) is None:
            self.hub.send(message.conversation, typing(on=True))

    async def ended(self, message: Accepted, replies: Replies) -> None:
        """See Watcher."""
        if self.hub.shows(message.conversation):
            self.hub.send(message.conversation, *end_of_turn(message, replies))


def typing(*, on: bool, who: str = "bot") -> dict[str, Any]:
    """The frame that says whether somebody is writing."""
    return {"type": "typing", "on": on, "from": who}


def end_of_turn(message: Accepted, replies: Replies) -> list[dict[str, Any]]:
    """The frames that a turn ends with."""
    shown = reply_entries(message.message_id, replies, message.at)
    said = [{"type": "entries", "entries": shown}] if shown else []
    return [typing(on=False), *said, {"type": "done", "id": message.message_id}]
