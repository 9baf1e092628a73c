"""The turn that is being handled: what it was said and what it answers, kept with its events in one transaction."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any


@dataclasses.dataclass
class Turn:
    """A message of a customer on its way. `replies` grows while the bot speaks; `stored` once all of it is on disk."""

    conversation: str
    message_id: str
    replies: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    stored: bool = False


_current: ContextVar[Turn | None] = ContextVar("turn", default=None)


def current_turn(conversation: str) -> Turn | None:
    """The turn of `conversation` that this task handles."""
    turn = _current.get()
    return turn if turn and turn.conversation == conversation else None


@contextmanager
def handling(turn: Turn) -> Iterator[None]:
    """Within the block, what the tracker store saves for the conversation belongs to `turn`."""
    token = _current.set(turn)
    try:
        yield
    finally:
        _current.reset(token)
