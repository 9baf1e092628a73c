"""Sessions over the WebSocket: who has one, how long, in how many tabs."""

import asyncio
import time

import jwt
import pytest
import websockets
from rasa.core.channels.socketio import SocketIOInput

from bot.channels.sockets import MAX_TABS, TOO_MANY_TABS
from tests.bot.channels.client import Client, new_id, run, texts, token
from tests.bot.channels.serving import ACTION_SECRET, SESSION_SECRET, Served


def test_two_tabs_see_each_other(served):
    async def check():
        async with Client(served) as one, Client(served, one.token) as two, Client(served) as stranger:
            name = new_id()
            await one.send({"type": "message", "id": name, "text": "Hello"})
            await one.until("done")
            await two.until("done", id=name)
            assert texts(e for f in two.frames if f["type"] == "entries" for e in f["entries"]) == [
                ("customer", "Hello"),
                ("bot", "You said: Hello"),
            ]
            assert texts(e for f in one.frames if f["type"] == "entries" for e in f["entries"]) == [
                ("bot", "You said: Hello")
            ]
            assert "accepted" not in [f["type"] for f in two.frames]
            await stranger.send({"type": "ping"})
            assert (await stranger.receive())["type"] == "pong"

    run(check)


REFUSED = {
    "none": None,
    "empty": "",
    "no token": "web-victim",
    "expired": token("web-victim", age=7200),
    "forged": token("web-victim", ACTION_SECRET),
    "not a text": 5,
    "a list": ["web-victim"],
}


@pytest.mark.parametrize("given", REFUSED.values(), ids=REFUSED.keys())
def test_a_refused_token_gets_a_session_of_the_server_s(served, given):
    async def check():
        async with Client(served, given) as client:
            assert client.welcome["new"]
            assert client.welcome["session"] != "web-victim"
            claims = jwt.decode(client.token, SESSION_SECRET, ["HS256"], audience="web")
            assert claims["sub"] == client.welcome["session"]

    run(check)


def test_no_client_names_a_session(served):
    """As it can with rasa's Socket.IO channel: see the next test."""

    async def check():
        async with Client(served) as owner:
            await owner.say("a secret")
            stranger = Client(served)
            await stranger.open()
            victim = owner.welcome["session"]
            welcome = await stranger.hello(session=victim, session_id=victim, sender=victim, conversation=victim)
            assert (welcome["entries"], welcome["session"] == victim) == ([], False)
            said = await stranger.say("Hello", session=victim, session_id=victim, sender=victim)
            assert said[0]["text"] == "You said: Hello"
            assert served.bot.heard[-1].sender_id == welcome["session"]
            await stranger.socket.close()
            await owner.send({"type": "ping"})
            assert (await owner.receive())["type"] == "pong"

    run(check)


def test_the_stock_channel_lets_a_client_name_any_session():
    heard = []

    async def listen(message):
        heard.append(message)

    async def check():
        channel = SocketIOInput(session_persistence=True)
        channel.blueprint(listen)
        sid = await channel.sio.manager.connect("connection", "/")
        for name in ("session_request", "user_uttered"):
            await channel.sio.handlers["/"][name](sid, {"session_id": "web-victim", "message": "Hello"})

    run(check)
    assert [m.sender_id for m in heard] == ["web-victim"]


def test_an_old_token_is_renewed(served):
    async def check():
        async with Client(served) as client:
            await client.say("Hello")
            session = client.welcome["session"]
        old = token(session, life=3600, age=1900)
        async with Client(served, old) as again:
            assert again.token != old
            assert (again.welcome["session"], again.welcome["new"]) == (session, False)
            assert len(again.welcome["entries"]) == 2
            assert jwt.decode(again.token, SESSION_SECRET, ["HS256"], audience="web")["exp"] > time.time() + 80_000
        young = token(session, life=3600, age=1700)
        async with Client(served, young) as again:
            assert again.token == young

    run(check)


def test_a_session_that_ends_while_the_socket_is_open_takes_nothing_more(served):
    async def check():
        async with Client(served, token("web-short", life=2)) as client:
            assert client.welcome["session"] == "web-short"
            await asyncio.sleep(2.2)
            name = new_id()
            await client.send({"type": "message", "id": name, "text": "Hello"})
            assert await client.receive() == {"type": "error", "code": "session_expired", "id": name}
            assert (await client.hello())["new"]
            assert (await client.say("Hello"))[0]["text"] == "You said: Hello"

    run(check)


def test_a_second_hello_starts_over(served):
    async def check():
        async with Client(served) as client:
            await client.say("Hello")
            first, client.token = client.welcome["session"], None
            welcome = await client.hello()
            assert (welcome["new"], welcome["entries"], welcome["session"] == first) == (True, [], False)
            await client.say("Hello again")
            assert served.bot.heard[-1].sender_id == welcome["session"]

    run(check)


def test_a_fifth_tab_closes_the_oldest(served):
    async def check():
        async with Client(served) as first:
            others = [Client(served, first.token) for _ in range(MAX_TABS)]
            for other in others:
                await other.open()
                await other.hello()
            assert await first.closed() == TOO_MANY_TABS
            assert await others[0].say("Hello")
            for other in others:
                await other.socket.close()

    run(check)


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://127.0.0.1:{port}", 101),
        ("https://shop.example", 101),
        ("https://evil.example", 403),
        ("https://shop.example.evil.example", 403),
        ("http://shop.example", 403),
        ("https://shop.example:444", 403),
        ("http://127.0.0.1:1", 403),
        ("null", 403),
        ("", 403),
    ],
)
def test_a_page_of_another_origin_is_turned_away(origin, status):
    async def check(served):
        client = Client(served, Origin=origin.format(port=served.port))
        if status == 101:
            await client.open()
            assert (await client.hello())["new"]
            await client.socket.close()
        else:
            with pytest.raises(websockets.InvalidStatusCode, match=str(status)):
                await client.open()

    with Served(allowed_origins="https://shop.example, https://www.shop.example") as served:
        run(lambda: check(served))


def test_the_language_of_the_hello_is_the_page_s(served):
    async def check():
        client = Client(served)
        await client.open()
        await client.hello(language="zh")
        await client.say("ok")
        assert served.bot.heard[-1].metadata["language"] == "zh"
        await client.say("ok", language="en")
        assert served.bot.heard[-1].metadata["language"] == "en"
        await client.socket.close()

    run(check)
