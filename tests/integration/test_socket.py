"""The web channel's WebSocket with the real Rasa behind it, and a person who takes over."""

import asyncio
import json
import urllib.request
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from tests.integration.conftest import Conversation, Frontdesk

QUESTION = "How long is the warranty on the Bastion?"


class Socket:
    """A customer's client."""

    def __init__(self, opened: aiohttp.ClientWebSocketResponse) -> None:
        self._opened = opened
        self.entries: list[dict[str, Any]] = []

    async def send(self, **frame: Any) -> None:
        await self._opened.send_json(frame)

    async def until(self, kind: str) -> dict[str, Any]:
        while (frame := await self._opened.receive_json(timeout=30))["type"] != kind:
            self.entries += frame.get("entries", [])
        self.entries += frame.get("entries", [])
        return dict(frame)

    async def say(self, **content: str) -> list[dict[str, Any]]:
        name, seen = uuid.uuid4().hex, len(self.entries)
        await self.send(type="message", id=name, **content)
        assert (await self.until("done"))["id"] == name
        return self.entries[seen:]


@asynccontextmanager
async def open_socket(customer: Conversation) -> AsyncIterator[Socket]:
    async with aiohttp.ClientSession() as http, http.ws_connect(f"{customer.frontdesk.url}/api/socket") as opened:
        socket = Socket(opened)
        await socket.send(type="hello", token=customer.token, language="en")
        assert (await socket.until("welcome"))["session"] == customer.id
        yield socket


def push(frontdesk: Frontdesk, conversation: str, event: str, text: str = "") -> None:
    url = f"{frontdesk.url}/internal/conversations/{conversation}/events"
    body = json.dumps({"id": uuid.uuid4().hex, "event": event, "name": "Mia", "text": text}).encode()
    header = {"Authorization": f"Bearer {frontdesk.action_secret}"}
    with urllib.request.urlopen(urllib.request.Request(url, body, header), timeout=30) as answer:
        assert json.load(answer) == {"status": "ok"}


def test_a_question_and_a_vote_over_the_socket(customer: Conversation):
    async def check() -> None:
        async with open_socket(customer) as socket:
            (answer,) = await socket.say(text=QUESTION)
            assert "5 years" in answer["text"]
            assert "payload" not in json.dumps(socket.entries)
            assert await socket.say(button=answer["custom"]["votes"]["up"]["id"])

    asyncio.run(check())
    assert [row["vote"] for row in customer.frontdesk.rows("feedback", customer.id)] == ["up"]
    assert [e["text"] for e in customer.shown() if e["from"] == "customer"] == [QUESTION, "👍"]


def test_while_a_person_has_the_conversation_the_bot_is_silent(customer: Conversation):
    async def check() -> None:
        async with open_socket(customer) as socket:
            assert await socket.say(text="hello")
            await asyncio.to_thread(push, customer.frontdesk, customer.id, "operator_joined")
            assert (await socket.until("operator"))["name"] == "Mia"
            assert await socket.say(text=QUESTION) == []
            assert await socket.say(text="I want to talk to a person") == []
            await asyncio.to_thread(push, customer.frontdesk, customer.id, "operator_message", "Five years.")
            assert (await socket.until("entries"))["entries"][0]["text"] == "Five years."
            await asyncio.to_thread(push, customer.frontdesk, customer.id, "operator_left")
            assert (await socket.until("operator"))["name"] is None
            assert "5 years" in (await socket.say(text=QUESTION))[0]["text"]

    asyncio.run(check())
    assert customer.said() == ["hello", QUESTION, "I want to talk to a person", QUESTION]
    assert customer.frontdesk.rows("tickets", customer.id) == []
    said = [e.get("text", e.get("event")) for e in customer.shown() if e["from"] in ("operator", "system")]
    assert said == ["operator_joined", "Five years.", "operator_left"]
