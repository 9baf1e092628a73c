"""Customers that talk to a server: each says its lines one after the other, several at a time."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import resource
import time
import uuid
from collections.abc import Sequence
from typing import Any, Protocol

import aiohttp

from finetune.benchmarks.report import percentile


@dataclasses.dataclass(frozen=True)
class Line:
    """What a customer says; figures are given per `kind`."""

    text: str
    kind: str


@dataclasses.dataclass(frozen=True)
class Spoken:
    """One turn: its place in the conversation (from 1), its time, and whether the bot said what it should."""

    line: Line
    turn: int
    milliseconds: float
    good: bool


class Customer(Protocol):
    """One conversation with a server."""

    async def say(self, text: str) -> bool:
        """Send `text`, wait for the replies; whether they are some, and no apology."""
        ...


class WebCustomer:
    """A conversation over Frontdesk's web channel."""

    def __init__(self, client: aiohttp.ClientSession) -> None:
        self._client = client
        self._token = ""

    async def say(self, text: str) -> bool:
        """See Customer."""
        if not self._token:
            async with self._client.post("/api/sessions") as opened:
                self._token = (await opened.json())["token"]
        body = {"id": uuid.uuid4().hex, "text": text}
        headers = {"Authorization": f"Bearer {self._token}"}
        async with self._client.post("/api/messages", json=body, headers=headers) as answer:
            texts = [m.get("text", "") for m in (await answer.json()).get("entries", [])]
        return bool(texts) and not any("E-" in t and ("went wrong" in t or "出了点问题" in t) for t in texts)


class RestCustomer:
    """A conversation over Rasa's own REST channel."""

    def __init__(self, client: aiohttp.ClientSession) -> None:
        self._client = client
        self._name = uuid.uuid4().hex

    async def say(self, text: str) -> bool:
        """See Customer."""
        body = {"sender": self._name, "message": text}
        async with self._client.post("/webhooks/rest/webhook", json=body) as answer:
            return answer.status == 200 and bool(await answer.json())


async def speak(base: str, kind: type[WebCustomer | RestCustomer], lines: Sequence[Sequence[Line]], users: int) -> Any:
    """Have `users` customers at a time say the conversations in `lines`; the turns and the figures of all."""
    turns: list[Spoken] = []
    left = list(reversed(lines))
    used, begin = _cpu_seconds(), time.perf_counter()
    connector = aiohttp.TCPConnector(limit=users)
    timeout = aiohttp.ClientTimeout(total=120)
    async with aiohttp.ClientSession(base_url=base, connector=connector, timeout=timeout) as client:

        async def one_user() -> None:
            while left:
                conversation, customer = left.pop(), kind(client)
                for turn, line in enumerate(conversation, 1):
                    start = time.perf_counter()
                    good = await customer.say(line.text)
                    turns.append(Spoken(line, turn, 1000 * (time.perf_counter() - start), good))

        await asyncio.gather(*(one_user() for _ in range(users)))
    seconds = time.perf_counter() - begin
    return turns, summary(turns, seconds, _cpu_seconds() - used)


def summary(turns: Sequence[Spoken], seconds: float, cpu: float) -> dict[str, Any]:
    """Figures of a run; `load_generator` is its share of the machine's processor time."""
    times = [t.milliseconds for t in turns]
    figures: dict[str, Any] = {
        "messages": len(turns),
        "messages_per_s": round(len(turns) / seconds, 1),
        "p50_ms": round(percentile(times, 0.5), 1),
        "p95_ms": round(percentile(times, 0.95), 1),
        "failed": sum(not t.good for t in turns),
        "load_generator": round(cpu / (seconds * (os.cpu_count() or 1)), 3),
    }
    for kind in sorted({t.line.kind for t in turns}):
        own = [t.milliseconds for t in turns if t.line.kind == kind]
        figures[f"{kind}_p95_ms"] = round(percentile(own, 0.95), 1)
    return figures


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
