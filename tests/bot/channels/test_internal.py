"""What a person on the business's side does, over the routes for the models side."""

import asyncio
import json
from urllib.parse import quote

import pytest

from bot.channels import internal
from tests.bot.channels.client import Client, new_id, run
from tests.bot.channels.serving import ACTION_SECRET, SESSION_SECRET, Served

SECRET = {"Authorization": f"Bearer {ACTION_SECRET}"}


async def push(served, conversation, event, headers=SECRET, **more):
    body = {"id": new_id(), "event": event, "name": "Mia", **more}
    path = f"/internal/conversations/{quote(conversation, safe='')}/events"
    status, _, text = await asyncio.to_thread(served.call, "POST", path, json.dumps(body), headers)
    return status, json.loads(text)


async def look(served, conversation, headers=SECRET):
    path = f"/internal/conversations/{quote(conversation, safe='')}"
    status, _, text = await asyncio.to_thread(served.call, "GET", path, None, headers)
    return status, json.loads(text)


async def events(served, conversation):
    tracker = await served.bot.tracker_store.retrieve_full_tracker(conversation)
    return [e.as_dict() for e in tracker.events]


def test_a_person_takes_over_and_the_bot_is_silent(served):
    async def check():
        async with Client(served) as client:
            conversation = client.welcome["session"]
            await client.say("I want a person")
            assert await push(served, conversation, "operator_joined") == (200, {"status": "ok"})
            (joined,) = await client.entries()
            assert (joined["from"], joined["event"], joined["name"]) == ("system", "operator_joined", "Mia")
            assert await client.until("operator") == {"type": "operator", "name": "Mia"}

            seen = len(client.frames)
            assert await client.say("Hello Mia") == []
            assert [f["type"] for f in client.frames[seen:] if f.get("on") is not False] == ["accepted", "done"]
            assert await client.say("silence") == []

            await push(served, conversation, "operator_message", text="Hello, how can I help?")
            (said,) = await client.entries()
            assert (said["from"], said["name"], said["text"]) == ("operator", "Mia", "Hello, how can I help?")

            await push(served, conversation, "operator_left")
            assert (await client.entries())[0]["event"] == "operator_left"
            assert await client.until("operator") == {"type": "operator", "name": None}
            assert (await client.say("Back to the bot"))[0]["text"] == "You said: Back to the bot"

            told = await events(served, conversation)
            kinds = [e["event"] for e in told if e["event"] not in ("action", "slot")]
            assert kinds == ["user", "bot", "pause", "user", "user", "bot", "resume", "user", "bot"]
            assert [e["metadata"] for e in told if e["event"] == "bot"][1] == {"operator": "Mia"}

    run(check)


def test_what_a_person_said_survives_a_reload(served):
    async def check():
        async with Client(served) as client:
            conversation = client.welcome["session"]
            await client.say("Hello")
            await push(served, conversation, "operator_joined")
            await push(served, conversation, "operator_message", text="Hello 你好")
            await client.say("Thanks")
        async with Client(served, client.token) as again:
            assert again.welcome["operator"] == "Mia"
            shown = [(e["from"], e.get("text", e.get("event"))) for e in again.welcome["entries"]]
            assert shown == [
                ("customer", "Hello"),
                ("bot", "You said: Hello"),
                ("system", "operator_joined"),
                ("operator", "Hello 你好"),
                ("customer", "Thanks"),
            ]
            assert len({e["id"] for e in again.welcome["entries"]}) == 5

    run(check)


def test_an_event_counts_once_per_id(served):
    async def check():
        async with Client(served) as client:
            conversation = client.welcome["session"]
            await client.say("Hello")
            sent = {"id": new_id(), "text": "Hello"}
            answers = [push(served, conversation, "operator_message", **sent) for _ in range(4)]
            assert await asyncio.gather(*answers) == [(200, {"status": "ok"})] * 4
            assert len(await client.entries()) == 1
            assert (await client.say("Hello"))[0]["from"] == "bot"
            assert [f["type"] for f in client.frames].count("entries") == 3
            assert [e["event"] for e in await events(served, conversation)].count("bot") == 3

    run(check)


def test_an_event_waits_for_the_turn_before_it(served):
    async def check():
        async with Client(served) as client:
            await client.say("Hello")
            await client.send({"type": "message", "id": new_id(), "text": "slow"})
            await client.until("accepted")
            pushing = asyncio.create_task(push(served, client.welcome["session"], "operator_joined"))
            await asyncio.sleep(0.1)
            await client.send({"type": "message", "id": new_id(), "text": "after"})
            assert (await client.entries(2))[-1]["from"] == "system"
            assert (await pushing)[0] == 200
            await client.until("done")
            assert [f["entries"][0].get("text") for f in client.frames if f["type"] == "entries"][
                -2
            ] == "You said: slow"

    run(check)


