"""What a person on the business's side said or did in a conversation, each once."""

from __future__ import annotations

import dataclasses
import time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.stores.database import Database
from bot.stores.schema import pushed

JOINED, LEFT, SPOKEN = "operator_joined", "operator_left", "operator_message"
_OF = pushed.c.conversation == sa.bindparam("of_conversation")
_FIND = sa.select(pushed.c.id).where(_OF, pushed.c.push_id == sa.bindparam("of_push"))
_LAST = (
    sa.select(sa.func.max(pushed.c.id))
    .where(_OF, pushed.c.event.in_([sa.literal_column(f"'{JOINED}'"), sa.literal_column(f"'{LEFT}'")]))
    .scalar_subquery()
)
_CAME_OR_WENT = sa.select(pushed.c.event, pushed.c.name).where(pushed.c.id == _LAST)
_LATEST = sa.select(pushed).where(_OF).order_by(pushed.c.id.desc())


@dataclasses.dataclass
class Push:
    """One event of a person; stands where a turn does while it is put into the tracker (bot/stores/turn.py)."""

    conversation: str
    push_id: str
    event: str
    name: str
    text: str
    at: float = dataclasses.field(default_factory=time.time)
    stored: bool = False

    def end(self, *, paused: bool) -> None:
        """Nothing: the bot owes no reply."""

    def keep(self, connection: Connection) -> None:
        """Write it, in the transaction of its events."""
        values = {key: value for key, value in dataclasses.asdict(self).items() if key not in ("at", "stored")}
        connection.execute(pushed.insert(), {**values, "pushed_at": self.at})


async def is_known(database: Database, conversation: str, push_id: str) -> bool:
    """Whether the conversation has this event already."""
    return await database.fetch_row(_FIND, of_conversation=conversation, of_push=push_id) is not None


async def operator_of(database: Database, conversation: str) -> str | None:
    """The name of the person who has the conversation, if one has."""
    row = await database.fetch_row(_CAME_OR_WENT, of_conversation=conversation)
    return str(row.name) if row is not None and row.event == JOINED else None


async def latest(database: Database, conversation: str, count: int) -> list[Push]:
    """The last `count` events of persons in the conversation, in order."""
    query = _LATEST.limit(count)
    rows: list[Any] = await database.fetch(lambda c: c.execute(query, {"of_conversation": conversation}).all())
    return [Push(r.conversation, r.push_id, r.event, r.name, r.text, r.pushed_at, stored=True) for r in reversed(rows)]
