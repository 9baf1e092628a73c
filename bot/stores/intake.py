"""Messages of customers: kept before they are acknowledged, handled once; their replies kept with the turn."""

from __future__ import annotations

import dataclasses
import json
import time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from bot.stores.database import Database
from bot.stores.schema import messages

Replies = list[dict[str, Any]]
# Made once: SQLAlchemy takes longer to put a statement together than SQLite to run it.
_HERE = sa.and_(
    messages.c.conversation == sa.bindparam("of_conversation"), messages.c.message_id == sa.bindparam("of_message")
)
_FIND = sa.select(messages).where(_HERE)
_LATEST = sa.select(messages).where(messages.c.conversation == sa.bindparam("of")).order_by(messages.c.id.desc())
_ID = sa.select(messages.c.id).where(_HERE).scalar_subquery()
_LATER = sa.select(sa.func.count().label("number")).where(
    messages.c.conversation == sa.bindparam("of_conversation"), messages.c.id > _ID
)
_FINISH = messages.update().where(_HERE).values(replies=sa.bindparam("new_replies"))
_INSERT = {
    "sqlite": sqlite.insert(messages).on_conflict_do_nothing().inline(),
    "postgresql": postgresql.insert(messages).on_conflict_do_nothing().inline(),
}
MAX_ATTEMPTS = 3  # a message that ends the process each time must not keep it from starting
KEPT_DAYS = 7
ABANDONED_SECONDS = 300  # a message of another server that is open for so long has lost it


@dataclasses.dataclass(frozen=True)
class Accepted:
    """A message that is on disk; `replies` is None until its turn is over.

    `fresh` when it came for the first time; `spent` when processes ended so often while handling it that no other
    shall try.
    """

    conversation: str
    message_id: str
    body: dict[str, Any]
    replies: Replies | None
    at: float = dataclasses.field(default=0.0, compare=False)
    fresh: bool = dataclasses.field(default=False, compare=False)
    spent: bool = dataclasses.field(default=False, compare=False)


class Intake:
    """The table of messages; `server` names this process among those that share the database, restarts included."""

    def __init__(self, database: Database, server: str) -> None:
        self._database = database
        self._server = server

    async def accept(self, conversation: str, message_id: str, body: dict[str, Any]) -> Accepted:
        """Keep a message; one that came before is returned as it was, with its replies when it has some."""
        known = await self.find(conversation, message_id)
        if known is not None:
            return known
        return await self._database.write(lambda c: _insert(c, conversation, message_id, body, self._server))

    async def find(self, conversation: str, message_id: str) -> Accepted | None:
        """A message of the conversation, if it is kept."""
        row = await self._database.fetch_row(_FIND, of_conversation=conversation, of_message=message_id)
        return _accepted(row) if row is not None else None

    async def latest(self, conversation: str, count: int) -> list[Accepted]:
        """The last `count` messages of the conversation, in order."""
        query = _LATEST.limit(count)
        rows = await self._database.fetch(lambda c: c.execute(query, {"of": conversation}).all())
        return [_accepted(row) for row in reversed(rows)]

    async def later(self, conversation: str, message_id: str) -> int:
        """How many messages came after this one."""
        row = await self._database.fetch_row(_LATER, of_conversation=conversation, of_message=message_id)
        return int(row.number)

    async def give_up(self, message: Accepted, replies: Replies) -> Replies:
        """End a message whose turn failed or said nothing; replies that are kept already stay."""
        return await self._database.write(
            lambda c: finish(c, message.conversation, message.message_id, replies, only_if_silent=True)
        )

    async def unfinished(self) -> list[Accepted]:
        """Messages that a stopped process left behind, in order; counts the attempt, and marks those that are spent."""
        return await self._database.write(lambda c: _take_unfinished(c, self._server))

    async def forget_old(self) -> None:
        """Remove finished messages of more than KEPT_DAYS days ago: nobody sends them again."""
        old = sa.and_(messages.c.replies.is_not(None), messages.c.accepted_at < time.time() - KEPT_DAYS * 86400)
        await self._database.write(lambda c: c.execute(messages.delete().where(old)).rowcount)


def finish(
    connection: Connection, conversation: str, message_id: str, replies: Replies, *, only_if_silent: bool = False
) -> Replies:
    """Write the replies of a message and so end it; returns those that count."""
    if only_if_silent:
        found = _find(connection, conversation, message_id)
        if found and found.replies:
            return found.replies
    values = {"of_conversation": conversation, "of_message": message_id}
    connection.execute(_FINISH, {**values, "new_replies": json.dumps(replies, ensure_ascii=False)})
    return replies


def _find(connection: Connection, conversation: str, message_id: str) -> Accepted | None:
    row = connection.execute(_FIND, {"of_conversation": conversation, "of_message": message_id}).one_or_none()
    return _accepted(row) if row else None


def _insert(connection: Connection, conversation: str, message_id: str, body: dict[str, Any], server: str) -> Accepted:
    now = time.time()
    values = {
        "conversation": conversation,
        "message_id": message_id,
        "body": json.dumps(body, ensure_ascii=False),
        "accepted_at": now,
        "attempts": 0,
        "server": server,
    }
    if connection.execute(_INSERT[connection.dialect.name], values).rowcount == 1:
        return Accepted(conversation, message_id, body, None, now, fresh=True)
    found = _find(connection, conversation, message_id)  # the same message was waiting in the queue
    assert found
    return found


def _take_unfinished(connection: Connection, server: str) -> list[Accepted]:
    lost = sa.or_(messages.c.server == server, messages.c.accepted_at < time.time() - ABANDONED_SECONDS)
    ours = sa.and_(messages.c.replies.is_(None), lost)
    connection.execute(messages.update().where(ours).values(attempts=messages.c.attempts + 1, server=server))
    return [_accepted(row) for row in connection.execute(sa.select(messages).where(ours).order_by(messages.c.id))]


def _accepted(row: Any) -> Accepted:
    replies = json.loads(row.replies) if row.replies is not None else None
    spent = row.attempts > MAX_ATTEMPTS
    return Accepted(row.conversation, row.message_id, json.loads(row.body), replies, row.accepted_at, spent=spent)
