"""The web channel on a real Sanic server, with a small real action server beside it, in a thread of their own."""

import asyncio
import http.client
import json
import logging
import socket
import tempfile
import threading
from typing import Any

from aiohttp import web
from rasa.core.channels.channel import UserMessage, register
from rasa.core.lock_store import InMemoryLockStore
from rasa.server import configure_cors
from rasa.shared.core.events import BotUttered, UserUttered
from sanic import Sanic

from bot.channels.web import WebChannel
from bot.stores.database import open_database
from bot.stores.tracker import ConversationStore
from textkit.settings import Settings

SESSION_SECRET = "a session secret for the tests, long enough"
ACTION_SECRET = "an action secret for the tests, long enough"
START_SECONDS = 20.0
OFFERS: dict[str, dict[str, Any]] = {
    "offer": {
        "text": "Shall I?",
        "buttons": [
            {"title": "Yes", "payload": "/affirm"},
            {"title": "Tell me more", "payload": '/ask{"question": "more"}'},
        ],
        "custom": {
            "frontdesk": {
                "kind": "cards",
                "votes": {"up": "/feedback{1}", "down": "/feedback{2}"},
                "cards": [{"title": "Forge", "buttons": [{"title": "Stock", "payload": "/stock"}]}],
            }
        },
    }
}
DOCUMENT = {
    "title": "Returns & <refunds>",
    "language": "en",
    "text": "# Returns & <refunds>\n\nSend it back within <b>30 days</b>.\n\n- unused\n- in its box\n",
}


class _Server(Sanic):
    test_mode = True  # several may start in one process


class Bot:
    """Stands where rasa's agent does; remembers what it was told."""

    def __init__(self, url: str) -> None:
        self.heard: list[UserMessage] = []
        self.tracker_store = ConversationStore(db=url)
        self.lock_store = InMemoryLockStore()

    async def handle_message(self, message: UserMessage) -> None:
        """Say the text back; fail, keep silent or take its time when told to. A person who took over is let speak."""
        self.heard.append(message)
        if message.text.startswith("fail"):
            raise RuntimeError("a secret that no customer may see")
        if message.text.startswith("slow"):
            await asyncio.sleep(0.5)
        async with self.lock_store.lock(message.sender_id):
            tracker = await self.tracker_store.get_or_create_tracker(message.sender_id)
            tracker.update(UserUttered(message.text, message_id=message.message_id))
            if not tracker.is_paused() and not message.text.startswith(("silence", "沉默")):
                answer = OFFERS.get(message.text) or {"text": f"You said: {message.text}", "custom": {"kind": "echo"}}
                await message.output_channel.send_response(message.sender_id, {"buttons": [], **answer})
                tracker.update(BotUttered(answer["text"]))
            await self.tracker_store.save(tracker)


