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
import time
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar

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
# What a message's body carries on to the actions, as metadata.
CARRIED = ("title", "language", "network", "product", "comment")
Handler = Callable[[UserMessage], Awaitable[Any]]
Result = TypeVar("Result")


class Watcher(Protocol):
    """Is told of turns as they begin and end, whoever has asked for them."""

    async def begun(self, message: Accepted) -> None:
        """The bot turns to the message."""

    async def ended(self, message: Accepted, replies: Replies) -> None:
        """The replies are on disk."""


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
            self._replies.append({**kept, "at": time.time()})


class Turns:
    """The messages of one channel.

    A body is {"text"} and what CARRIED names; with "button" its text is a payload that the server has looked up.
    """

    def __init__(self, channel: str, database: Database, handler: Handler, watcher: Watcher | None = None) -> None:
        self._channel = channel
        self.intake = Intake(database, f"{socket.gethostname()}:{settings().port}")
        self._handler = handler
        self._watcher = watcher
        self._running: dict[tuple[str, str], asyncio.Task[Replies]] = {}
        self._last: dict[str, asyncio.Task[Any]] = {}
        self._recovery: asyncio.Task[list[asyncio.Task[Replies]]] | None = None

    async def handle(self, conversation: str, message_id: str, body: dict[str, Any]) -> Replies:
        """Handle a message unless that was done before; returns its replies.

        It goes on when the caller goes away.
        """
        return await self.replies(await self.accept(conversation, message_id, body))

    async def accept(self, conversation: str, message_id: str, body: dict[str, Any]) -> Accepted:
        """Keep a message and queue its turn, unless that was done before; returns once it is on disk."""
        await self._take_up()
        accepted = await self.intake.accept(conversation, message_id, {"channel": self._channel, **body})
        if accepted.replies is None:
            self._task_of(accepted)
        return accepted

    async def replies(self, accepted: Accepted) -> Replies:
        """The replies to a message, once they are there."""
        if accepted.replies is not None:
            return accepted.replies
        return await asyncio.shield(self._task_of(accepted))

    async def between(self, conversation: str, job: Callable[[], Awaitable[Result]]) -> Result:
        """Do something in the conversation when what was said before has been handled."""
        task = asyncio.ensure_future(self._after(self._last.get(conversation), job))
        self._last[conversation] = task
        task.add_done_callback(lambda done: self._forget_last(conversation, done))
        return await asyncio.shield(task)

    async def finish_what_was_left(self) -> int:
        """Handle what an earlier process accepted and did not finish; returns how many messages that were."""
        left = await self._take_up()
        await asyncio.gather(*(asyncio.shield(task) for task in left))
        await self.intake.forget_old()
        return len(left)

    async def _take_up(self) -> list[asyncio.Task[Replies]]:
        """Queue what was left, once, before anything new: it was said before."""
        failed = self._recovery is not None and self._recovery.done() and self._recovery.exception() is not None
        if self._recovery is None or failed:
            self._recovery = asyncio.create_task(self._queue_what_was_left())
        return await asyncio.shield(self._recovery)

    async def _queue_what_was_left(self) -> list[asyncio.Task[Replies]]:
        left = [m for m in await self.intake.unfinished() if m.body.get("channel") == self._channel]
        if left:
            logger.info("handling %d messages that were left behind", len(left))
        return [self._task_of(message) for message in left]

    def _task_of(self, message: Accepted) -> asyncio.Task[Replies]:
        key = (message.conversation, message.message_id)
        task = self._running.get(key)
        if task is None:
            previous = self._last.get(message.conversation)
            task = asyncio.create_task(self._after(previous, lambda: self._watched_turn(message)))
            self._running[key] = self._last[message.conversation] = task
            task.add_done_callback(lambda done: self._forget(key, done))
        return task

    def _forget(self, key: tuple[str, str], task: asyncio.Task[Any]) -> None:
        del self._running[key]
        self._forget_last(key[0], task)

    def _forget_last(self, conversation: str, task: asyncio.Task[Any]) -> None:
        if self._last.get(conversation) is task:
            del self._last[conversation]

    async def _after(self, previous: asyncio.Task[Any] | None, job: Callable[[], Awaitable[Result]]) -> Result:
        # Rasa's own lock would do, but those who wait for it look once a second.
        if previous is not None:
            await asyncio.wait([previous])
        return await job()

    async def _watched_turn(self, message: Accepted) -> Replies:
        if self._watcher is None:
            return await self._turn(message)
        await self._watcher.begun(message)
        replies = await self._turn(message)
        await self._watcher.ended(message, replies)
        return replies

    async def _turn(self, message: Accepted) -> Replies:
        if message.spent:
            return await self.intake.give_up(message, [self._trouble(message)])
        pressed = "button" in message.body
        turn = Turn(message.conversation, message.message_id, pressed=pressed, apology=lambda: self._trouble(message))
        metadata = {key: message.body[key] for key in CARRIED if key in message.body}
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
        if turn.stored and (turn.replies or turn.silent):
            return turn.replies
        return await self.intake.give_up(message, [self._trouble(message)])

    def _trouble(self, message: Accepted) -> dict[str, Any]:
        reference = f"E-{secrets.token_hex(4).upper()}"
        logger.error("Reference %s: a message got no reply", reference)
        chinese = message.body.get("language") == "zh" or any("\u4e00" <= c <= "\u9fff" for c in message.body["text"])
        return {"text": TROUBLE["zh" if chinese else "en"].format(reference=reference), "at": time.time()}
