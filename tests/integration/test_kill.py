"""kill -9 of either server at random, while 200 customers talk: nothing lost, nothing doubled, order kept."""

import contextlib
import http.client
import os
import random
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.integration.conftest import Conversation, Frontdesk

CUSTOMERS, AT_A_TIME, KILLS = 200, 16, 3
LINES = {
    "en": ["hello", "What colour are the curtains in your office?", "How long is the warranty on the Bastion?"],
    "zh": ["你好", "你们老板办公室的窗帘是什么颜色", "堡垒拉杆机保修多久"],
}
PERSON = {"en": "I want to talk to a person", "zh": "转人工"}
SECONDS = 240


@pytest.fixture(scope="module")
def shaken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Frontdesk]:
    running = Frontdesk(tmp_path_factory.mktemp("killed"))
    running.start()
    yield running
    running.stop()


def insist(customer: Conversation, text: str, name: str) -> list[dict[str, object]]:
    """Say it as a client does that loses its connection: the same id again, until there is an answer."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, ValueError, http.client.HTTPException):
            status, body = customer.post({"id": name, "text": text})
            if status == 200:
                return body["entries"]
        time.sleep(0.2)
    raise AssertionError("no answer")


def converse(server: Frontdesk, number: int) -> tuple[str, list[tuple[str, str]], list[object]]:
    """One customer: the conversation, what was said under which id, and the replies."""
    language = "zh" if number % 2 else "en"
    while True:
        with contextlib.suppress(OSError, ValueError, http.client.HTTPException):
            customer = server.conversation()
            break
        time.sleep(0.2)
    said = [(text, f"message-{number}-{n}") for n, text in enumerate([*LINES[language], PERSON[language]])]
    replies = [insist(customer, text, name) for text, name in said]
    again = [insist(customer, text, name) for text, name in said]
    assert again == replies, "a message that is sent again gets the replies it had"
    return customer.id, said, replies


def kill_at_random(server: Frontdesk, module: str, ends: threading.Event) -> int:
    """Kill the server several times, each time once it is up again; how often that was."""
    pick, done = random.Random(module), 0
    for _ in range(KILLS):
        if ends.wait(pick.uniform(0.5, 2.0)):
            break
        seen = len(server.log())
        os.kill(server.server(module), signal.SIGKILL)
        done += 1
        server.wait_for_log("is up and running" if module == "bot.engine" else "listening on", 60, after=seen)
    return done


@pytest.mark.parametrize("module", ["bot.engine", "actions"])
def test_a_kill_loses_nothing_and_doubles_nothing(shaken: Frontdesk, module: str) -> None:
    ends = threading.Event()
    with ThreadPoolExecutor(AT_A_TIME + 1) as pool:
        killer = pool.submit(kill_at_random, shaken, module, ends)
        customers = [pool.submit(converse, shaken, number) for number in range(CUSTOMERS)]
        spoken = [customer.result(SECONDS) for customer in customers]
        ends.set()
        assert killer.result(90) >= 2
    for conversation, said, replies in spoken:
        events = shaken.events(conversation)
        heard = [(e["text"], e["message_id"]) for e in events if e["event"] == "user"]
        assert heard == said
        assert all(replies), "every message has a reply"
        uttered = [e["text"] for e in events if e["event"] == "bot"]
        assert uttered == [reply["text"] for turn in replies for reply in turn]
        assert len(shaken.rows("tickets", conversation)) == 1
        assert len(shaken.rows("unanswered_questions", conversation)) == 1
