"""Calls of custom actions: over a kept connection, again when the action server was away, and never done twice.

Stock rasa opens a connection for every call, and drops the action when the server is being restarted. Here the call
is repeated for some seconds. Each carries an idempotency key (conversation, message, step), which stays the same when
it is repeated, and when the whole turn is run again after the Rasa server itself was killed: the action server keeps
it with what the action did (actions/once.py).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import TracebackType
from typing import Any

import aiohttp
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import DEFAULT_REQUEST_TIMEOUT, EndpointConfig

from textkit.wire import dumps

logger = logging.getLogger(__name__)
# Seconds before each repetition; together longer than several restarts take on a busy machine. Never longer than a
# second: between two of them the server may be there for a moment only, and a call that nobody takes costs nothing.
PAUSES = (0.1, 0.3, 0.6, *[1.0] * 29)
# These get every event of the conversation, the others what is in memory (bot/stores/tracker.py).
READ_ALL = frozenset({"action_handoff"})
AWAY = (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError)

_whole_conversation: ContextVar[list[dict[str, Any]] | None] = ContextVar("whole_conversation", default=None)
_stock_run = RemoteAction.run
_stock_format = RemoteAction._action_call_format


def mend() -> None:
    """Make remote actions keep their connection, repeat a failed call and carry the key."""
    RemoteAction.run = _run
    RemoteAction._action_call_format = _format
    EndpointConfig.session = _session


async def _run(self: RemoteAction, *args: Any) -> Any:
    for pause in PAUSES:
        try:
            return await _stock_run(self, *args)
        except RasaException as error:
            if not isinstance(error.__cause__ or error.__context__, AWAY):
                raise
            logger.warning("the action server is away; calling %s again in %s s", self.name(), pause)
            await asyncio.sleep(pause)
    return await _stock_run(self, *args)


def _format(self: RemoteAction, tracker: DialogueStateTracker, domain: Any) -> dict[str, Any]:
    body: dict[str, Any] = _stock_format(self, tracker, domain)
    body["idempotency_key"] = idempotency_key(tracker)
    events = _whole_conversation.get()
    if events is not None:
        body["tracker"]["events"] = events
    return body


@contextmanager
def with_whole_conversation(events: list[dict[str, Any]] | None) -> Iterator[None]:
    """Within the block, calls carry these events instead of those that the tracker holds in memory."""
    token = _whole_conversation.set(events)
    try:
        yield
    finally:
        _whole_conversation.reset(token)


def idempotency_key(tracker: DialogueStateTracker) -> str:
    """`conversation:message:step`, the step being the number of actions since the customer's message."""
    step = 0
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return f"{tracker.sender_id}:{event.message_id}:{step}"
        step += isinstance(event, ActionExecuted)
    return f"{tracker.sender_id}::{step}"


class _Kept:
    """A session that survives its `async with`."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self.session = session

    async def __aenter__(self) -> aiohttp.ClientSession:
        return self.session

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None


def _session(self: EndpointConfig) -> _Kept:
    loop = asyncio.get_running_loop()
    kept: tuple[Any, aiohttp.ClientSession] | None = getattr(self, "_frontdesk_session", None)
    if kept is None or kept[0] is not loop or kept[1].closed:
        auth = aiohttp.BasicAuth(self.basic_auth["username"], self.basic_auth["password"]) if self.basic_auth else None
        timeout = aiohttp.ClientTimeout(total=DEFAULT_REQUEST_TIMEOUT)
        kept = (loop, aiohttp.ClientSession(headers=self.headers, auth=auth, timeout=timeout, json_serialize=dumps))
        self._frontdesk_session = kept
    return _Kept(kept[1])
