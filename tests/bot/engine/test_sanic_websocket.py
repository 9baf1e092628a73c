"""Each test runs in an interpreter of its own, because the mend cannot be taken back."""

import json

import pytest

from tests.bot.engine.running import python

# Two frames of one message reach the server's side of a WebSocket; argument 2 is what to do with it.
SCRIPT = """
import asyncio, json, sys, warnings
warnings.simplefilter("ignore")
from sanic.server.websockets.impl import WebsocketImplProtocol
from websockets.connection import OPEN
from websockets.frames import Frame, Opcode
from websockets.server import ServerConnection

if sys.argv[1] == "mended":
    from bot.engine import sanic_websocket
    sanic_websocket.mend()

async def main():
    connection = ServerConnection()
    connection.state = OPEN
    socket = WebsocketImplProtocol(connection)
    socket.loop = asyncio.get_running_loop()

    async def arrive():
        await socket.assembler.put(Frame(Opcode.TEXT, b"Hello, ", fin=False))
        await socket.assembler.put(Frame(Opcode.CONT, b"world"))

    async def read(receive):
        message, _ = await asyncio.gather(receive, arrive())
        return message

    return await eval(sys.argv[2])

try:
    print(json.dumps(asyncio.run(asyncio.wait_for(main(), 5))))
except TypeError as error:
    print(json.dumps(str(error)))
"""


@pytest.mark.parametrize("call", ["read(socket.recv())", "socket.recv(timeout=0.05)", "socket.recv_burst()"])
def test_stock_sanic_cannot_receive(call: str):
    assert json.loads(python(SCRIPT, "stock", call).stdout).startswith("Passing coroutines is forbidden")


@pytest.mark.parametrize(
    ("call", "received"),
    [
        ("read(socket.recv())", "Hello, world"),
        ("read(socket.recv(timeout=1))", "Hello, world"),
        ("socket.recv(timeout=0.05)", None),
        ("socket.recv(timeout=0)", None),
        ("socket.recv_burst()", []),
    ],
)
def test_mended_sanic_receives(call: str, received: object):
    run = python(SCRIPT, "mended", call)
    assert json.loads(run.stdout) == received
    assert run.stderr == ""
