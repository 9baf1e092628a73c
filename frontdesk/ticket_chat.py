"""A conversation in a terminal: the customer's lines as they come, and each typed line to the customer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import Any

from frontdesk.conversation_client import ServerAwayError
from frontdesk.ticket_desk import Shown, TicketDesk
from textkit.errors import FrontdeskError

POLL = 1.0  # seconds


class Follower:
    """Calls `tell` with each new entry of a conversation, in order."""

    def __init__(self, desk: TicketDesk, shown: Shown, tell: Callable[[dict[str, Any]], None]) -> None:
        self._desk = desk
        self._conversation = shown.ticket.conversation_id
        self._seen = {entry.get("id") for entry in shown.entries}
        self._tell = tell

    def poll(self) -> dict[str, Any]:
        """Look once; returns the conversation."""
        live = self._desk.client.look(self._conversation)
        for entry in live["entries"]:
            if entry["id"] not in self._seen:
                self._seen.add(entry["id"])
                self._tell(entry)
        return live

    def follow(self, stop: threading.Event, warn: Callable[[str], None]) -> None:
        """Look again and again; says once when the server goes away, and once when it is back."""
        away = False
        while not stop.wait(POLL):
            try:
                self.poll()
            except ServerAwayError as error:
                if not away:
                    warn(f"{error.message} Trying again.")
                away = True
            except FrontdeskError as error:
                warn(str(error))
                return
            else:
                if away:
                    warn("The server answers again.")
                away = False


def chat(
    desk: TicketDesk, shown: Shown, name: str, lines: Iterable[str], tell: Callable[[str], None], follower: Follower
) -> None:
    """Send each line until there are no more; raises FrontdeskError when the ticket is no longer `name`'s."""
    stop = threading.Event()
    watching = threading.Thread(target=follower.follow, args=(stop, tell), daemon=True)
    watching.start()
    try:
        for line in lines:
            if line.strip():
                _send(desk, shown.ticket.reference, name, line, tell)
    finally:
        stop.set()
        watching.join(POLL)


def _send(desk: TicketDesk, reference: str, name: str, line: str, tell: Callable[[str], None]) -> None:
    """A line that does not arrive is said to; the chat goes on."""
    try:
        desk.reply(reference, name, line)
    except ServerAwayError as error:
        tell(f"Not sent. {error}")
