"""The real thing: `frontdesk up` on free ports, with databases of its own and the models of the checkout."""

import contextlib
import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from knowledge.index import current_version, index_root
from tests.integration.browsing import Visits, launched
from textkit.settings import ROOT

COMMAND = [sys.executable, "-m", "frontdesk"]  # of this checkout, wherever the command is installed from
START_SECONDS = 600  # the first start of a fresh checkout makes the index and trains the dialogue model
STOP_SECONDS = 30


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.slow)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Frontdesk:
    """A running `frontdesk up`, its databases and its output."""

    def __init__(self, folder: Path) -> None:
        self.port, self.actions_port = free_port(), free_port()
        self.embedder_port = free_port()  # where pages of another origin stand that embed the widget
        self.url = f"http://127.0.0.1:{self.port}"
        self.action_secret = uuid.uuid4().hex
        self.business, self.trackers = folder / "business.db", folder / "conversations.db"
        self._log = folder / "up.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        environment = {
            **os.environ,
            "FRONTDESK_PORT": str(self.port),
            "FRONTDESK_ALLOWED_ORIGINS": f"http://127.0.0.1:{self.embedder_port}",
            "FRONTDESK_ACTIONS_PORT": str(self.actions_port),
            "FRONTDESK_ACTION_SECRET": self.action_secret,
            "FRONTDESK_DATABASE_URL": f"sqlite:///{self.business}",
            "FRONTDESK_CONVERSATIONS_URL": f"sqlite:///{self.trackers}",
            "FRONTDESK_MESSAGES_PER_MINUTE": "100000",
            "FRONTDESK_SESSIONS_PER_MINUTE": "100000",
        }
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [*COMMAND, "up"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self.wait_for_log("Frontdesk answers at", START_SECONDS)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> int:
        """Press Ctrl-C; the exit code."""
        assert self._process
        self._process.send_signal(signal.SIGINT)
        try:
            return self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            raise

    def log(self) -> str:
        return self._log.read_text("utf-8", "replace")

    def wait_for_log(self, words: str, seconds: float = 30, after: int = 0) -> None:
        """Wait until the output behind position `after` has `words`."""
        assert self._process
        deadline = time.monotonic() + seconds
        while words not in self.log()[after:]:
            assert self._process.poll() is None, f"frontdesk up ended:\n{self.log()}"
            assert time.monotonic() < deadline, f"no {words!r} within {seconds} s:\n{self.log()[after:]}"
            time.sleep(0.05)

    @contextlib.contextmanager
    def nothing_is_restarted(self) -> Iterator[None]:
        """Within the block, the launcher holds still."""
        assert self._process
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def server(self, module: str) -> int:
        """The process id of the server that runs `-m module`."""
        assert self._process
        listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True)
        rows = [line.split(None, 2) for line in listed.stdout.splitlines()]
        found = [int(row[0]) for row in rows if row[1] == str(self._process.pid) and f"-m {module}" in row[2]]
        assert len(found) == 1, listed.stdout
        return found[0]

    def get(self, path: str) -> str:
        with urllib.request.urlopen(self.url + path, timeout=30) as answer:
            return str(answer.read().decode("utf-8"))

    def post(self, path: str, body: Any, token: str = "") -> tuple[int, Any]:
        """Status and decoded body."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
        request = urllib.request.Request(self.url + path, data, headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def rows(self, table: str, conversation: str) -> list[dict[str, Any]]:
        """Rows of the business's database about one conversation, oldest first; JSON columns decoded."""
        with contextlib.closing(sqlite3.connect(self.business)) as database:
            database.row_factory = sqlite3.Row
            found = database.execute(f"select * from {table} where conversation_id = ? order by id", [conversation])
            return [{key: _decoded(row[key]) for key in row.keys()} for row in found]  # noqa: SIM118 (a Row)

    def events(self, conversation: str) -> list[dict[str, Any]]:
        """Rasa's events of one conversation, oldest first."""
        with contextlib.closing(sqlite3.connect(self.trackers)) as database:
            found = database.execute("select data from event where conversation = ? order by sequence", [conversation])
            return [json.loads(data) for (data,) in found]

    def conversation(self) -> "Conversation":
        return Conversation(self)


def _decoded(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) and value[:1] in ("[", "{") else value


