"""The action server: aiohttp around rasa-sdk's executor.

rasa-sdk's own server listens on every interface, takes calls from anybody and returns exception texts; this one
wants the shared secret on every route but health, and answers an error with a reference id that the log has too.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Middleware
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

from actions.answer import ActionAnswer
from actions.conversation import idempotency_key
from actions.course import ActionDeclineOffer, ActionRepeat, ActionStartOver, ActionSwitchLanguage
from actions.feedback import ActionFeedback
from actions.handoff import ActionHandoff
from actions.orders.verification import forget_old_tries
from actions.request import ActionClarify, ActionOfferPerson, ActionRequest
from actions.services import Services, services
from actions.shelf import find_product, list_products
from actions.shopping import ActionProduct, ActionStoreHours
from actions.store.effects import forget_old
from actions.tasks import ActionAnswerAside, ActionCarryOut, ActionLeaveTask, ValidateTaskForm
from textkit.settings import require_secret, settings
from textkit.wire import dumps, loads

logger = logging.getLogger(__name__)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
ACTIONS = (
    ActionAnswer,
    ActionAnswerAside,
    ActionCarryOut,
    ActionClarify,
    ActionDeclineOffer,
    ActionFeedback,
    ActionHandoff,
    ActionLeaveTask,
    ActionOfferPerson,
    ActionProduct,
    ActionRepeat,
    ActionRequest,
    ActionStartOver,
    ActionStoreHours,
    ActionSwitchLanguage,
    ValidateTaskForm,
)
EXECUTOR = web.AppKey("executor", ActionExecutor)
SERVICES = web.AppKey("services", Services)
MAX_KEY = 400
MAX_BODY = 16 * 1024 * 1024  # rasa sends the whole conversation with every call


def make_app(made: Services, secret: str) -> web.Application:
    """The application; `secret` is what every call but `/health` must carry as a bearer token."""
    executor = ActionExecutor()
    for action in ACTIONS:
        executor.register_action(action)
    app = web.Application(middlewares=[_errors, _authorised(secret)], client_max_size=MAX_BODY)
    app[EXECUTOR], app[SERVICES] = executor, made
    app.router.add_get("/health", _health)
    app.router.add_post("/webhook", _webhook)
    app.router.add_get("/documents/{id}", _document)
    app.router.add_get("/products", _products)
    app.router.add_get("/products/{sku}", _product)
    return app


def _authorised(secret: str) -> Middleware:
    expected = f"Bearer {secret}".encode()

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        given = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        if request.path != "/health" and not hmac.compare_digest(given, expected):
            return web.json_response({"error": "The shared secret is missing or wrong."}, status=401)
        return await handler(request)

    return check


@web.middleware
async def _errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except web.HTTPException as error:
        return web.json_response({"error": error.reason}, status=error.status)
    except Exception:
        reference = new_reference()
        logger.exception("Reference %s: %s %s failed", reference, request.method, request.path)
        return web.json_response({"error": "Internal error.", "reference": reference}, status=500)


def new_reference() -> str:
    """What a customer is told and the log carries when something fails."""
    return f"E-{secrets.token_hex(4).upper()}"


async def _health(request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


async def _webhook(request: web.Request) -> web.Response:
    """One action call of rasa; a failing action becomes an apology with a reference."""
    try:
        call = await request.json(loads=loads)
        name, tracker = call["next_action"], call["tracker"]
    except (ValueError, KeyError, TypeError, RecursionError):
        name = tracker = None
    if not (isinstance(name, str) and name and isinstance(tracker, dict)):
        return web.json_response({"error": "The body is not an action call."}, status=400)
    key = call.get("idempotency_key")
    idempotency_key.set(key if isinstance(key, str) and len(key) <= MAX_KEY else None)
    call.setdefault("domain", {})  # rasa sends it to those actions alone that say they read it
    try:
        result = await request.app[EXECUTOR].run(call)
    except ActionExecutionRejection as error:
        return web.json_response({"action_name": error.action_name, "error": error.message}, status=400)
    except ActionNotFoundException:
        return web.json_response({"error": "There is no such action.", "action_name": name}, status=404)
    except Exception:
        reference = new_reference()
        logger.exception("Reference %s: action %s failed", reference, name)
        apology = {"response": "utter_failed", "reference": reference}
        return web.json_response({"events": [], "responses": [apology]})
    return web.json_response(result.model_dump() if result else {"events": [], "responses": []}, dumps=dumps)


async def _document(request: web.Request) -> web.Response:
    """A document's stored text, so that a citation can be shown in it."""
    made = request.app[SERVICES]
    answerer = await asyncio.to_thread(made.answerer)
    document = answerer.index.documents.get(request.match_info["id"])
    if document is None:
        raise web.HTTPNotFound(reason="There is no such document.")
    return web.json_response({"title": document.title, "language": document.language, "text": document.text})


async def _products(request: web.Request) -> web.Response:
    """The catalogue in short, for the shop's pages."""

    def read() -> list[dict[str, Any]]:
        with request.app[SERVICES].database.read() as session:
            return list_products(session)

    return web.json_response(await asyncio.to_thread(read))


async def _product(request: web.Request) -> web.Response:
    """One product with all that is known of it."""

    def read() -> dict[str, Any] | None:
        with request.app[SERVICES].database.read() as session:
            return find_product(session, request.match_info["sku"])

    product = await asyncio.to_thread(read)
    if product is None:
        raise web.HTTPNotFound(reason="There is no such product.")
    return web.json_response(product)


def main() -> None:
    """Open everything, then serve until told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    for chatty in ("rasa_sdk", "alembic", "faiss"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    secret = require_secret("action_secret")
    made = services()
    made.database.upgrade()
    with made.database.write() as session:
        forget_old(session)
        forget_old_tries(session)
    made.answerer()
    web.run_app(
        make_app(made, secret),
        host=settings().actions_host,
        port=settings().actions_port,
        access_log=None,
        print=lambda *_: logger.info("listening on %s", settings().actions_url),
    )
