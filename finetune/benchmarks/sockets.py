"""Many open WebSockets, of which some talk: answer times, errors, and the servers' memory while they do."""

from __future__ import annotations

import asyncio
import itertools
import os
import tempfile
import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aiohttp

from finetune.benchmarks.report import percentile
from finetune.benchmarks.serving import server_memory
from finetune.benchmarks.turns import conversations, running_frontdesk

AT_A_TIME = 25  # sockets that are opened at once
REPLY_SECONDS = 60.0
PAUSE = 5.0  # seconds between a reply and the next message of a customer, as one who reads and types


class Talker:
    """One open socket, read all the time, as the server's pings want it; counts what goes wrong."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.milliseconds: list[float] = []
        self.errors = 0
        self._frames: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for message in self.socket:
            self._frames.put_nowait(message.json())
        self._frames.put_nowait({"type": "closed"})

    async def until(self, *kinds: str) -> dict[str, Any]:
        """The next frame of one of these kinds; counts replies in it and before it."""
        replies = 0
        while True:
            frame = await asyncio.wait_for(self._frames.get(), REPLY_SECONDS)
            replies += len(frame.get("entries", []))
            if frame["type"] in ("closed", "error"):
                self.errors += 1
            if frame["type"] in (*kinds, "closed"):
                return {**frame, "replies": replies}

    async def say(self, text: str) -> None:
        """Send a message and wait until its turn is over."""
        name, begin = uuid.uuid4().hex, time.perf_counter()
        try:
            await self.socket.send_json({"type": "message", "id": name, "text": text})
            done = await self.until("done")
            self.errors += not done["replies"]
            self.milliseconds.append(1000 * (time.perf_counter() - begin))
        except (TimeoutError, OSError, aiohttp.ClientError):
            self.errors += 1

    async def ping(self) -> None:
        """Count an error unless the server answers."""
        try:
            await self.socket.send_json({"type": "ping"})
            await self.until("pong")
        except (TimeoutError, OSError, aiohttp.ClientError):
            self.errors += 1


async def open_sockets(client: aiohttp.ClientSession, count: int) -> list[Talker]:
    """`count` sockets that have been welcomed."""
    gate = asyncio.Semaphore(AT_A_TIME)

    async def one() -> Talker:
        async with gate:
            socket = await client.ws_connect("/api/socket")
            talker = Talker(socket)
            await socket.send_json({"type": "hello", "token": None})
            await talker.until("welcome")
            return talker

    return list(await asyncio.gather(*(one() for _ in range(count))))


async def measure(base: str, sockets: int, talking: int, seconds: float, said: Sequence[str]) -> dict[str, Any]:
    """Open `sockets`, let `talking` of them say what is in `said` for `seconds`."""
    connector, texts = aiohttp.TCPConnector(limit=0), itertools.cycle(said)
    figures: dict[str, Any] = {"sockets": sockets, "talking": talking, "seconds": seconds}
    async with aiohttp.ClientSession(base_url=base, connector=connector) as client:
        talkers = await open_sockets(client, sockets)
        figures |= _weigh("open")
        end = time.perf_counter() + seconds

        async def talk(talker: Talker, number: int) -> None:
            await asyncio.sleep(PAUSE * number / max(talking, 1))
            while time.perf_counter() < end:
                await talker.say(next(texts))
                await asyncio.sleep(PAUSE)

        async def weigh_halfway() -> None:
            await asyncio.sleep(seconds / 2)
            figures.update(_weigh("halfway"))

        await asyncio.gather(weigh_halfway(), *(talk(t, n) for n, t in enumerate(talkers[:talking])))
        figures |= _weigh("end")
        for talker in talkers:  # also those that said nothing are still there
            await talker.ping()
        await asyncio.gather(*(talker.socket.close() for talker in talkers))
    times = [t for talker in talkers for t in talker.milliseconds]
    p50, p95 = (round(percentile(times, q), 1) for q in (0.5, 0.95))
    errors = sum(talker.errors for talker in talkers)
    return {**figures, "messages": len(times), "errors": errors, "p50_ms": p50, "p95_ms": p95}


def _weigh(when: str) -> dict[str, int]:
    """Resident memory of the servers that this process has started."""
    return {f"{name}_mb_{when}": size for name, size in server_memory(os.getpid()).items() if name != "launcher"}


def run(sockets: int, talking: int, seconds: float) -> dict[str, Any]:
    """The figures, by a Frontdesk of its own."""
    with tempfile.TemporaryDirectory() as scratch, running_frontdesk(Path(scratch)) as base:
        said = [line.text for conversation in conversations(40, seed=5) for line in conversation]
        return asyncio.run(measure(base, sockets, talking, seconds, said))
