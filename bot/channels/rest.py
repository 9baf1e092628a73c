"""The channel over plain HTTP, for clients without a WebSocket."""

from __future__ import annotations

import json
from typing import Any

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.conversations import Conversations
from bot.channels.entries import reply_entries
from bot.channels.frames import read_message, read_object
from bot.channels.gate import network_of
from bot.channels.networks import Networks
from bot.channels.refusals import RefusedError
from bot.channels.sessions import SessionError

PRIVATE = {"Cache-Control": "no-store"}


def add_rest(routes: Blueprint, conversations: Conversations, networks: Networks) -> None:
    """The routes."""

    @routes.post("/api/sessions")
    async def open_session(request: Request) -> HTTPResponse:
        try:
            session, token = conversations.open_session(network_of(request, networks))
        except RefusedError as refused:
            return refusal(refused)
        return response.json({"session": session, "token": token}, headers=PRIVATE)

    @routes.post("/api/messages")
    async def receive(request: Request) -> HTTPResponse:
        network = network_of(request, networks)
        try:
            conversation = _conversation(request, conversations)
            conversations.check_rate(conversation, network)
            said = read_message(read_object(request.body), conversations.settings.message_limit)
            accepted = await conversations.accept(conversation, network, said)
        except RefusedError as refused:
            return refusal(refused)
        replies = await conversations.turns.replies(accepted)
        return answer({"entries": reply_entries(said.message_id, replies, accepted.at)})

    @routes.get("/api/messages")
    async def show(request: Request) -> HTTPResponse:
        try:
            conversation = _conversation(request, conversations)
            conversations.check_rate(conversation, network_of(request, networks))
        except RefusedError as refused:
            return refusal(refused)
        entries = await conversations.entries(conversation)
        return answer({"entries": entries, "operator": await conversations.operator(conversation)})


def answer(body: dict[str, Any]) -> HTTPResponse:
    """A body as JSON, kept by no cache."""
    return response.json(body, headers=PRIVATE, dumps=lambda value: json.dumps(value, ensure_ascii=False))


def refusal(refused: RefusedError) -> HTTPResponse:
    """A refusal as an answer."""
    return response.json({"error": refused.code}, status=refused.status)


def _conversation(request: Request, conversations: Conversations) -> str:
    try:
        return conversations.sessions.conversation(request.headers.get("authorization"))
    except SessionError:
        raise RefusedError("session_expired") from None
