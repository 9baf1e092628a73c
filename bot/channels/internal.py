"""What the models side tells the channel: a person joins a conversation, writes in it, leaves it.

    POST /internal/conversations/<id>/events    {"id", "event", "name", "text"?}
    GET  /internal/conversations/<id>           {"entries", "operator", "online"}

Both want the secret that the servers share. An event is kept once per id, in the transaction that puts it into rasa's
tracker, and then goes to every socket that shows the conversation.
"""

from __future__ import annotations

import asyncio
import hmac
from typing import Any

from rasa.shared.core.events import BotUttered, ConversationPaused, ConversationResumed, Event
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.conversations import Conversations, typing
from bot.channels.entries import push_entry
from bot.channels.frames import clean, read_object
from bot.channels.refusals import RefusedError
from bot.channels.rest import answer, refusal
from bot.stores.database import Database
from bot.stores.pushed import JOINED, LEFT, SPOKEN, Push, is_known
from bot.stores.turn import handling

TYPING = "operator_typing"
TYPING_SECONDS = 6.0
MAX_NAME, MAX_TEXT = 80, 10_000  # characters


def add_internal(routes: Blueprint, conversations: Conversations, database: Database, secret: str) -> None:
    """The routes; `secret` is what a call must carry as a bearer token."""
    desk = _Desk(conversations, database)
    expected = f"Bearer {secret}".encode()

    def refuses(request: Request) -> HTTPResponse | None:
        given = str(request.headers.get("authorization", "")).encode("utf-8", "surrogateescape")
        if hmac.compare_digest(given, expected):
            return None
        return response.json({"error": "The shared secret is missing or wrong."}, status=401)

    @routes.post("/internal/conversations/<conversation:str>/events", unquote=True)
    async def push(request: Request, conversation: str) -> HTTPResponse:
        if refused := refuses(request):
            return refused
        try:
            await desk.take(request.app.ctx.agent, conversation, read_object(request.body))
        except RefusedError as refused_push:
            return refusal(refused_push)
        return response.json({"status": "ok"})

    @routes.get("/internal/conversations/<conversation:str>", unquote=True)
    async def show(request: Request, conversation: str) -> HTTPResponse:
        if refused := refuses(request):
            return refused
        entries = await conversations.entries(conversation)
        if not entries and not await request.app.ctx.agent.tracker_store.exists(conversation):
            return refusal(RefusedError("not_found"))
        operator = await conversations.operator(conversation)
        return answer({"entries": entries, "operator": operator, "online": conversations.hub.shows(conversation)})


class _Desk:
    """Puts a person's events into conversations."""

    def __init__(self, conversations: Conversations, database: Database) -> None:
        self._conversations = conversations
        self._database = database
        self._typing: dict[str, asyncio.TimerHandle] = {}

    async def take(self, agent: Any, conversation: str, body: dict[str, Any]) -> None:
        """Take an event; raises RefusedError."""
        push = _read(conversation, body)
        if push.event == TYPING:
            if not await agent.tracker_store.exists(conversation):
                raise RefusedError("not_found")
            self._type(conversation)
        elif await self._conversations.turns.between(conversation, lambda: self._keep(agent, push)):
            await self._show(push)

    async def _keep(self, agent: Any, push: Push) -> bool:
        """Put the event into the tracker; False when that was done before."""
        if await is_known(self._database, push.conversation, push.push_id):
            return False
        async with agent.lock_store.lock(push.conversation):
            if not await agent.tracker_store.exists(push.conversation):
                raise RefusedError("not_found")
            tracker = await agent.tracker_store.retrieve(push.conversation)
            tracker.update(_event(push))
            with handling(push):
                await agent.tracker_store.save(tracker)
        return True

    async def _show(self, push: Push) -> None:
        hub, conversation = self._conversations.hub, push.conversation
        entries = {"type": "entries", "entries": [push_entry(push)]}
        if push.event == SPOKEN:
            self._stop_typing(conversation)
            hub.send(conversation, entries)
        else:
            operator = {"type": "operator", "name": await self._conversations.operator(conversation)}
            hub.send(conversation, entries, operator)

    def _type(self, conversation: str) -> None:
        if handle := self._typing.pop(conversation, None):
            handle.cancel()
        self._conversations.hub.send(conversation, typing(on=True, who="operator"))
        loop = asyncio.get_running_loop()
        self._typing[conversation] = loop.call_later(TYPING_SECONDS, self._stop_typing, conversation)

    def _stop_typing(self, conversation: str) -> None:
        if handle := self._typing.pop(conversation, None):
            handle.cancel()
            self._conversations.hub.send(conversation, typing(on=False, who="operator"))


def _event(push: Push) -> Event:
    if push.event == JOINED:
        return ConversationPaused(timestamp=push.at)
    if push.event == LEFT:
        return ConversationResumed(timestamp=push.at)
    return BotUttered(push.text, metadata={"operator": push.name}, timestamp=push.at)


def _read(conversation: str, body: dict[str, Any]) -> Push:
    push_id, event, name, text = (body.get(key, "") for key in ("id", "event", "name", "text"))
    if not isinstance(push_id, str) or not 1 <= len(push_id) <= 64 or not push_id.isprintable() or "/" in push_id:
        raise RefusedError("no_id")
    if event not in (JOINED, LEFT, SPOKEN, TYPING):
        raise RefusedError("unknown_type")
    if not isinstance(name, str) or not clean(name) or not isinstance(text, str):
        raise RefusedError("bad_frame")
    text = clean(text)
    if event == SPOKEN and not text:
        raise RefusedError("no_text")
    if len(text) > MAX_TEXT or len(name) > MAX_NAME:
        raise RefusedError("too_long")
    return Push(conversation, push_id, event, clean(name), text)
