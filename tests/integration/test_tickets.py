"""A person takes a conversation over with the `frontdesk tickets` command, against the real servers."""

import json
import os
import subprocess
import sys
import threading
import time
import urllib.request
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.conftest import Frontdesk
from textkit.settings import ROOT

SAID = {
    "en": {
        "human": "I want to talk to a human",
        "reference": "Your reference is T-",
        "reply": "Hello, this is Mia. <b>What</b> can I do?",
        "ignored": "How long do you keep invoices?",
        "asked": "What is your VAT number?",
        "answer": "GB 347 0000 12",
        "farewell": "All done.\nGoodbye!",
    },
    "zh": {
        "human": "我要转人工",
        "reference": "编号是 T-",
        "reply": "您好，我是小林，请问有什么可以帮您？",
        "ignored": "保修几年？",
        "asked": "堡垒拉杆机保修多久",
        "answer": "5 年",
        "farewell": "处理好了。\n再见！",
    },
}


class Customer:
    """A customer at the REST routes of the web channel."""

    def __init__(self, frontdesk: Frontdesk) -> None:
        self._frontdesk = frontdesk
        status, opened = frontdesk.post("/api/sessions", {})
        assert status == 200, opened
        self.id, self._token = opened["session"], opened["token"]

    def say(self, text: str) -> list[str]:
        """The texts of the bot's replies."""
        status, body = self._frontdesk.post("/api/messages", {"id": uuid.uuid4().hex, "text": text}, self._token)
        assert status == 200, body
        return [entry["text"] for entry in body["entries"]]

    def look(self) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._token}"}
        request = urllib.request.Request(f"{self._frontdesk.url}/api/messages", headers=headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return dict(json.load(answer))

    def said(self, who: str) -> list[str]:
        """What this side said or did, as the customer sees it."""
        return [entry.get("text") or entry["event"] for entry in self.look()["entries"] if entry["from"] == who]


def environment(frontdesk: Frontdesk, **more: str) -> dict[str, str]:
    return {
        **os.environ,
        "FRONTDESK_PORT": str(frontdesk.port),
        "FRONTDESK_ACTIONS_PORT": str(frontdesk.actions_port),
        "FRONTDESK_DATABASE_URL": f"sqlite:///{frontdesk.business}",
        "FRONTDESK_ACTION_SECRET": frontdesk.action_secret,
        "COLUMNS": "240",
        **more,
    }


def tickets(frontdesk: Frontdesk, *words: str, code: int = 0, name: str = "Mia") -> tuple[str, str]:
    """Runs the command to its end: what it printed and what it said."""
    command = [sys.executable, "-m", "frontdesk", "tickets", *words]
    own = environment(frontdesk, FRONTDESK_OPERATOR_NAME=name)
    done = subprocess.run(command, cwd=ROOT, env=own, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout, done.stderr


def row_of(frontdesk: Frontdesk, customer: Customer, *words: str) -> dict[str, Any]:
    rows = json.loads(tickets(frontdesk, "list", "--json", *words)[0])["tickets"]
    return next((row for row in rows if row["conversation"] == customer.id), {})


def wait_for(condition: Callable[[], object], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_person_takes_over_and_gives_back(frontdesk: Frontdesk, language: str):
    words, customer = SAID[language], Customer(frontdesk)
    (told,) = customer.say(words["human"])
    assert words["reference"] in told
    row = row_of(frontdesk, customer)
    reference = row["reference"]
    assert reference in told
    assert (row["status"], row["language"], row["operator"], row["online"]) == ("open", language, None, False)
    assert row["last"] == words["human"]
    shown, _ = tickets(frontdesk, "show", reference)
    assert words["human"] in shown
    assert told in shown.replace("\n", "")

    tickets(frontdesk, "reply", reference, words["reply"])
    assert (customer.said("operator"), customer.look()["operator"]) == ([words["reply"]], "Mia")
    assert row_of(frontdesk, customer)["status"] == "pending"
    assert customer.say(words["ignored"]) == customer.say(words["human"]) == []
    assert row_of(frontdesk, customer)["last"] == words["human"]

    tickets(frontdesk, "close", reference, "--text", words["farewell"])
    assert customer.said("operator") == [words["reply"], words["farewell"]]
    assert (customer.said("system"), customer.look()["operator"]) == (["operator_joined", "operator_left"], None)
    assert row_of(frontdesk, customer) == {}
    assert row_of(frontdesk, customer, "--all")["status"] == "closed"
    assert words["answer"] in customer.say(words["asked"])[0]
    (told_again,) = customer.say(words["human"])
    assert reference not in told_again  # another ticket

    (stored,) = [row for row in frontdesk.rows("tickets", customer.id) if row["status"] == "open"]
    said = [(line["from"], line.get("name"), line["text"]) for line in stored["transcript"]]
    assert ("operator", "Mia", words["reply"]) in said
    tickets(frontdesk, "close", stored["reference"])


def test_another_person_needs_force(frontdesk: Frontdesk):
    customer = Customer(frontdesk)
    customer.say("I want to talk to a human")
    reference = row_of(frontdesk, customer)["reference"]
    tickets(frontdesk, "take", reference)
    _, said = tickets(frontdesk, "reply", reference, "Hi", code=1, name="Tom")
    assert f"Mia has {reference}. --force takes it over." in said
    tickets(frontdesk, "take", reference, "--force", name="Tom")
    assert customer.look()["operator"] == "Tom"
    tickets(frontdesk, "close", reference, name="Tom")
    _, said = tickets(frontdesk, "reply", reference, "Hi", code=1)
    assert f"{reference} is closed." in said
    assert customer.said("operator") == []


def test_a_chat_sends_lines_and_shows_the_customer_s(frontdesk: Frontdesk):
    customer = Customer(frontdesk)
    customer.say("I want to talk to a human")
    reference = row_of(frontdesk, customer)["reference"]
    command = [sys.executable, "-m", "frontdesk", "tickets", "chat", reference, "--name", "Mia"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    own = environment(frontdesk, PYTHONUNBUFFERED="1")
    with subprocess.Popen(command, cwd=ROOT, env=own, **pipes) as chat:
        shown: list[str] = []
        reader = threading.Thread(target=lambda: shown.extend(chat.stdout))
        reader.start()
        wait_for(lambda: customer.look()["operator"] == "Mia")
        assert customer.say("My kettle leaks") == []
        wait_for(lambda: any("My kettle leaks" in line for line in shown))
        chat.stdin.write("Since when?\n")
        chat.stdin.flush()
        wait_for(lambda: customer.said("operator") == ["Since when?"])
        chat.stdin.close()
        assert chat.wait(30) == 0
        reader.join()
    assert f"{reference} is still yours" in shown[-1]
    assert customer.look()["operator"] == "Mia"
    tickets(frontdesk, "close", reference)
