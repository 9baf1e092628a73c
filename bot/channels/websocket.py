"""One open WebSocket: a greeting with the token, then messages; what is wrong gets an error frame."""

from __future__ import annotations

import asyncio
import logging
import secrets
from typing import Any

from sanic.server.websockets.impl import WebsocketImplProtocol

from bot.channels.conversations import Conversations, end_of_turn
from bot.channels.frames import language_of, read_message, read_object
from bot.channels.refusals import RefusedError
from bot.channels.sessions import Session
from bot.channels.sockets import CLOSED, GOING_AWAY, POLICY, Connection

logger = logging.getLogger(__name__)
HELLO_SECONDS = 10.0
FLUSH_SECONDS = 5.0
MAX_READ = 2 * 1024 * 1024  # bytes; a frame above frames.MAX_FRAME gets an error, one above this ends the connection
MAX_BAD = 20  # frames
PAUSE = 0.05  # seconds after an error, so that a flood of them costs the sender
INTERNAL_ERROR = 1011
# Everything else can happen to a client that does as it should.
BAD = {"bad_frame", "not_json", "too_large", "unknown_type", "no_id", "no_text"}


class OpenSocket:
    """What a client may do over its socket; one per connection."""

    def __init__(self, socket: WebsocketImplProtocol, conversations: Conversations, network: str) -> None:
        self._socket = socket
        self._conversations = conversations
        self._network = network
        self._connection = Connection(socket)
        self._session: Session | None = None
        self._language: str | None = None
        self._bad = 0

    async def serve(self) -> None:
        """Read and write until either side closes."""
        self._socket.connection.max_size = MAX_READ
        hub = self._conversations.hub
        hub.arrive(self._network)
        reader, writer = asyncio.create_task(self._read()), asyncio.create_task(self._connection.write())
        try:
            await asyncio.wait([reader, writer], return_when=asyncio.FIRST_COMPLETED)
            self._connection.close(GOING_AWAY)
            await asyncio.wait([writer], timeout=FLUSH_SECONDS)
        finally:
            hub.depart(self._network)
            self._leave()
            reader.cancel()
            writer.cancel()

    async def _read(self) -> None:
        while True:
            try:
                data = await self._socket.recv(HELLO_SECONDS if self._session is None else None)
            except CLOSED:
                return
            if data is None and self._session is None:
                self._connection.close(POLICY)
                return
            if data is not None and not await self._survives(data):
                return

    async def _survives(self, data: bytes | str) -> bool:
        """Take a frame; False when the socket is not to be read on."""
        try:
            if not isinstance(data, str):
                raise RefusedError("bad_frame")
            await self._take(read_object(data))
        except RefusedError as refused:
            about = {} if refused.message_id is None else {"id": refused.message_id}
            self._connection.send({"type": "error", "code": refused.code, **about})
            self._bad += refused.code in BAD
            if self._bad >= MAX_BAD:
                self._connection.close(POLICY)
                return False
            await asyncio.sleep(PAUSE)
        except Exception:
            # The client connects again and sends again what was not accepted.
            logger.exception("Reference E-%s: a frame could not be handled", secrets.token_hex(4).upper())
            self._connection.close(INTERNAL_ERROR)
            return False
        return True

    async def _take(self, frame: dict[str, Any]) -> None:
        kind = frame.get("type")
        if kind == "hello":
            await self._hello(frame)
        elif kind == "ping":
            self._connection.send({"type": "pong"})
        elif kind != "message":
            raise RefusedError("unknown_type")
        elif self._session is None:
            raise RefusedError("bad_frame")
        else:
            await self._message(self._session, frame)

    async def _hello(self, frame: dict[str, Any]) -> None:
        """Show the token's conversation, or a new one."""
        token, known = frame.get("token"), None
        if isinstance(token, str):
            try:
                known = self._conversations.session_of(token)
            except RefusedError:
                token = None
        if known is None:
            _, token = self._conversations.open_session(self._network)
        elif known.is_old():
            _, token = self._conversations.sessions.issue(known.conversation)
        self._leave()
        self._session = self._conversations.session_of(str(token))
        self._language = language_of(frame)
        conversation = self._session.conversation
        # What is said from here on follows the welcome.
        self._connection.hold()
        self._conversations.hub.enter(conversation, self._connection)
        operator = await self._conversations.operator(conversation) if known else None
        self._connection.release(
            {
                "type": "welcome",
                "session": conversation,
                "token": token,
                "new": known is None,
                "entries": await self._conversations.entries(conversation) if known else [],
                "operator": operator,
                "limit": self._conversations.settings.message_limit,
            }
        )

    async def _message(self, session: Session, frame: dict[str, Any]) -> None:
        if self._language and language_of(frame) is None:
            frame = {**frame, "language": self._language}
        said = read_message(frame, self._conversations.settings.message_limit)
        if session.is_over():
            raise RefusedError("session_expired", said.message_id)
        self._conversations.check_rate(session.conversation, self._network, said.message_id)
        accepted = await self._conversations.accept(session.conversation, self._network, said, self._connection)
        self._connection.send({"type": "accepted", "id": said.message_id})
        if accepted.replies is not None:
            for answer in end_of_turn(accepted, accepted.replies):
                self._connection.send(answer)

    def _leave(self) -> None:
        if self._session is not None:
            self._conversations.hub.leave(self._session.conversation, self._connection)
