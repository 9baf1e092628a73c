"""Rooms of python-socketio 5.10 and later.

`AsyncServer.enter_room` became a coroutine there, and rasa's Socket.IO channel calls it without `await`: with
`session_persistence` nobody enters the session's room, so no customer gets an answer. A task in its place runs whether
or not it is awaited.
"""

import asyncio
from typing import Any

import rasa.core.channels.socketio
from socketio import AsyncServer


class _RoomServer(AsyncServer):
    def enter_room(self, *args: Any, **kwargs: Any) -> "asyncio.Task[None]":
        return asyncio.ensure_future(super().enter_room(*args, **kwargs))


def mend() -> None:
    """Make rasa's Socket.IO channel use servers whose rooms are entered at once."""
    rasa.core.channels.socketio.AsyncServer = _RoomServer
