"""The web channel: the pages, the messages, and the documents that citations open; docs/channels.md has more.

GET  /, /products, /chat, ...   the demo shop and the widget (shop.py)
GET  /api/socket                the WebSocket
POST /api/sessions              {} -> {"session", "token"}; the server names the conversation
POST /api/messages              {"id", "text" or "button", ...} with the token -> {"entries": [...]}
GET  /api/messages              {"entries": [...], "operator"}
GET  /documents/<id>            a document, with the passage at ?start=&end= marked
GET  /health
*    /internal/conversations    what a person on the business's side does (internal.py)
"""

from __future__ import annotations

import asyncio
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
from sanic.server.websockets.impl import WebsocketImplProtocol

from bot.channels.conversations import Conversations
from bot.channels.gate import add_gate, network_of
from bot.channels.internal import add_internal
from bot.channels.networks import Networks
from bot.channels.origins import Origins
from bot.channels.pages import SECURITY_HEADERS, document_page, not_found_page
from bot.channels.refusals import RefusedError
from bot.channels.rest import add_rest, refusal
from bot.channels.sessions import Sessions
from bot.channels.shop import add_shop
from bot.channels.websocket import OpenSocket
from bot.stores.database import Database, open_database
from textkit.errors import SettingError
from textkit.settings import Settings, require_secret, settings

logger = logging.getLogger(__name__)
WIDGET = Path(__file__).resolve().parent.parent / "widget"
_OFFSET = re.compile(r"[0-9]{1,9}")


class WebChannel(InputChannel):
    """Rasa's view of the channel; credentials.yml names it without settings of its own."""

    def __init__(self, current: Settings, session_secret: str, action_secret: str, database: Database) -> None:
        self._settings = current
        self._action_secret = action_secret
        self._sessions = Sessions(session_secret, current.session_hours)
        self._networks = Networks(current.trusted_proxies, session_secret)
        self._origins = Origins(current.allowed_origins)
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
        conversations = Conversations(self.name(), self._settings, self._sessions, self._database, on_new_message)
        add_gate(routes, self._origins)
        add_rest(routes, conversations, self._networks)
        self._add_socket(routes, conversations)
        add_internal(routes, conversations, self._database, self._action_secret)
        routes.static("/static", str(WIDGET), name="widget")
        add_shop(routes, self._settings, self._action_secret)

        @routes.get("/health")
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.get("/documents/<name:str>", unquote=True)
        async def document(request: Request, name: str) -> HTTPResponse:
            return await self._document(request, name)

        @routes.listener("after_server_start")
        async def go_on(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
            app.add_task(conversations.turns.finish_what_was_left())

        return routes

    def _add_socket(self, routes: Blueprint, conversations: Conversations) -> None:
        @routes.middleware("request")
        async def limit(request: Request) -> HTTPResponse | None:
            if request.path != "/api/socket":
                return None
            full = self._settings.sockets_per_network
            if conversations.hub.of_network[network_of(request, self._networks)] < full:
                return None
            return refusal(RefusedError("too_many_sessions"))

        @routes.websocket("/api/socket")
        async def socket(request: Request, opened: WebsocketImplProtocol) -> None:
            await OpenSocket(opened, conversations, network_of(request, self._networks)).serve()

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


def _html(text: str, status: int = 200) -> HTTPResponse:
    return response.html(text, status=status, headers=SECURITY_HEADERS)
