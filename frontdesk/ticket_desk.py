"""What a person does with a ticket: the database says who has it, the server's conversation who is in it.

The database comes first, so of two people one gets the ticket; what a command that broke off has left undone in the
conversation, the next one does.
"""

from __future__ import annotations

import dataclasses
import getpass
import uuid
from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from actions.store.database import open_database
from actions.store.models.ticket import Ticket
from actions.store.tickets import close_ticket, get_ticket, open_ticket_of, take_ticket
from frontdesk.conversation_client import ConversationClient, ServerAwayError, UnknownConversationError
from textkit.errors import FrontdeskError
from textkit.settings import settings

MAX_NAME, MAX_TEXT = 80, 10_000  # characters
Step = Callable[..., Ticket | None]


@dataclasses.dataclass(frozen=True)
class Shown:
    """A ticket with its conversation; `live` is None when the server does not have it, and `why` says why."""

    ticket: Ticket
    live: dict[str, Any] | None
    why: str = ""

    @property
    def entries(self) -> list[dict[str, Any]]:
        """The conversation: what the server shows, behind what only the ticket still has."""
        stored = self.ticket.transcript
        shown: list[dict[str, Any]] = self.live["entries"] if self.live else []
        if not shown:
            return stored
        first = shown[0]
        earlier = [line for line in stored if (line.get("at") or 0) < first["at"]]
        if earlier and (earlier[-1]["from"], earlier[-1]["text"]) == (first["from"], first["text"]):
            earlier.pop()  # the tracker had it a moment before the channel
        return earlier + shown

    @property
    def online(self) -> bool | None:
        """Whether the customer has the page open, as far as known."""
        return bool(self.live["online"]) if self.live else None


class TicketDesk:
    """The tickets, and the conversations behind them; use it as a context manager."""

    def __init__(self) -> None:
        self.client = ConversationClient()
        self.database = open_database(settings().resolved_database_url)

    def __enter__(self) -> TicketDesk:
        self.database.upgrade()
        return self

    def __exit__(self, *_: object) -> None:
        self.database.close()

    def find(self, reference: str) -> Ticket:
        """The ticket; raises FrontdeskError when there is none."""
        with self.database.read() as session:
            ticket = get_ticket(session, reference)
        if ticket is None:
            raise FrontdeskError(f"There is no ticket {reference.strip()!r}.", "`frontdesk tickets list` shows them.")
        return ticket

    def show(self, ticket: Ticket) -> Shown:
        """The ticket with its conversation, which the ticket stands in for when the server does not have it."""
        try:
            return Shown(ticket, self.client.look(ticket.conversation_id))
        except (ServerAwayError, UnknownConversationError) as error:
            return Shown(ticket, None, error.message)

    def take(self, reference: str, name: str, *, force: bool = False) -> Shown:
        """Make it `name`'s, and the bot silent; does what is missing of that and no more."""
        ticket = self.find(reference)
        live = self.client.look(ticket.conversation_id)
        ticket = self._settle(ticket, name, force, take_ticket)
        if live["operator"] != name:
            self.client.push(ticket.conversation_id, _new_id(), "operator_joined", name)
        return Shown(ticket, {**live, "operator": name})

    def reply(self, reference: str, name: str, text: str, *, force: bool = False) -> Shown:
        """Say something to the customer; takes the ticket when nobody has it."""
        text = checked_text(text)
        shown = self.take(reference, name, force=force)
        self.client.push(shown.ticket.conversation_id, _new_id(), "operator_message", name, text)
        return shown

    def close(self, reference: str, name: str, text: str = "", *, force: bool = False) -> Shown:
        """Say a last thing, close the ticket and let the bot go on; works without a conversation too."""
        if text:
            self.reply(reference, name, text, force=force)
        ticket = self.find(reference)
        try:
            live = self.client.look(ticket.conversation_id)
        except UnknownConversationError as error:
            return Shown(self._settle(ticket, name, force, close_ticket), None, error.message)
        if not self._is_left_in(ticket, live):
            ticket = self._settle(ticket, name, force, close_ticket)
        if live["operator"]:
            self.client.push(ticket.conversation_id, _new_id(), "operator_left", live["operator"])
        return Shown(ticket, {**live, "operator": None})

    def _is_left_in(self, ticket: Ticket, live: dict[str, Any]) -> bool:
        """Whether a command that broke off has closed the ticket and left its person in the conversation."""
        if ticket.status != "closed" or live["operator"] is None or live["operator"] != ticket.operator:
            return False
        with self.database.read() as session:
            return open_ticket_of(session, ticket.conversation_id) is None

    def _settle(self, ticket: Ticket, name: str, force: bool, step: Step) -> Ticket:
        """Take or close it in the database; raises FrontdeskError when it cannot be done."""

        def do(session: Session) -> Ticket | None:
            return step(session, ticket.reference, name, force=force)

        with self.database.write() as session:
            settled = do(session)
        if settled is not None:
            return settled
        now = self.find(ticket.reference)
        if now.status == "closed":
            raise FrontdeskError(f"{now.reference} is closed.", "The customer can ask for a person again.")
        raise FrontdeskError(f"{now.operator} has {now.reference}.", "--force takes it over.")


def operator_name(given: str | None) -> str:
    """The name that customers see: the option, else the setting, else the login name."""
    name = (given if given is not None else settings().operator_name).strip() or _login()
    if not name.isprintable() or not 1 <= len(name) <= MAX_NAME:
        raise FrontdeskError(f"The name has to be 1 to {MAX_NAME} characters, got {name!r}.", "Give --name.")
    return name


def checked_text(text: str) -> str:
    """What may be said to a customer; raises FrontdeskError."""
    text = text.encode("utf-8", "replace").decode().strip()  # the shell hands on bytes that are no text
    if not text:
        raise FrontdeskError("There is nothing to say.", 'Give a text: frontdesk tickets reply T-... "Hello"')
    if len(text) > MAX_TEXT:
        raise FrontdeskError(f"The text has {len(text)} characters; {MAX_TEXT} are allowed.", "Send it in parts.")
    return text


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user without a name
        return ""


def _new_id() -> str:
    return uuid.uuid4().hex
