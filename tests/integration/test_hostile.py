"""Hostile input over the socket and over HTTP: nothing breaks, nothing is executed, nothing of others is shown."""

import asyncio
import contextlib
import json
import re
import sqlite3
import uuid
from typing import Any

import aiohttp
import pytest

from tests.integration.conftest import Conversation, Frontdesk
from tests.integration.hostile_messages import messages

COUNT = 5000
TOGETHER = 8
OF_ONE_CONVERSATION = 50
SECONDS = 60
INSIDES = re.compile(
    r"Traceback|File \"|site-packages|sqlalchemy|sqlite3|rasa_sdk|\bNone\b|utter_|action_|/work|/tmp/|\{\w+\}",
    re.IGNORECASE,
)


def counted(frontdesk: Frontdesk) -> dict[str, int]:
    """Rows of what a message must not change."""
    with contextlib.closing(sqlite3.connect(frontdesk.business)) as database:
        tables = ("customers", "orders", "order_items", "products", "transactions", "page_views")
        return {table: database.execute(f"select count(*) from {table}").fetchone()[0] for table in tables}


def private(frontdesk: Frontdesk) -> tuple[list[str], set[str]]:
    """Order numbers, and what only their owners may see."""
    with contextlib.closing(sqlite3.connect(frontdesk.business)) as database:
        numbers = [number for (number,) in database.execute("select number from orders order by number")]
        people = database.execute("select email, phone from customers").fetchall()
        parcels = database.execute("select tracking_number from orders where tracking_number is not null").fetchall()
    return numbers, {value for row in [*people, *parcels] for value in row}


async def speak(url: str, client: aiohttp.ClientSession, texts: list[str]) -> list[dict[str, Any]]:
    """One conversation over a socket; what the bot said, and at its end a real question's answer."""
    async with client.ws_connect(f"{url}/api/socket", max_msg_size=0) as socket:
        await socket.send_json({"type": "hello", "token": None, "language": "en"})
        assert (await socket.receive_json(timeout=SECONDS))["type"] == "welcome"
        said: list[dict[str, Any]] = []
        for text in texts:
            said += await turn(socket, text)
        answers = await turn(socket, "How long is the warranty on the Bastion?")
        assert any("5 years" in entry.get("text", "") for entry in answers), (texts, answers)
        return said


async def turn(socket: aiohttp.ClientWebSocketResponse, text: str) -> list[dict[str, Any]]:
    """Send one message; the bot's entries until it is done or refused."""
    name, entries = f"m-{uuid.uuid4().hex}", []
    await socket.send_json({"type": "message", "id": name, "text": text})
    while True:
        frame = await socket.receive_json(timeout=SECONDS)
        if frame["type"] == "entries":
            entries += [entry for entry in frame["entries"] if entry["from"] == "bot"]
        elif frame["type"] in ("done", "error") and frame.get("id") == name:
            assert frame["type"] == "done" or frame["code"] in ("no_text", "too_long"), (text, frame)
            return entries


async def speak_all(url: str, texts: list[str]) -> list[dict[str, Any]]:
    """`texts` in conversations of OF_ONE_CONVERSATION, TOGETHER at a time."""
    batches = iter([texts[n : n + OF_ONE_CONVERSATION] for n in range(0, len(texts), OF_ONE_CONVERSATION)])
    said: list[dict[str, Any]] = []

    async def customers(client: aiohttp.ClientSession) -> None:
        for batch in batches:
            said.extend(await speak(url, client, batch))

    async with aiohttp.ClientSession() as client, asyncio.TaskGroup() as group:
        for _ in range(TOGETHER):
            group.create_task(customers(client))
    return said


def test_hostile_messages_over_the_socket(frontdesk: Frontdesk) -> None:
    numbers, secrets = private(frontdesk)
    before, logged = counted(frontdesk), len(frontdesk.log())
    said = asyncio.run(speak_all(frontdesk.url, list(messages(COUNT, numbers))))
    assert len(said) > COUNT / 2
    assert counted(frontdesk) == before
    for entry in said:
        shown = json.dumps(entry, ensure_ascii=False)
        assert not INSIDES.search(entry.get("text", "")), entry
        assert not [secret for secret in secrets if secret in shown], entry
        assert '"payload"' not in shown
    assert "Traceback" not in frontdesk.log()[logged:]


@pytest.mark.parametrize(
    "body",
    [
        b"\xff\xfe\x00",
        b'{"id": "12345678", "text": "\xc3\x28"}',
        b"[" * 60_000,
        b'{"id": "12345678", "text": ' + b'"' + b"x" * 1_000_000 + b'"}',
        b"null",
        b'{"id": ["12345678"], "text": {"a": 1}}',
        b'{"id": "12345678", "button": {"$ne": 1}}',
        b'{"id": "12345678", "text": "\\ud800"}',
        b"",
    ],
    ids=["bytes", "utf-8", "deep", "1 MB", "null", "types", "button", "surrogate", "empty"],
)
def test_bodies_that_are_none(frontdesk: Frontdesk, customer: Conversation, body: bytes) -> None:
    status, answer = customer.post(body)
    assert 400 <= status < 500
    assert set(answer) == {"error"}
    assert customer.say("How long is the warranty on the Bastion?")
