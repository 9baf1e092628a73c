"""Rasa's tracker store on Frontdesk's conversations' database: append only, one transaction a turn.

A turn reads nothing when this process wrote last: the tracker stays in memory, and one indexed row says whether it is
still the newest. A session that grows long is opened anew in memory: an opening that sets its slots stands for the
events further back, so that turn 500 costs what turn 5 does. On disk every event stays.
"""

from __future__ import annotations

import asyncio
import dataclasses
import itertools
import json
import logging
import time
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Connection

from bot.stores.database import Database, open_database
from bot.stores.publisher import Publisher
from bot.stores.schema import conversations, events
from bot.stores.turn import current_turn
from textkit.errors import FrontdeskError
from textkit.settings import anchored

logger = logging.getLogger(__name__)
_HEAD = sa.select(conversations.c.sequence, conversations.c.session).where(conversations.c.id == sa.bindparam("of"))
_INSERT_HEAD = conversations.insert()
_UPDATE_HEAD = conversations.update().where(
    conversations.c.id == sa.bindparam("of"), conversations.c.sequence == sa.bindparam("before")
)
_INSERT_EVENTS = events.insert()
REMEMBERED = 2000  # conversations in memory
LONG = 240  # events in memory from which a session is opened anew, and what it keeps then: about 30 and 12 turns
KEPT = 100


class ConflictError(FrontdeskError):
    """Somebody else has written to the conversation since it was read."""


@dataclasses.dataclass(frozen=True)
class Place:
    """Where a tracker stands in its conversation: its first `written` events are on disk."""

    sequence: int
    session: int
    written: int


class ConversationStore(TrackerStore):
    """`type: bot.stores.tracker.ConversationStore` in endpoints.yml; `db` is an SQLAlchemy URL."""

    keeps_every_turn = True  # bot/engine/store_errors.py: an error here ends the turn instead of hiding it in memory

    def __init__(
        self, domain: Domain | None = None, event_broker: EventBroker | None = None, db: str = "", **kwargs: Any
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self.database: Database = open_database(anchored(db) if db else None)
        self._known: OrderedDict[str, DialogueStateTracker] = OrderedDict()
        self._publisher = Publisher(self.database, event_broker) if event_broker else None

    @property
    def domain(self) -> Domain:
        """Of the model in service."""
        return self._domain

    @domain.setter
    def domain(self, domain: Domain | None) -> None:
        self._domain = domain or Domain.empty()
        self._known = OrderedDict()  # trackers hold the slots of the domain that they were made for

    async def create_tracker(self, sender_id: str, append_action_listen: bool = True) -> DialogueStateTracker:
        """A tracker in memory; unlike rasa's it is on disk only once its first turn is."""
        tracker = self.init_tracker(sender_id)
        if append_action_listen:
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        return tracker

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The current session, or None when nothing of the conversation is on disk.

        The tracker in memory is handed out, not copied: it comes back by `save`, and a turn that fails before leaves
        nothing behind.
        """
        known = self._known.pop(sender_id, None)
        head = await self.database.fetch_row(_HEAD, of=sender_id)
        if head is None:
            return None
        if known is not None and _place(known).sequence == head.sequence:
            return known
        return self._restore(sender_id, *await self.database.fetch(lambda c: _read_session(c, sender_id)))

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """Every event of every session."""
        rows = await asyncio.to_thread(self.database.read, lambda c: _read_all(c, conversation_id))
        return self._tracker(conversation_id, rows) if rows else None

    async def whole(self, tracker: DialogueStateTracker) -> list[dict[str, Any]]:
        """Every event of a conversation in the middle of a turn: those on disk, then the new ones of `tracker`."""
        place = await self._place_of(tracker)
        rows = await asyncio.to_thread(self.database.read, lambda c: _read_all(c, tracker.sender_id))
        return [*rows, *(e.as_dict() for e in itertools.islice(tracker.events, place.written, None))]

    async def exists(self, conversation_id: str) -> bool:
        """Whether anything of the conversation is on disk."""
        return await self.database.fetch_row(_HEAD, of=conversation_id) is not None

    async def keys(self) -> Iterable[str]:
        """The ids of all conversations."""
        query = sa.select(conversations.c.id).order_by(conversations.c.id)
        return await asyncio.to_thread(self.database.read, lambda c: list(c.execute(query).scalars()))

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Append what is new, with the turn's replies, in one transaction; raises ConflictError when it is too late."""
        place = await self._place_of(tracker)
        fresh = list(itertools.islice(tracker.events, place.written, None))
        turn = current_turn(tracker.sender_id)
        if not fresh and turn is None:
            self._remember(tracker, place)
            return
        if turn is not None:
            turn.end(paused=tracker.is_paused())
        rows, session = _rows(tracker.sender_id, fresh, place, published=self._publisher is None)
        after = Place(place.sequence + len(fresh), session, len(tracker.events))
        opening = _open_anew(tracker, after, new_session=session != place.session)

        def job(connection: Connection) -> None:
            _append(connection, tracker.sender_id, place, after, rows, opening)
            if turn is not None:
                turn.keep(connection)

        await self.database.write(job)
        if turn is not None:
            turn.stored = True
        if opening is not None:
            kept = itertools.islice(tracker.events, opening.dropped, None)
            tracker = self._tracker(tracker.sender_id, [*opening.events, *(e.as_dict() for e in kept)])
        self._remember(tracker, dataclasses.replace(after, written=len(tracker.events)))
        if self._publisher is not None:
            self._publisher.wake()

    async def _place_of(self, tracker: DialogueStateTracker) -> Place:
        """Where `tracker` stands; one from elsewhere begins with what is on disk, as in rasa's store."""
        place: Place | None = getattr(tracker, "frontdesk_place", None)
        if place is not None:
            return place
        head = await self.database.fetch_row(_HEAD, of=tracker.sender_id)
        if head is None:
            return Place(0, 0, 0)
        stored = await self.retrieve(tracker.sender_id)
        return Place(head.sequence, head.session, len(stored.events) if stored else 0)

    def _restore(self, sender_id: str, head: Any, rows: Sequence[dict[str, Any]]) -> DialogueStateTracker:
        tracker = self._tracker(sender_id, [*json.loads(head.opening), *rows])
        tracker.frontdesk_place = Place(head.sequence, head.session, len(tracker.events))
        return tracker

    def _tracker(self, sender_id: str, rows: Sequence[dict[str, Any]]) -> DialogueStateTracker:
        return DialogueStateTracker.from_dict(sender_id, list(rows), self.domain.slots)

    def _remember(self, tracker: DialogueStateTracker, place: Place) -> None:
        tracker.frontdesk_place = place
        self._known[tracker.sender_id] = tracker
        self._known.move_to_end(tracker.sender_id)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)


