"""What stands before the routes of customers: foreign origins are turned away, and an answer says who may read it."""

from __future__ import annotations

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.networks import Networks
from bot.channels.origins import Origins

GUARDED = "/api/"


def add_gate(routes: Blueprint, origins: Origins) -> None:
    """Guard what lies under `/api/`."""

    @routes.middleware("request")
    async def turn_away(request: Request) -> HTTPResponse | None:
        if request.path.startswith(GUARDED) and not origins.allow(*_asked(request)):
            return response.json({"error": "foreign_origin"}, status=403)
        return None

    @routes.middleware("response")
    async def say_who_may_read(request: Request, answer: HTTPResponse) -> HTTPResponse | None:
        if not request.path.startswith(GUARDED) or answer is None:
            return None
        if request.method == "OPTIONS":  # rasa's own CORS answers it before any route does, and allows nobody
            allowed = origins.allow(*_asked(request))
            answer = response.empty(204 if allowed else 403)
        answer.headers.update(origins.headers(*_asked(request), preflight=request.method == "OPTIONS"))
        return answer

    @routes.options("/api/sessions", name="ask_sessions")
    @routes.options("/api/messages", name="ask_messages")
    async def ask(request: Request) -> HTTPResponse:
        return response.empty()


def network_of(request: Request, networks: Networks) -> str:
    """The name of the client's network."""
    return networks.name(request.ip, request.headers.getall("x-forwarded-for", []))


def _asked(request: Request) -> tuple[str | None, str | None]:
    return request.headers.get("origin"), request.headers.get("host")