class Conversation:
    """One customer at the web channel."""

    def __init__(self, frontdesk: Frontdesk) -> None:
        self.frontdesk = frontdesk
        status, opened = frontdesk.post("/api/sessions", {})
        assert status == 200, opened
        self.id, self.token = opened["session"], opened["token"]
        self.replies: list[dict[str, Any]] = []  # all of the bot's messages

    def post(self, body: Any) -> tuple[int, Any]:
        return self.frontdesk.post("/api/messages", body, self.token)

    def send(self, **content: str) -> list[dict[str, Any]]:
        """The bot's entries in answer to a message with `text` or `button`."""
        status, body = self.post({"id": uuid.uuid4().hex, **content})
        assert status == 200, body
        self.replies += body["entries"]
        return list(body["entries"])

    def say(self, text: str) -> list[dict[str, Any]]:
        return self.send(text=text)

    def say_until_answered(self, text: str, seconds: float = 30) -> list[dict[str, Any]]:
        """The same message, with one id, until the server takes it, as the page does on the customer's word."""
        deadline, name = time.monotonic() + seconds, uuid.uuid4().hex
        while True:
            try:
                return self.send(id=name, text=text)
            except (urllib.error.URLError, http.client.HTTPException, ConnectionError):
                assert time.monotonic() < deadline, self.frontdesk.log()
                time.sleep(0.1)

    def press(self, title: str) -> list[dict[str, Any]]:
        """Press the latest button with this title."""
        buttons = [button for reply in self.replies for button in reply.get("buttons", [])]
        return self.send(button=next(b["id"] for b in reversed(buttons) if b["title"] == title))

    def vote(self, vote: str, **more: str) -> list[dict[str, Any]]:
        """Press a thumb under the latest answer."""
        return self.send(button=self.answers()[-1]["votes"][vote]["id"], **more)

    def answers(self) -> list[dict[str, Any]]:
        """What each answer of the knowledge carries for the page."""
        carried = [reply.get("custom", {}) for reply in self.replies]
        return [custom for custom in carried if custom.get("kind") == "answer"]

    def shown(self) -> list[dict[str, Any]]:
        """The entries that the conversation shows."""
        header = {"Authorization": f"Bearer {self.token}"}
        request = urllib.request.Request(f"{self.frontdesk.url}/api/messages", headers=header)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return list(json.load(answer)["entries"])

    def slots(self) -> dict[str, Any]:
        """The slots as the tracker database has them."""
        return {e["name"]: e["value"] for e in self.frontdesk.events(self.id) if e["event"] == "slot"}

    def said(self) -> list[str]:
        """The customer's messages as the tracker database has them."""
        return [e["text"] for e in self.frontdesk.events(self.id) if e["event"] == "user"]

    def understood(self) -> list[tuple[str, float]]:
        """Intent and confidence of each message."""
        users = [e for e in self.frontdesk.events(self.id) if e["event"] == "user"]
        return [(e["parse_data"]["intent"]["name"], e["parse_data"]["intent"]["confidence"]) for e in users]


@pytest.fixture(scope="session")
def frontdesk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Frontdesk]:
    """One server for all tests; its end has to be a clean one."""
    running = Frontdesk(tmp_path_factory.mktemp("frontdesk"))
    running.start()
    yield running
    assert_clean_end(running)
    assert "Traceback" not in running.log()


def assert_clean_end(running: Frontdesk) -> None:
    seen = len(running.log())
    assert running.stop() == 0, running.log()
    end = running.log()[seen:]
    assert "stopping" in end
    assert "Traceback" not in end
    for port in (running.port, running.actions_port):
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.fixture
def customer(frontdesk: Frontdesk) -> Conversation:
    return frontdesk.conversation()


@pytest.fixture(scope="session")
def documents(frontdesk: Frontdesk) -> dict[str, dict[str, str]]:
    """Every document of the index in service, by its id."""
    file = index_root() / str(current_version()) / "text.sqlite"
    with contextlib.closing(sqlite3.connect(file)) as database:
        rows = database.execute("select id, title, source, text from document").fetchall()
    return {name: {"title": title, "source": source, "text": text} for name, title, source, text in rows}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with launched() as running:
        yield running


@pytest.fixture
def visits(frontdesk: Frontdesk, browser: Browser) -> Iterator[Visits]:
    """For tests that break something, and so find errors in the console."""
    made = Visits(frontdesk, browser)
    yield made
    made.close()


@pytest.fixture
def visit(visits: Visits) -> Iterator[Visits]:
    """For all others: no error and no breach of the policy in any console."""
    yield visits
    assert visits.errors == []
