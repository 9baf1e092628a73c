"""The web channel over a real WebSocket."""

import asyncio
import json
import time

import jwt
import pytest
import websockets
from rasa.core.channels.socketio import SocketIOInput

from bot.channels import websocket
from bot.channels.frames import MAX_FRAME
from bot.channels.sockets import MAX_TABS, POLICY, TOO_MANY_TABS
from bot.channels.websocket import MAX_BAD
from tests.bot.channels.client import Client, new_id, run
from tests.bot.channels.serving import ACTION_SECRET, SESSION_SECRET, Served


def token(conversation, secret=SESSION_SECRET, life=3600, age=0):
    now = int(time.time())
    claims = {"sub": conversation, "aud": "web", "iat": now - age, "exp": now - age + life}
    return jwt.encode(claims, secret, algorithm="HS256")


def texts(entries):
    return [(e["from"], e["text"]) for e in entries]


def test_a_message_is_accepted_answered_and_done(served):
    async def check():
        async with Client(served) as client:
            assert client.welcome["new"]
            assert (client.welcome["entries"], client.welcome["operator"], client.welcome["limit"]) == ([], None, 100)
            name = new_id()
            await client.send({"type": "message", "id": name, "text": "Hello"})
            await client.until("done")
            kinds = [(f["type"], f.get("on")) for f in client.frames[1:]]
            expected = ["accepted", "typing", "typing", "entries", "done"]
            assert kinds == list(zip(expected, [None, True, False, None, None], strict=True))
            (entry,) = client.frames[-2]["entries"]
            assert (entry["id"], entry["from"], entry["text"]) == (f"{name}/0", "bot", "You said: Hello")
            assert {f.get("id") for f in client.frames if f["type"] in ("accepted", "done")} == {name}

    run(check)


def test_accepted_means_on_disk(served):
    async def check():
        async with Client(served) as client:
            name = new_id()
            await client.send({"type": "message", "id": name, "text": "slow to answer"})
            await client.until("accepted")
            async with Client(served, client.token) as other:
                assert texts(other.welcome["entries"]) == [("customer", "slow to answer")]

    run(check)


def test_history_is_there_after_a_reload(served):
    async def check():
        async with Client(served) as client:
            await client.say("One")
            await client.say("Two")
        async with Client(served, client.token) as again:
            assert (again.welcome["session"], again.welcome["new"]) == (client.welcome["session"], False)
            assert again.token == client.token
            expected = ["One", "You said: One", "Two", "You said: Two"]
            assert [e["text"] for e in again.welcome["entries"]] == expected

    run(check)


def test_the_last_hundred_entries_are_shown(served):
    async def check():
        async with Client(served) as client:
            for number in range(52):
                await client.say(f"Number {number}")
        async with Client(served, client.token) as again:
            entries = again.welcome["entries"]
            assert (len(entries), entries[0]["text"], entries[-1]["text"]) == (100, "Number 2", "You said: Number 51")

    run(check)


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


def test_what_is_sent_over_http_reaches_the_open_tabs(served):
    async def check():
        async with Client(served) as client:
            header = {"Authorization": f"Bearer {client.token}"}
            sent = {"id": new_id(), "text": "Hello"}
            await asyncio.to_thread(served.post, header, sent)
            assert texts(await client.entries(2)) == [("customer", "Hello"), ("bot", "You said: Hello")]

    run(check)


def test_a_message_sent_again_is_handled_once_and_answered_alike(served):
    async def check():
        async with Client(served) as client:
            name, seen = new_id(), len(served.bot.heard)
            first = await client.say("Once", id=name)
            assert await client.say("Once", id=name) == first != []
            async with Client(served, client.token) as other:
                assert await other.say("Once", id=name) == first
                assert len(other.welcome["entries"]) == 2
            assert [m.message_id for m in served.bot.heard[seen:]] == [name]

    run(check)


def test_a_message_sent_again_before_its_answer_is_handled_once(served):
    async def check():
        name, seen = new_id(), len(served.bot.heard)
        sent = {"type": "message", "id": name, "text": "slow"}
        async with Client(served) as client:
            for _ in range(3):
                await client.send(sent)
            await client.until("done")
        assert [f["type"] for f in client.frames].count("accepted") == 3
        assert [f["type"] for f in client.frames].count("entries") == 1
        assert len(served.bot.heard) == seen + 1

    run(check)


