"""Events to Rasa's event broker, after they are on disk, in batches.

An event is marked once the broker took it: a kill loses none. Between the broker's taking it and the mark one may be
sent again, so each carries `event_id` ("conversation:sequence"), by which a consumer knows it.
"""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from sqlalchemy.engine import Connection

from bot.stores.database import Database
from bot.stores.schema import events

logger = logging.getLogger(__name__)
BATCH = 500
WAIT = 1.0  # seconds until a broker that failed is tried again; doubled up to a minute


class Publisher:
    """A task in the background; begins with what an earlier process left behind."""

    def __init__(self, database: Database, broker: EventBroker) -> None:
        self._database = database
        self._broker = broker
        self._wanted = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """There are new events."""
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())
        self._wanted.set()

    async def _run(self) -> None:
        wait = WAIT
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                while await self.publish_batch():
                    pass
                wait = WAIT
            except Exception:
                logger.exception("the event broker took no events; trying again")
                await asyncio.sleep(wait)
                wait = min(2 * wait, 60.0)
                self._wanted.set()

    async def publish_batch(self) -> int:
        """Publish the oldest unpublished events; returns how many there were."""
        rows = await asyncio.to_thread(self._database.read, _unpublished)
        if not rows:
            return 0
        for row in rows:
            body: dict[str, Any] = {"sender_id": row.conversation, "event_id": f"{row.conversation}:{row.sequence}"}
            self._broker.publish({**json.loads(row.data), **body})
        ids = [row.id for row in rows]
        await self._database.write(lambda c: _mark(c, ids))
        return len(rows)


def _unpublished(connection: Connection) -> list[Any]:
    return list(
        connection.execute(sa.select(events).where(events.c.published == sa.false()).order_by(events.c.id).limit(BATCH))
    )


def _mark(connection: Connection, ids: list[int]) -> None:
    connection.execute(events.update().where(events.c.id.in_(ids)).values(published=True))
