"""A server that ends in the middle: the client connects again, sends again, and there is one reply."""

import asyncio
import subprocess
import sys
from types import SimpleNamespace

import pytest

from tests.bot.channels.client import Client, new_id, run
from tests.bot.channels.serving import Served
from textkit.settings import ROOT

STAND = "import bot.engine; bot.engine.prepare(); from tests.bot.channels.serving import stand; stand({!r})"


@pytest.fixture
def mortal(tmp_path):
    """A server in a process of its own, which a test may kill."""
    command = [sys.executable, "-W", "ignore", "-c", STAND.format(str(tmp_path))]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:

        def kill() -> None:
            process.kill()
            process.wait()  # until then its port may still be held: the sockets of a process close one by one

        yield SimpleNamespace(port=int(process.stdout.readline()), kill=kill)
        kill()


async def begin(served, names):
    """Send messages and go on until all are accepted and the first is answered; the server ends meanwhile."""
    client = Client(served)
    await client.open()
    await client.hello()
    for name in names:
        await client.send({"type": "message", "id": name, "text": f"slow {name}"})
    await client.until("done", id=names[0])
    while [f["type"] for f in client.frames].count("accepted") < len(names):
        await client.receive()
    return client


def test_what_was_accepted_is_answered_once_after_a_kill(tmp_path, mortal):
    names = [new_id() for _ in range(3)]

    async def before():
        client = await begin(mortal, names)
        mortal.kill()
        await client.closed()
        return client

    async def after(served, first):
        async with Client(served, first.token) as client:
            assert not client.welcome["new"]
            assert [e["id"] for e in client.welcome["entries"] if e["from"] == "customer"] == names
            for name in names:  # as a client does that has not seen them done
                await client.say(f"slow {name}", id=name)
            async with Client(served, first.token) as again:
                entries = again.welcome["entries"]
        assert [e["id"] for e in entries if e["from"] == "bot"] == [f"{name}/0" for name in names]
        heard = [m.message_id for m in served.bot.heard]
        assert heard == names[1:]
        tracker = await served.bot.tracker_store.retrieve_full_tracker(client.welcome["session"])
        users = [e.as_dict()["message_id"] for e in tracker.events if e.type_name == "user"]
        assert users == names
        assert [e.type_name for e in tracker.events].count("bot") == 3

    left = asyncio.run(before())
    with Served(folder=str(tmp_path), port=mortal.port) as served:
        run(lambda: after(served, left))


def test_a_message_that_was_not_accepted_is_sent_again(tmp_path):
    async def before(served):
        async with Client(served) as client:
            await client.say("Hello")
        return client

    async def after(served, first):
        async with Client(served, first.token) as client:
            assert (await client.say("And now?"))[0]["text"] == "You said: And now?"
            async with Client(served, first.token) as again:
                assert len(again.welcome["entries"]) == 4

    with Served(folder=str(tmp_path)) as served:
        port, left = served.port, asyncio.run(before(served))
    with Served(folder=str(tmp_path), port=port) as served:
        run(lambda: after(served, left))