def test_fifty_messages_at_once_stay_in_order(served):
    async def check():
        async with Client(served) as client:
            names = [new_id() for _ in range(50)]
            seen = len(served.bot.heard)
            for name in names:
                await client.send({"type": "message", "id": name, "text": f"Say {name}"})
            await client.until("done", id=names[-1])
            assert [m.message_id for m in served.bot.heard[seen:]] == names
            for kind in ("accepted", "done"):
                assert [f["id"] for f in client.frames if f["type"] == kind] == names
            async with Client(served, client.token) as again:
                entries = again.welcome["entries"]
        assert [e["id"] for e in entries if e["from"] == "customer"] == names
        assert [e["id"] for e in entries if e["from"] == "bot"] == [f"{name}/0" for name in names]

    run(check)


def test_fifty_messages_of_fifty_clients_come_in_one_order():
    async def check(served):
        async with Client(served) as first:
            names = [new_id() for _ in range(50)]
            header = {"Authorization": f"Bearer {first.token}"}
            posts = [asyncio.to_thread(served.post, header, {"id": name, "text": name}) for name in names]
            assert all(status == 200 for status, _ in await asyncio.gather(*posts))
            async with Client(served, first.token) as again:
                shown = [e["id"] for e in again.welcome["entries"] if e["from"] == "customer"]
        assert sorted(shown) == names
        assert [m.message_id for m in served.bot.heard] == shown

    with Served() as served:
        run(lambda: check(served))


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


def test_buttons_are_pressed_by_the_ids_of_the_server(served):
    async def check():
        async with Client(served) as client:
            (offer,) = await client.say("offer", language="zh")
            assert "payload" not in json.dumps(client.frames)
            assert [b["title"] for b in offer["buttons"]] == ["Yes", "Tell me more"]
            pressed = [b["id"] for b in offer["buttons"]]
            votes, (card,) = offer["custom"]["votes"], offer["custom"]["cards"]
            pressed += [votes["up"]["id"], votes["down"]["id"], card["buttons"][0]["id"]]
            assert pressed == [f"{offer['id']}/{n}" for n in range(5)]
            said = [(await client.say(button=button))[0]["text"] for button in pressed]
            payloads = ["/affirm", '/ask{"question": "more"}', "/feedback{1}", "/feedback{2}", "/stock"]
            assert said == [f"You said: {payload}" for payload in payloads]
            async with Client(served, client.token) as again:
                shown = [e["text"] for e in again.welcome["entries"] if e["from"] == "customer"]
            assert shown == ["offer", "Yes", "Tell me more", "👍", "👎", "Stock"]

    run(check)


def test_buttons_that_nobody_offered_here_are_refused(served):
    async def check():
        async with Client(served) as owner, Client(served) as stranger:
            (offer,) = await owner.say("offer")
            await stranger.say("Hello")
            seen = len(served.bot.heard)
            tried = [(stranger, f"{offer['id']}/0"), (owner, f"{offer['id']}/5"), (owner, f"{offer['id'][:-2]}/1/0")]
            tried += [(owner, "/affirm"), (owner, f"{offer['id']}/0/0"), (owner, ""), (owner, "m-00000000/0/0")]
            for client, button in tried:
                name = new_id()
                await client.send({"type": "message", "id": name, "button": button})
                assert await client.receive() == {"type": "error", "code": "button_expired", "id": name}
            assert len(served.bot.heard) == seen

    run(check)


def test_an_old_yes_answers_no_later_question(served):
    async def check():
        async with Client(served) as client:
            (offer,) = await client.say("offer")
            await client.say("wait")
            await client.send({"type": "message", "id": new_id(), "button": f"{offer['id']}/0"})
            assert (await client.receive())["code"] == "button_expired"
            assert await client.say(button=f"{offer['id']}/1")

    run(check)


def test_a_button_that_is_shown_no_longer_is_refused(served):
    async def check():
        async with Client(served) as client:
            (offer,) = await client.say("offer")
            for _ in range(99):
                await client.say("Hello")
            assert await client.say(button=f"{offer['id']}/1")
            await client.send({"type": "message", "id": new_id(), "button": f"{offer['id']}/1"})
            assert (await client.receive())["code"] == "button_expired"

    run(check)


def test_a_press_sent_again_is_the_same_press(served):
    async def check():
        async with Client(served) as client:
            (offer,) = await client.say("offer")
            name = new_id()
            first = await client.say(button=f"{offer['id']}/0", id=name)
            await client.say("something else")
            assert await client.say(button=f"{offer['id']}/0", id=name) == first

    run(check)


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


def test_a_failed_turn_is_an_apology_and_done(served):
    async def check():
        async with Client(served) as client:
            (apology,) = await client.say("fail")
            assert "something went wrong" in apology["text"]
            (apology,) = await client.say("silence")
            assert "something went wrong" in apology["text"]
            assert "a secret" not in json.dumps(client.frames)

    run(check)
