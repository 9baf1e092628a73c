"""What is being handled: a customer's message and what it is answered, kept with its events in one transaction."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

from sqlalchemy.engine import Connection

from bot.stores.intake import finish


class Doing(Protocol):
    """What a task does in a conversation; `stored` once all of it is on disk."""

    conversation: str
    stored: bool

    def end(self, *, paused: bool) -> None:
        """Nothing more is said in it; whether a person has the conversation."""

    def keep(self, connection: Connection) -> None:
        """Write it, in the transaction of its events."""


@dataclasses.dataclass
class Turn:
    """A message of a customer on its way. `replies` grows while the bot speaks.

    `pressed`: it is a button's payload, which the server has looked up itself. `apology` makes the reply of a turn in
    which the bot said nothing though nobody else has the conversation.
    """

    conversation: str
    message_id: str
    replies: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    stored: bool = False
    pressed: bool = False
    silent: bool = False
    apology: Callable[[], dict[str, Any]] | None = None

    def end(self, *, paused: bool) -> None:
        """See Doing."""
        self.silent = paused
        if not self.replies and not paused and self.apology is not None:
            self.replies.append(self.apology())

    def keep(self, connection: Connection) -> None:
        """See Doing."""
        finish(connection, self.conversation, self.message_id, self.replies)


_current: ContextVar[Doing | None] = ContextVar("turn", default=None)


def current_turn(conversation: str) -> Doing | None:
    """What this task does in `conversation`."""
    turn = _current.get()
    return turn if turn and turn.conversation == conversation else None


@contextmanager
def handling(turn: Doing) -> Iterator[None]:
    """Within the block, what the tracker store saves for the conversation belongs to `turn`."""
    token = _current.set(turn)
    try:
        yield
    finally:
        _current.reset(token)
