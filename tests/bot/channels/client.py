"""A customer's client over a real WebSocket."""

import asyncio
import itertools
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

import jwt
import websockets

from tests.bot.channels.serving import SESSION_SECRET, Served

Frame = dict[str, Any]
_numbers = itertools.count(10_000_000)


def new_id() -> str:
    return f"m-{next(_numbers)}"


class Client:
    """Use it as an asynchronous context manager; `frames` has everything that came in."""

    def __init__(self, served: Served, token: str | None = None, **headers: str) -> None:
        self._address = f"ws://127.0.0.1:{served.port}/api/socket"
        self._headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.token = token
        self.frames: list[Frame] = []
        self.welcome: Frame = {}

    async def __aenter__(self) -> "Client":
        await self.open()
        await self.hello()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.socket.close()

    async def open(self) -> None:
        self.socket = await websockets.connect(self._address, extra_headers=self._headers)

    async def hello(self, **more: Any) -> Frame:
        """Say hello with the token; the welcome."""
        await self.send({"type": "hello", "token": self.token, **more})
        self.welcome = await self.until("welcome")
        self.token = self.welcome["token"]
        return self.welcome

    async def send(self, frame: Frame | str | bytes) -> None:
        await self.socket.send(frame if isinstance(frame, str | bytes) else json.dumps(frame))

    async def receive(self) -> Frame:
        frame = json.loads(await asyncio.wait_for(self.socket.recv(), 10))
        self.frames.append(frame)
        return frame

    async def until(self, kind: str, **values: Any) -> Frame:
        """The next frame of this kind with these values."""
        while True:
            frame = await self.receive()
            if {"type": kind, **values}.items() <= frame.items():
                return frame

    async def entries(self, count: int = 1) -> list[Frame]:
        """The next entries, `count` or more."""
        found: list[Frame] = []
        while len(found) < count:
            found += (await self.until("entries"))["entries"]
        return found

    async def say(self, text: str = "", **more: Any) -> list[Frame]:
        """Send a message and wait until its turn is over; the bot's entries."""
        message = {"type": "message", "id": new_id(), **({"text": text} if text else {}), **more}
        seen = len(self.frames)
        await self.send(message)
        await self.until("done", id=message["id"])
        came = [e for f in self.frames[seen:] if f["type"] == "entries" for e in f["entries"]]
        return [e for e in came if e["id"].startswith(f"{message['id']}/")]

    async def closed(self) -> int:
        """Wait until the server closes; the code."""
        await asyncio.wait_for(self.socket.wait_closed(), 20)
        return int(self.socket.close_code)


def run(test: Callable[[], Awaitable[None]]) -> None:
    """Run a test's coroutine."""
    asyncio.run(asyncio.wait_for(test(), 60))


def token(conversation: str, secret: str = SESSION_SECRET, life: int = 3600, age: int = 0) -> str:
    now = int(time.time())
    claims = {"sub": conversation, "aud": "web", "iat": now - age, "exp": now - age + life}
    return jwt.encode(claims, secret, algorithm="HS256")


def texts(entries: list[Frame]) -> list[tuple[str, str]]:
    return [(e["from"], e["text"]) for e in entries]
