"""The routes of the demo shop, of the widget's script and of the page that is only the chat.

    GET /                  the shop; ?category= one category, `all` everything
    GET /products/<sku>    a product
    GET /chat              the chat alone
    GET /privacy           what is stored
    GET /widget.js         the widget

A page speaks the language of ?lang=, which a cookie keeps, or else the browser's.
"""

from __future__ import annotations

import logging
import re
from typing import Any

import aiohttp
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.bundle import widget_asset
from bot.channels.pages import SECURITY_HEADERS
from bot.channels.shop_pages import ShopPages
from textkit.language import LANGUAGES
from textkit.settings import Settings

logger = logging.getLogger(__name__)
SKU = re.compile(r"[A-Z0-9-]{2,32}")
CATEGORY = re.compile(r"[a-z0-9-]{1,48}")
JAVASCRIPT = "text/javascript; charset=utf-8"
COOKIE = "frontdesk-language"
COOKIE_SECONDS = 365 * 24 * 3600
# Any page may load the widget; it asks again after ten minutes, and gets it only when it has changed.
WIDGET_HEADERS = {
    "Cache-Control": "public, max-age=600",
    "Vary": "Accept-Encoding",
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "X-Content-Type-Options": "nosniff",
}


class Shelves:
    """The catalogue, as the action server tells it."""

    def __init__(self, current: Settings, secret: str) -> None:
        self._url = current.actions_url
        self._headers = {"Authorization": f"Bearer {secret}"}

    async def get(self, path: str) -> tuple[int, Any]:
        """Status and content; 503 when the action server cannot be asked."""
        timeout = aiohttp.ClientTimeout(total=10)
        try:
            async with (
                aiohttp.ClientSession(headers=self._headers, timeout=timeout) as client,
                client.get(self._url + path) as answer,
            ):
                return (answer.status, await answer.json()) if answer.status in (200, 404) else (503, None)
        except (aiohttp.ClientError, TimeoutError, ValueError):
            logger.error("the action server did not give %s", path.split("/")[1])
            return 503, None


def add_shop(routes: Blueprint, current: Settings, secret: str) -> None:
    """Put the shop's routes into `routes`; `secret` opens the action server."""
    shelves = Shelves(current, secret)
    script = widget_asset()

    @routes.get("/")
    async def front(request: Request) -> HTTPResponse:
        status, products = await shelves.get("/products")
        category = request.args.get("category", "")
        pages = _pages(current, request, f"/?category={category}" if CATEGORY.fullmatch(category) else "/")
        if status != 200:
            return _html(request, pages.message("trouble"), 503)
        if not category:
            return _html(request, pages.front(products))
        if category != "all" and not any(product["category"] == category for product in products):
            return _html(request, pages.message("not_found"), 404)
        return _html(request, pages.category(products, "" if category == "all" else category))

    @routes.get("/products/<sku:str>")
    async def product(request: Request, sku: str) -> HTTPResponse:
        known = SKU.fullmatch(sku)
        pages = _pages(current, request, f"/products/{sku}" if known else "/")
        status, found = await shelves.get(f"/products/{sku}") if known else (404, None)
        if found is None or status == 404:
            missing = status == 404
            return _html(request, pages.message("not_found" if missing else "trouble"), 404 if missing else 503)
        return _html(request, pages.product(found))

    @routes.get("/chat")
    async def chat(request: Request) -> HTTPResponse:
        return _html(request, _pages(current, request, "/chat").chat())

    @routes.get("/privacy")
    async def privacy(request: Request) -> HTTPResponse:
        return _html(request, _pages(current, request, "/privacy").privacy())

    @routes.get("/widget.js")
    async def widget(request: Request) -> HTTPResponse:
        headers = {**WIDGET_HEADERS, "ETag": script.etag}
        if script.etag in request.headers.get("if-none-match", ""):
            return response.empty(304, headers)
        if "gzip" in request.headers.get("accept-encoding", ""):
            return response.raw(script.packed, 200, {**headers, "Content-Encoding": "gzip"}, JAVASCRIPT)
        return response.raw(script.body, 200, headers, JAVASCRIPT)


def language_of(request: Request) -> str:
    """What the customer chose, or else what the browser asks for."""
    for chosen in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if chosen in LANGUAGES:
            return str(chosen)
    return "zh" if request.headers.get("accept-language", "").strip().lower().startswith("zh") else "en"


def _pages(current: Settings, request: Request, path: str) -> ShopPages:
    return ShopPages(current, language_of(request), path)


def _html(request: Request, text: str, status: int = 200) -> HTTPResponse:
    made = response.html(text, status=status, headers={**SECURITY_HEADERS, "Vary": "Accept-Language, Cookie"})
    if request.args.get("lang") in LANGUAGES:
        made.cookies[COOKIE] = request.args.get("lang")
        made.cookies[COOKIE].update({"max-age": COOKIE_SECONDS, "path": "/", "samesite": "Lax", "httponly": True})
    return made
