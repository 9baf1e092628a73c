"""How much one session or one network may send."""

import asyncio

import pytest
import websockets

from tests.bot.channels.client import Client, new_id, run
from tests.bot.channels.serving import Served


def test_too_many_messages_of_one_session():
    async def check(served):
        async with Client(served) as client, Client(served) as other:
            for _ in range(3):
                await client.say("Hello")
            name = new_id()
            await client.send({"type": "message", "id": name, "text": "Hello"})
            assert await client.receive() == {"type": "error", "code": "too_many_messages", "id": name}
            assert await other.say("Hello")

    with Served(messages_per_minute=3) as served:
        run(lambda: check(served))


def test_too_many_messages_of_one_network():
    async def check(served):
        clients = [Client(served) for _ in range(11)]
        for client in clients:
            await client.open()
            await client.hello()
        for client in clients[:10]:
            await client.say("Hello")
        await clients[10].send({"type": "message", "id": new_id(), "text": "Hello"})
        assert (await clients[10].receive())["code"] == "too_many_messages"
        async with Client(served, X_Forwarded_For="203.0.113.9") as elsewhere:
            assert await elsewhere.say("Hello")
        for client in clients:
            await client.socket.close()

    with Served(messages_per_minute=1, trusted_proxies="127.0.0.1") as served:
        run(lambda: check(served))


def test_too_many_sessions_of_one_network():
    async def check(served):
        async with Client(served) as known:
            client = Client(served)
            await client.open()
            await client.send({"type": "hello", "token": None})
            assert await client.receive() == {"type": "error", "code": "too_many_sessions"}
            client.token = known.token
            assert not (await client.hello())["new"]
            await client.socket.close()

    with Served(sessions_per_minute=1) as served:
        run(lambda: check(served))


@pytest.mark.parametrize("trusted", [False, True])
def test_x_forwarded_for_counts_from_a_trusted_proxy_alone(trusted):
    async def check(served):
        async with Client(served, X_Forwarded_For="203.0.113.1"):
            client = Client(served, X_Forwarded_For="198.51.100.7, 203.0.113.2")
            await client.open()
            await client.send({"type": "hello"})
            assert (await client.receive())["type"] == ("welcome" if trusted else "error")
            forger = Client(served, X_Forwarded_For="198.51.100.8, 203.0.113.1")
            await forger.open()
            await forger.send({"type": "hello"})
            assert (await forger.receive())["type"] == "error"
            await client.socket.close()
            await forger.socket.close()

    with Served(sessions_per_minute=1, trusted_proxies="127.0.0.0/8" if trusted else "") as served:
        run(lambda: check(served))


def test_too_many_sockets_of_one_network():
    async def check(served):
        async with Client(served), Client(served):
            with pytest.raises(websockets.InvalidStatusCode, match="429"):
                await Client(served).open()
        await asyncio.sleep(0.3)
        async with Client(served) as client:
            assert await client.say("Hello")

    with Served(sockets_per_network=2) as served:
        run(lambda: check(served))


def test_a_closed_socket_is_forgotten():
    async def check(served):
        clients = [Client(served) for _ in range(30)]
        for client in clients:
            await client.open()
            await client.hello()
        for client in clients[::2]:
            await client.socket.close()
        for client in clients[1::2]:
            client.socket.transport.abort()
        await asyncio.sleep(0.5)
        return [t for t in asyncio.all_tasks(served.loop) if "OpenSocket" in repr(t) or "FrameAssembler" in repr(t)]

    with Served() as served:
        left = []
        run(lambda: _collect(check(served), left))
        assert left == []


async def _collect(found, into):
    into += await found
