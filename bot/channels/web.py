"""The web channel: the pages, the messages, and the documents that citations open.

    GET  /, /products, /chat    the demo shop, the widget (bot/channels/shop.py)
    POST /api/sessions          {} -> {"session", "token"}; the server names the conversation
    POST /api/messages          {"id", "text" or "payload", "title"?, "language"?} with the token -> {"messages": [...]}
    GET  /documents/<id>        a document, with the passage at ?start=&end= marked
    GET  /health

A message is {"text", "buttons": [{"title", "payload"}], "custom": {...}}; a payload counts only when the bot has
offered it in the same conversation (bot/engine/plain_text.py).
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.pages import SECURITY_HEADERS, document_page, not_found_page
from bot.channels.sessions import RateLimit, SessionError, Sessions
from bot.channels.shop import add_shop
from bot.channels.turns import Turns
from bot.stores.database import Database, open_database
from textkit.errors import SettingError
from textkit.language import LANGUAGES
from textkit.settings import Settings, require_secret, settings

logger = logging.getLogger(__name__)
WIDGET = Path(__file__).resolve().parent.parent / "widget"
MAX_BODY = 64 * 1024
_OFFSET = re.compile(r"[0-9]{1,9}")


class WebChannel(InputChannel):
    """Rasa's view of the channel; credentials.yml names it without settings of its own."""

    def __init__(self, current: Settings, session_secret: str, action_secret: str, database: Database) -> None:
        self._settings = current
        self._action_secret = action_secret
        self._sessions = Sessions(session_secret, current.session_hours)
        self._session_limit = RateLimit(current.sessions_per_minute)
        self._message_limit = RateLimit(current.messages_per_minute)
        self._database = database

    @classmethod
    def name(cls) -> str:
        """Rasa's name of the channel."""
        return "web"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WebChannel:
        """Rasa's constructor; the settings are in the environment."""
        if credentials:
            raise SettingError("The web channel takes no settings in credentials.yml.", "Put them into .env.")
        current = settings()
        database = open_database(current.resolved_conversations_url)
        return cls(current, require_secret("session_secret"), require_secret("action_secret"), database)

    def url_prefix(self) -> str:
        """The channel owns the public origin."""
        return "/"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes."""
        routes = Blueprint("frontdesk_web")
        turns = Turns(self.name(), self._database, on_new_message)
        routes.static("/static", str(WIDGET), name="widget")
        add_shop(routes, self._settings, self._action_secret)

        @routes.get("/health")
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.post("/api/sessions")
        async def open_session(request: Request) -> HTTPResponse:
            if not self._session_limit.allows(request.ip or ""):
                return _refusal(429, "too_many_sessions")
            session, token = self._sessions.issue()
            return response.json({"session": session, "token": token}, headers={"Cache-Control": "no-store"})

        @routes.post("/api/messages")
        async def receive(request: Request) -> HTTPResponse:
            return await self._receive(request, turns)

        @routes.get("/documents/<name:str>", unquote=True)
        async def document(request: Request, name: str) -> HTTPResponse:
            return await self._document(request, name)

        @routes.listener("after_server_start")
        async def go_on(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
            app.add_task(turns.finish_what_was_left())

        return routes

    async def _receive(self, request: Request, turns: Turns) -> HTTPResponse:
        try:
            conversation = self._sessions.conversation(request.headers.get("authorization"))
        except SessionError:
            return _refusal(401, "session_expired")
        if not self._message_limit.allows(conversation):
            return _refusal(429, "too_many_messages")
        message = _read_message(request, self._settings.message_limit)
        if isinstance(message, str):
            return _refusal(413 if message == "too_long" else 400, message)
        name = message.pop("id")
        return response.json({"messages": await turns.handle(conversation, name, message)}, dumps=_dumps)

    async def _document(self, request: Request, name: str) -> HTTPResponse:
        document = await self._fetch_document(name)
        if document is None:
            return _html(not_found_page(), 404)
        start, end = request.args.get("start", "0"), request.args.get("end", "0")
        span = (int(start), int(end)) if _OFFSET.fullmatch(start) and _OFFSET.fullmatch(end) else (0, 0)
        return _html(document_page(document, span))

    async def _fetch_document(self, name: str) -> dict[str, Any] | None:
        url = f"{self._settings.actions_url}/documents/"
        headers = {"Authorization": f"Bearer {self._action_secret}"}
        timeout = aiohttp.ClientTimeout(total=10)
        try:
            async with (
                aiohttp.ClientSession(headers=headers, timeout=timeout) as client,
                client.get(url + aiohttp.helpers.quote(name, safe="")) as answer,
            ):
                return dict(await answer.json()) if answer.status == 200 else None
        except (aiohttp.ClientError, TimeoutError, ValueError):
            logger.error("the action server did not give a document")
            return None


def _read_message(request: Request, limit: int) -> dict[str, Any] | str:
    """The message in a request's body, or the code of what is wrong with it."""
    if len(request.body) > MAX_BODY:
        return "too_long"
    try:
        body = json.loads(request.body.decode("utf-8"))
    except (ValueError, RecursionError):
        return "not_json"
    if not isinstance(body, dict):
        return "not_an_object"
    pressed = bool(body.get("payload"))
    text = body["payload"] if pressed else body.get("text")
    if not isinstance(text, str) or not _clean(text):
        return "no_text"
    if len(text) > (4 * limit if pressed else limit):
        return "too_long"
    name = body.get("id")
    if not isinstance(name, str) or not 8 <= len(name) <= 64 or not name.isprintable():
        return "no_id"
    message: dict[str, Any] = {"id": name, "text": _clean(text)}
    if pressed and isinstance(body.get("title"), str):
        message["title"] = _clean(body["title"])[:200]
    if body.get("language") in LANGUAGES:
        message["language"] = body["language"]
    return message


def _clean(text: str) -> str:
    """`text` without what is none: control characters, half a surrogate pair, marks that turn or hide text."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (c if c in "\n\t\u200d" or c.isprintable() else " " if c.isspace() else "" for c in lines)
    return "".join(kept).strip(" \n\t\u200d")  # \u200d joins emoji; alone it shows nothing


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _refusal(status: int, code: str) -> HTTPResponse:
    return response.json({"error": code}, status=status)


def _html(text: str, status: int = 200) -> HTTPResponse:
    return response.html(text, status=status, headers=SECURITY_HEADERS)
