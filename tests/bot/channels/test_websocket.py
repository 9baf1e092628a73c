"""The WebSocket of the web channel: messages, their order, their history."""

import asyncio
import json

from tests.bot.channels.client import Client, new_id, run, texts
from tests.bot.channels.serving import Served


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


def test_a_failed_turn_is_an_apology_and_done(served):
    async def check():
        async with Client(served) as client:
            (apology,) = await client.say("fail")
            assert "something went wrong" in apology["text"]
            (apology,) = await client.say("silence")
            assert "something went wrong" in apology["text"]
            assert "a secret" not in json.dumps(client.frames)

    run(check)
