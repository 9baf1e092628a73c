import asyncio

import pytest
import rasa.core.channels.socketio
import socketio
from rasa.core.channels.socketio import SocketIOInput


async def rooms_after_session_request() -> list[str]:
    """The rooms of a customer who asked for the session `ada`."""

    async def ignore(message: object) -> None: ...

    channel = SocketIOInput(session_persistence=True)
    channel.blueprint(ignore)
    sid = await channel.sio.manager.connect("connection", "/")
    await channel.sio.handlers["/"]["session_request"](sid, {"session_id": "ada"})
    await asyncio.sleep(0)
    return [room for room in channel.sio.rooms(sid) if room != sid]


def test_a_customer_of_the_stock_channel_never_enters_the_room(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(rasa.core.channels.socketio, "AsyncServer", socketio.AsyncServer)
    with pytest.warns(RuntimeWarning, match=r"AsyncServer\.enter_room' was never awaited"):
        assert asyncio.run(rooms_after_session_request()) == []


def test_a_customer_of_the_mended_channel_enters_the_room():
    assert asyncio.run(rooms_after_session_request()) == ["ada"]
