"""The open WebSockets: which of them shows which conversation, and what waits to be sent to each."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter
from typing import Any

from sanic.exceptions import SanicException
from sanic.server.websockets.impl import WebsocketImplProtocol
from websockets.exceptions import ConnectionClosed

logger = logging.getLogger(__name__)
Frame = dict[str, Any]
MAX_WAITING = 1000  # frames; who does not read so many is gone
MAX_TABS = 4  # sockets that show one conversation
TOO_MANY_TABS, POLICY, GOING_AWAY = 4001, 1008, 1001
CLOSED = (ConnectionClosed, SanicException, ConnectionError)


class Connection:
    """One socket. Frames wait in a queue of its own, so that one that does not read holds up nobody else."""

    def __init__(self, socket: WebsocketImplProtocol) -> None:
        self.socket = socket
        self._waiting: asyncio.Queue[str | int] = asyncio.Queue()
        self._held: list[str] | None = None
        self.closing = False

    def send(self, frame: Frame | str) -> None:
        """Send a frame after those before it."""
        text = frame if isinstance(frame, str) else dump(frame)
        if self._held is not None:
            self._held.append(text)
        elif self._waiting.qsize() >= MAX_WAITING:
            self.close(POLICY)
        elif not self.closing:
            self._waiting.put_nowait(text)

    def hold(self) -> None:
        """Keep what is sent from now on, until `release`."""
        self._held = []

    def release(self, first: Frame) -> None:
        """Send `first`, then what was held."""
        held, self._held = self._held or [], None
        for text in [dump(first), *held]:
            self.send(text)

    def close(self, code: int) -> None:
        """Close the socket once it has been sent what waits."""
        if not self.closing:
            self.closing = True
            self._waiting.put_nowait(code)

    async def write(self) -> None:
        """Send until the socket is closed."""
        try:
            while isinstance(text := await self._waiting.get(), str):
                await self.socket.send(text)
            await self.socket.close(text)
        except CLOSED:
            pass


class Hub:
    """Every connection of this process."""

    def __init__(self) -> None:
        self._showing: dict[str, list[Connection]] = {}
        self.of_network: Counter[str] = Counter()

    def enter(self, conversation: str, connection: Connection) -> None:
        """Let a connection show a conversation; the oldest of too many is closed."""
        shown = self._showing.setdefault(conversation, [])
        shown.append(connection)
        for surplus in shown[:-MAX_TABS]:
            surplus.close(TOO_MANY_TABS)
            shown.remove(surplus)

    def leave(self, conversation: str, connection: Connection) -> None:
        """The connection shows it no longer."""
        shown = self._showing.get(conversation, [])
        if connection in shown:
            shown.remove(connection)
        if not shown:
            self._showing.pop(conversation, None)

    def shows(self, conversation: str) -> bool:
        """Whether anybody has the conversation open."""
        return conversation in self._showing

    def send(self, conversation: str, *frames: Frame, skip: Connection | None = None) -> None:
        """Send frames to all that show the conversation, but for `skip`."""
        connections = self._showing.get(conversation, [])
        for text in [dump(frame) for frame in frames] if connections else []:
            for connection in list(connections):
                if connection is not skip:
                    connection.send(text)

    def arrive(self, network: str) -> None:
        """Count a socket of the network."""
        self.of_network[network] += 1

    def depart(self, network: str) -> None:
        """It is closed."""
        self.of_network[network] -= 1
        if self.of_network[network] <= 0:
            del self.of_network[network]


def dump(frame: Frame) -> str:
    """A frame as JSON."""
    return json.dumps(frame, ensure_ascii=False, separators=(",", ":"))