def test_typing_is_shown_and_ends(served, monkeypatch):
    monkeypatch.setattr(internal, "TYPING_SECONDS", 0.3)

    async def check():
        async with Client(served) as client:
            await client.say("Hello")
            assert (await push(served, client.welcome["session"], "operator_typing"))[0] == 200
            assert await client.receive() == {"type": "typing", "on": True, "from": "operator"}
            assert await client.receive() == {"type": "typing", "on": False, "from": "operator"}
            assert "operator_typing" not in str(await look(served, client.welcome["session"]))

    run(check)


def test_the_models_side_sees_the_conversation(served):
    async def check():
        async with Client(served) as client:
            conversation = client.welcome["session"]
            await client.say("Hello")
            await push(served, conversation, "operator_joined")
            status, body = await look(served, conversation)
            assert (status, body["operator"], body["online"]) == (200, "Mia", True)
            assert [e["from"] for e in body["entries"]] == ["customer", "bot", "system"]
        await asyncio.sleep(0.3)
        assert not (await look(served, conversation))[1]["online"]

    run(check)


@pytest.mark.parametrize("name", ["web-unknown", "退货", "../x", "a b"])
def test_an_unknown_conversation_is_not_found(served, name):
    async def check():
        for event in ("operator_joined", "operator_message", "operator_typing"):
            assert await push(served, name, event, text="Hello") == (404, {"error": "not_found"})
        assert (await look(served, name))[0] == 404

    run(check)


WRONG = {
    "none": {},
    "empty": {"Authorization": ""},
    "another": {"Authorization": "Bearer x"},
    "the session's": {"Authorization": f"Bearer {SESSION_SECRET}"},
    "cut off": {"Authorization": f"Bearer {ACTION_SECRET[:-1]}"},
    "another scheme": {"Authorization": f"Basic {ACTION_SECRET}"},
    "bytes": {"Authorization": "Bearer \xff\xfe"},
}


@pytest.mark.parametrize("headers", WRONG.values(), ids=WRONG.keys())
def test_the_secret_is_needed(served, headers):
    async def check():
        async with Client(served) as client:
            conversation = client.welcome["session"]
            await client.say("Hello")
            assert (await push(served, conversation, "operator_message", headers, text="I am the shop"))[0] == 401
            assert (await look(served, conversation, headers))[0] == 401
            customer = {"Authorization": f"Bearer {client.token}"}
            assert (await push(served, conversation, "operator_joined", customer))[0] == 401
            assert len((await look(served, conversation))[1]["entries"]) == 2

    run(check)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"event": "operator_fired"}, "unknown_type"),
        ({"event": ["operator_left"]}, "unknown_type"),
        ({"id": ""}, "no_id"),
        ({"id": "a/b"}, "no_id"),
        ({"id": "x" * 65}, "no_id"),
        ({"id": 5}, "no_id"),
        ({"name": ""}, "bad_frame"),
        ({"name": None}, "bad_frame"),
        ({"text": ""}, "no_text"),
        ({"text": "\u0000"}, "no_text"),
        ({"text": ["Hello"]}, "bad_frame"),
        ({"text": "x" * 10_001}, "too_long"),
    ],
)
def test_an_event_of_another_form_is_refused(served, more, code):
    async def check():
        async with Client(served) as client:
            await client.say("Hello")
            body = {"event": "operator_message", "text": "Hello", **more}
            status, answer = await push(served, client.welcome["session"], **body)
            assert (status, answer) == (413 if code == "too_long" else 400, {"error": code})

    run(check)


def test_a_person_s_words_are_there_after_a_restart(tmp_path):
    async def first(served):
        async with Client(served) as client:
            await client.say("Hello")
            await push(served, client.welcome["session"], "operator_joined")
            await push(served, client.welcome["session"], "operator_message", text="Hello from Mia", id="once")
        return client

    async def second(served, client):
        async with Client(served, client.token) as again:
            assert (again.welcome["operator"], len(again.welcome["entries"])) == ("Mia", 4)
            assert await again.say("still here?") == []
            await push(served, again.welcome["session"], "operator_message", text="Hello from Mia", id="once")
            assert len((await look(served, again.welcome["session"]))[1]["entries"]) == 5

    with Served(folder=str(tmp_path)) as served:
        left = asyncio.run(first(served))
    with Served(folder=str(tmp_path)) as served:
        run(lambda: second(served, left))
