"""Frames that are not what they should be."""

import json

import pytest
import websockets

from bot.channels import websocket
from bot.channels.frames import MAX_FRAME
from bot.channels.sockets import POLICY
from bot.channels.websocket import MAX_BAD
from tests.bot.channels.client import Client, new_id, run, texts

BAD = {
    "not JSON": ("hello", "not_json"),
    "half of it": ('{"type": "mess', "not_json"),
    "nested deeply": ("[" * 50_000, "not_json"),
    "no object": ("[1]", "bad_frame"),
    "null": ("null", "bad_frame"),
    "no type": ("{}", "unknown_type"),
    "unknown": ('{"type": "shutdown"}', "unknown_type"),
    "a type that is none": ('{"type": {"a": 1}}', "unknown_type"),
    "binary": (b'{"type": "ping"}', "bad_frame"),
    "binary of no text": (b"\xff\xfe\x00", "bad_frame"),
    "too large": ('"' + "x" * MAX_FRAME + '"', "too_large"),
    "too large in bytes": ('"' + "退" * (MAX_FRAME // 3) + '"', "too_large"),
    "a megabyte": ('{"type": "message", "id": "12345678", "text": "' + "x" * 1_000_000 + '"}', "too_large"),
    "no text": ('{"type": "message", "id": "12345678"}', "no_text"),
    "text of another kind": ('{"type": "message", "id": "12345678", "text": {"$ne": 1}}', "no_text"),
    "no id": ('{"type": "message", "text": "hello"}', "no_id"),
    "too long": ('{"type": "message", "id": "12345678", "text": "' + "x" * 101 + '"}', "too_long"),
    "no button": ('{"type": "message", "id": "12345678", "button": "x"}', "button_expired"),
    "a button of no form": ('{"type": "message", "id": "12345678", "button": {"a": 1}}', "button_expired"),
}


@pytest.mark.parametrize(("frame", "code"), BAD.values(), ids=BAD.keys())
def test_a_bad_frame_gets_an_error_and_the_socket_survives(served, frame, code):
    async def check():
        async with Client(served) as client:
            seen = len(served.bot.heard)
            await client.send(frame)
            error = await client.receive()
            assert (error["type"], error["code"]) == ("error", code)
            assert error.get("id") in (None, "12345678")
            assert len(served.bot.heard) == seen
            assert (await client.say("Hello"))[0]["text"] == "You said: Hello"

    run(check)


def test_broken_utf8_gets_an_error_and_the_socket_survives(served):
    async def check():
        async with Client(served) as client:
            broken = b'{"type": "message", "id": "12345678", "text": "\xff\xfe"}'
            await client.socket.write_frame(True, websockets.frames.OP_TEXT, broken)
            assert await client.receive() == {"type": "error", "code": "not_json"}
            await client.socket.write_frame(False, websockets.frames.OP_TEXT, b'{"type": "pi\xe9')
            await client.socket.write_frame(True, websockets.frames.OP_CONT, b'ng"}')
            assert await client.receive() == {"type": "error", "code": "not_json"}
            assert (await client.say("Hello"))[0]["text"] == "You said: Hello"

    run(check)


def test_a_frame_in_parts_is_one(served):
    async def check():
        async with Client(served) as client:
            whole = json.dumps({"type": "message", "id": new_id(), "text": "你好"}, ensure_ascii=False).encode()
            parts = [whole[n : n + 7] for n in range(0, len(whole), 7)]
            for number, part in enumerate(parts):
                kind = websockets.frames.OP_CONT if number else websockets.frames.OP_TEXT
                await client.socket.write_frame(number == len(parts) - 1, kind, part)
            assert texts(await client.entries()) == [("bot", "You said: 你好")]

    run(check)


def test_after_too_many_bad_frames_the_socket_is_closed(served):
    async def check():
        async with Client(served) as client:
            for _ in range(MAX_BAD):
                await client.send("hello")
            assert await client.closed() == POLICY
            assert client.socket.messages is not None
        async with Client(served, client.token) as again:
            assert await again.say("Hello")

    run(check)


def test_before_hello_nothing_is_taken(served, monkeypatch):
    monkeypatch.setattr(websocket, "HELLO_SECONDS", 0.3)

    async def check():
        client = Client(served)
        await client.open()
        seen = len(served.bot.heard)
        await client.send({"type": "message", "id": new_id(), "text": "Hello"})
        assert (await client.receive())["code"] == "bad_frame"
        assert await client.closed() == POLICY
        assert len(served.bot.heard) == seen

    run(check)