@dataclasses.dataclass(frozen=True)
class Opening:
    """Events that stand for the first `dropped` ones of a tracker; what follows begins at `sequence`."""

    events: list[dict[str, Any]]
    dropped: int
    sequence: int


def _open_anew(tracker: DialogueStateTracker, after: Place, *, new_session: bool) -> Opening | None:
    """What the next turn need not read: earlier sessions, and the far end of a long one."""
    listed = list(tracker.events)
    if new_session:
        cut = max(n for n, e in enumerate(listed) if isinstance(e, SessionStarted))
        before = listed[cut - 1] if cut else None
        cut -= isinstance(before, ActionExecuted) and before.action_name == ACTION_SESSION_START_NAME
        return Opening([], cut, _sequence_at(after, cut)) if cut else None
    if len(listed) <= LONG:
        return None
    for cut in range(len(listed) - KEPT, 0, -1):
        if isinstance(listed[cut], UserUttered):
            before = DialogueStateTracker.from_events(tracker.sender_id, listed[:cut], tracker.slots.values())
            if (
                before.active_loop is None
                and not before.is_paused()
                and before.latest_action_name == ACTION_LISTEN_NAME
            ):
                return Opening(_opening_events(before, listed[cut]), cut, _sequence_at(after, cut))
    return None


def _sequence_at(after: Place, position: int) -> int:
    return after.sequence - (after.written - position) + 1


def _opening_events(before: DialogueStateTracker, following: Event) -> list[dict[str, Any]]:
    """A session start that carries the slots over, as rasa's own does, all of the time of what follows."""
    moment = following.timestamp
    slots = [SlotSet(s.name, s.value, moment) for s in before.slots.values() if s.value != s.initial_value]
    made: list[Event] = [
        ActionExecuted(ACTION_SESSION_START_NAME, timestamp=moment),
        SessionStarted(moment),
        *slots,
        ActionExecuted(ACTION_LISTEN_NAME, timestamp=moment),
    ]
    return [event.as_dict() for event in made]


def _rows(
    conversation: str, fresh: Sequence[Event], place: Place, *, published: bool
) -> tuple[list[dict[str, Any]], int]:
    session, rows = place.session, []
    for sequence, event in enumerate(fresh, place.sequence + 1):
        session += isinstance(event, SessionStarted)
        rows.append(
            {
                "conversation": conversation,
                "sequence": sequence,
                "session": session,
                "kind": event.type_name,
                "timestamp": event.timestamp or time.time(),
                "data": json.dumps(event.as_dict(), ensure_ascii=False),
                "published": published,
            }
        )
    return rows, session


def _append(
    connection: Connection,
    conversation: str,
    place: Place,
    after: Place,
    rows: Sequence[dict[str, Any]],
    opening: Opening | None,
) -> None:
    values: dict[str, Any] = {"sequence": after.sequence, "session": after.session, "updated_at": time.time()}
    if opening is not None:
        values |= {"opened_at": opening.sequence, "opening": json.dumps(opening.events, ensure_ascii=False)}
    if place.sequence == 0:
        connection.execute(_INSERT_HEAD, {"id": conversation, "opened_at": 1, "opening": "[]", **values})
    else:
        here = {"of": conversation, "before": place.sequence}
        if connection.execute(_UPDATE_HEAD, {**values, **here}).rowcount != 1:
            raise ConflictError(
                "Another process has written to the conversation.", "Let one conversation go to one server."
            )
    if rows:
        connection.execute(_INSERT_EVENTS, rows)


def _read_session(connection: Connection, conversation: str) -> tuple[Any, list[dict[str, Any]]]:
    head = connection.execute(sa.select(conversations).where(conversations.c.id == conversation)).one()
    wanted = sa.and_(events.c.conversation == conversation, events.c.sequence >= head.opened_at)
    query = sa.select(events.c.data).where(wanted).order_by(events.c.sequence)
    return head, [json.loads(data) for data in connection.execute(query).scalars()]


def _read_all(connection: Connection, conversation: str) -> list[dict[str, Any]]:
    query = sa.select(events.c.data).where(events.c.conversation == conversation).order_by(events.c.sequence)
    return [json.loads(data) for data in connection.execute(query).scalars()]


def _place(tracker: DialogueStateTracker) -> Place:
    place: Place = tracker.frontdesk_place
    return place