class Served:
    """Both servers, and a client for the first; use it as a context manager."""

    def __init__(self, folder: str | None = None, port: int = 0, **changes: Any) -> None:
        self._folder = tempfile.TemporaryDirectory()
        url = f"sqlite:///{folder or self._folder.name}/conversations.db"
        open_database.cache_clear()
        self.bot = Bot(url)
        self.database = self.bot.tracker_store.database
        self._public, self._actions = _free_socket(port), _free_socket()
        self.port: int = self._public.getsockname()[1]
        limits = {"messages_per_minute": 10_000, "sessions_per_minute": 10_000, "message_limit": 100}
        self.settings = Settings(**{"actions_port": self._actions.getsockname()[1], **limits, **changes})
        self._up, self.loop = threading.Event(), asyncio.new_event_loop()
        self._thread = threading.Thread(target=lambda: self.loop.run_until_complete(self._serve()))

    def __enter__(self) -> "Served":
        self._thread.start()
        while not self._up.wait(0.05):
            assert self._thread.is_alive(), "the servers did not start"
        return self

    def __exit__(self, *_: object) -> None:
        self.loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(START_SECONDS)
        self.loop.close()
        self._public.close()
        self._actions.close()
        self.database.close()
        self._folder.cleanup()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        documents = web.AppRunner(_action_server())
        await documents.setup()
        await web.SockSite(documents, self._actions).start()
        app = _Server(f"frontdesk-{self.port}", configure_logging=False)
        configure_cors(app, None)
        app.ctx.agent = self.bot
        register([WebChannel(self.settings, SESSION_SECRET, ACTION_SECRET, self.database)], app, "/webhooks/")
        server = await app.create_server(sock=self._public, return_asyncio_server=True, access_log=False)
        await server.startup()
        await server.start_serving()
        self._up.set()
        await self._stop.wait()
        await server.close()
        await documents.cleanup()

    def call(
        self,
        method: str,
        path: str,
        body: bytes | str | None = None,
        headers: dict[str, str] | None = None,
        timeout: float = 20,
    ) -> tuple[int, dict[str, str], str]:
        """One request: its status, its headers in lower case, its body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            text = answer.read().decode("utf-8")
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, text
        finally:
            connection.close()

    def open_session(self, body: Any = None) -> tuple[str, dict[str, str]]:
        """A new conversation's name and the header that speaks in it."""
        status, _, text = self.call("POST", "/api/sessions", json.dumps(body or {}))
        assert status == 200, text
        opened = json.loads(text)
        return opened["session"], {"Authorization": f"Bearer {opened['token']}"}

    def post(self, headers: dict[str, str], body: Any) -> tuple[int, Any]:
        """A message, given as JSON or as the raw body; its status and the decoded answer."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        status, _, text = self.call("POST", "/api/messages", raw, headers)
        return status, json.loads(text)


def product(sku: str, category: str = "cups", **changes: Any) -> dict[str, Any]:
    """A product as the action server lists it."""
    return {
        "sku": sku,
        "category": category,
        "name": {"en": f"Cup {sku}", "zh": f"杯子 {sku}"},
        "price": {"GBP": 1850, "CNY": 138000},
        "stock": {"bristol": 40, "kunshan": 3},
        "status": "active",
        "released": "2024-05-01",
        "look": "white",
        **changes,
    }


PRODUCTS = [product("CUP"), product("POT", "teaware"), product("OLD", "<b>odd", released="2020-01-01")]
FULL = {
    **PRODUCTS[0],
    "description": {"en": "A cup & <saucer>.", "zh": "一只杯子。"},
    "attributes": {"material": "porcelain", "capacity_ml": 70, "unheard_of": 1},
    "compatible_with": [PRODUCTS[1]],
}


def stand(folder: str) -> None:
    """Serve until killed; the port is printed. For a process of its own."""
    with Served(folder=folder) as served:
        print(served.port, flush=True)  # noqa: T201
        threading.Event().wait()


def _action_server() -> web.Application:
    """What actions/server.py does for documents and products."""

    async def document(request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {ACTION_SECRET}":
            return web.json_response({"error": "no"}, status=401)
        if request.match_info["id"] == "broken":
            return web.Response(text="<html>not JSON</html>")
        if request.match_info["id"] != "returns-退货":
            return web.json_response({"error": "There is no such document."}, status=404)
        return web.json_response(DOCUMENT)

    async def products(request: web.Request) -> web.Response:
        sku = request.match_info.get("sku")
        if sku not in (None, "CUP"):
            return web.json_response({"error": "There is no such product."}, status=404)
        return web.json_response(FULL if sku else PRODUCTS)

    app = web.Application()
    app.router.add_get("/products", products)
    app.router.add_get("/products/{sku}", products)
    app.router.add_get("/documents/{id}", document)
    return app


def _free_socket(port: int = 0) -> socket.socket:
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind(("127.0.0.1", port))
    return made


logging.getLogger("sanic.root").setLevel(logging.WARNING)
