"""What every channel does with a customer's message: keep it, handle it once and in order, give the replies.

The message is on disk before anything happens to it; its replies come to disk together with the turn's events
(bot/stores/tracker.py) and only then to the customer. So a process that is killed at any moment finds what it had
accepted, and a client that sends a message again gets the replies that the first one got.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage

from bot.stores.database import Database
from bot.stores.intake import Accepted, Intake, Replies
from bot.stores.turn import Turn, handling
from textkit.settings import settings

logger = logging.getLogger(__name__)
TROUBLE = {
    "en": "I’m sorry, something went wrong on our side. Please try again in a moment; your reference is {reference}.",
    "zh": "抱歉，我们这边出了点问题，请稍后再试。参考编号：{reference}。",
}
Handler = Callable[[UserMessage], Awaitable[Any]]


class Collected(OutputChannel):
    """Collects the bot's messages of one turn, whole."""

    def __init__(self, channel: str, replies: Replies) -> None:
        self._channel = channel
        self._replies = replies

    def name(self) -> str:
        """Rasa's name of the channel."""
        return self._channel

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep a message of the bot."""
        kept = {key: message[key] for key in ("text", "buttons", "custom") if message.get(key)}
        if kept:
            self._replies.append(kept)


class Turns:
    """The messages of one channel.

    A body is {"text", "title"?, "language"?}, the latter two for a pressed button and for the page's language.
    """

    def __init__(self, channel: str, database: Database, handler: Handler) -> None:
        self._channel = channel
        self._intake = Intake(database, f"{socket.gethostname()}:{settings().port}")
        self._handler = handler
        self._running: dict[tuple[str, str], asyncio.Task[Replies]] = {}
        self._last: dict[str, asyncio.Task[Replies]] = {}
        self._recovery: asyncio.Task[list[asyncio.Task[Replies]]] | None = None

    async def handle(self, conversation: str, message_id: str, body: dict[str, Any]) -> Replies:
        """Handle a message unless that was done before; returns its replies.

        It goes on when the caller goes away.
        """
        await self._take_up()
        accepted = await self._intake.accept(conversation, message_id, {"channel": self._channel, **body})
        if accepted.replies is not None:
            return accepted.replies or await self._intake.give_up(accepted, [self._trouble(accepted)])
        return await asyncio.shield(self._task_of(accepted))

    async def finish_what_was_left(self) -> int:
        """Handle what an earlier process accepted and did not finish; returns how many messages that were."""
        left = await self._take_up()
        await asyncio.gather(*(asyncio.shield(task) for task in left))
        await self._intake.forget_old()
        return len(left)

    async def _take_up(self) -> list[asyncio.Task[Replies]]:
        """Queue what was left, once, before anything new: it was said before."""
        failed = self._recovery is not None and self._recovery.done() and self._recovery.exception() is not None
        if self._recovery is None or failed:
            self._recovery = asyncio.create_task(self._queue_what_was_left())
        return await asyncio.shield(self._recovery)

    async def _queue_what_was_left(self) -> list[asyncio.Task[Replies]]:
        left = [m for m in await self._intake.unfinished() if m.body.get("channel") == self._channel]
        if left:
            logger.info("handling %d messages that were left behind", len(left))
        return [self._task_of(message) for message in left]

    def _task_of(self, message: Accepted) -> asyncio.Task[Replies]:
        key = (message.conversation, message.message_id)
        task = self._running.get(key)
        if task is None:
            task = asyncio.create_task(self._after(self._last.get(message.conversation), message))
            self._running[key] = self._last[message.conversation] = task
            task.add_done_callback(lambda done: self._forget(key, done))
        return task

    def _forget(self, key: tuple[str, str], task: asyncio.Task[Replies]) -> None:
        del self._running[key]
        if self._last.get(key[0]) is task:
            del self._last[key[0]]

    async def _after(self, previous: asyncio.Task[Replies] | None, message: Accepted) -> Replies:
        # Rasa's own lock would do, but those who wait for it look once a second.
        if previous is not None:
            await asyncio.wait([previous])
        return await self._turn(message)

    async def _turn(self, message: Accepted) -> Replies:
        turn = Turn(message.conversation, message.message_id)
        metadata = {key: message.body[key] for key in ("title", "language") if key in message.body}
        said = UserMessage(
            message.body["text"],
            Collected(self._channel, turn.replies),
            message.conversation,
            input_channel=self._channel,
            message_id=message.message_id,
            metadata=metadata or None,
        )
        try:
            with handling(turn):
                await self._handler(said)
        except Exception:
            logger.exception("a turn failed")
        if turn.stored and turn.replies:
            return turn.replies
        return await self._intake.give_up(message, [self._trouble(message)])

    def _trouble(self, message: Accepted) -> dict[str, Any]:
        reference = f"E-{secrets.token_hex(4).upper()}"
        logger.error("Reference %s: a message got no reply", reference)
        chinese = message.body.get("language") == "zh" or any("\u4e00" <= c <= "\u9fff" for c in message.body["text"])
        return {"text": TROUBLE["zh" if chinese else "en"].format(reference=reference)}
