import io
import json
import socket
import time

import pytest

from actions.store.database import open_database
from actions.store.tickets import close_ticket, create_ticket, get_ticket, take_ticket
from frontdesk import conversation_client, ticket_chat, tickets
from tests.frontdesk.operator_server import HELLO, SECRET, OperatorServer

STORED = [{"from": "customer", "text": "stored at the hand-over", "at": 1_763_000_000.0}]


@pytest.fixture
def server():
    with OperatorServer() as running:
        yield running


@pytest.fixture
def database(environment):
    opened = open_database(environment["FRONTDESK_DATABASE_URL"])
    opened.upgrade()
    yield opened
    opened.close()


@pytest.fixture
def reference(database):
    return make(database)


@pytest.fixture
def desk(frontdesk, server, monkeypatch):
    """Runs `frontdesk tickets ...` as Mia, against the stand-in of the server."""
    monkeypatch.setattr(conversation_client, "PAUSES", (0.0, 0.0))
    for console in (tickets.out, tickets.err):
        monkeypatch.setattr(console, "width", 240)
    settings = {
        "FRONTDESK_PORT": str(server.port),
        "FRONTDESK_ACTION_SECRET": SECRET,
        "FRONTDESK_OPERATOR_NAME": "Mia",
    }
    return lambda *words, **more: frontdesk("tickets", *words, **{**settings, **more})


def make(database, conversation="web-1", **changes):
    row = {"reason": "customer_request", "language": "en", "transcript": STORED, **changes}
    with database.write() as session:
        return create_ticket(session, conversation_id=conversation, **row).reference


def state(database, reference):
    with database.read() as session:
        ticket = get_ticket(session, reference)
    return ticket.status, ticket.operator, ticket.taken_at is not None, ticket.closed_at is not None


def said_wrong(done):
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
    return done.stderr.strip().splitlines()[-1]


def test_no_ticket(desk, database):
    assert json.loads(desk("list", "--json").stdout) == {"tickets": []}
    assert "No customer is waiting" in desk("list").stderr


def test_the_list(desk, server, database, reference):
    elsewhere = make(database, "slack-7", language="zh", reason="missing_knowledge")
    shown = desk("list").stdout
    first, second = shown.splitlines()[1:]
    assert first.split()[:4] == [reference, "0", "min", "open"]
    assert "online" in first
    assert "Hello, [bold]anybody[2J there?" in first
    assert "\x1b" not in shown
    assert (elsewhere in second, "?" in second, "stored at the hand-over" in second) == (True, True, True)
    row, _ = json.loads(desk("list", "--json").stdout)["tickets"]
    assert (row["reference"], row["status"], row["operator"], row["online"]) == (reference, "open", None, True)


def test_closed_tickets_are_listed_when_asked_for(desk, database, reference):
    with database.write() as session:
        close_ticket(session, reference, "Mia")
    assert json.loads(desk("list", "--json").stdout) == {"tickets": []}
    (row,) = json.loads(desk("list", "--all", "--json").stdout)["tickets"]
    assert (row["reference"], row["status"], row["operator"]) == (reference, "closed", "Mia")


def test_the_conversation_is_shown_live(desk, reference):
    shown = desk("show", f" {reference.lower()}").stdout
    assert f"{reference}  open, customer_request, en" in shown
    assert "stored at the hand-over" in shown  # what the server does not show any more
    assert "Hello, [bold]anybody[2J there?" in shown
    assert "A person? [转人工]" in shown
    found = json.loads(desk("show", reference, "--json").stdout)
    assert (found["live"], [entry["text"] for entry in found["entries"]][0]) == (True, "stored at the hand-over")
    assert found["entries"][1] == HELLO


def test_without_the_server_the_stored_conversation_is_shown(desk, database, reference):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
    done = desk("show", reference, "--follow", FRONTDESK_PORT=port)
    assert f"No server answers at http://127.0.0.1:{port}. This is the conversation as it was" in done.stdout
    assert "stored at the hand-over" in done.stdout
    assert json.loads(desk("show", reference, "--json", FRONTDESK_PORT=port).stdout)["live"] is False
    assert "The last lines are those of the hand-over." in desk("list", FRONTDESK_PORT=port).stderr
    assert "Start it with `frontdesk up`." in said_wrong(desk("reply", reference, "Hi", FRONTDESK_PORT=port))
    assert state(database, reference)[0] == "open"


def test_the_first_reply_takes_the_conversation_over(desk, server, database, reference):
    done = desk("reply", reference, "Hello,", "this is Mia.")
    assert (done.returncode, done.stderr.strip()) == (0, "Sent; the customer is online.")
    server.online = False
    assert "is away" in desk("reply", reference, "还在吗？").stderr
    assert server.said() == [
        ("system", "operator_joined"),
        ("operator", "Hello, this is Mia."),
        ("operator", "还在吗？"),
    ]
    assert state(database, reference) == ("pending", "Mia", True, False)


def test_a_reply_from_standard_input(desk, server, reference, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("Line one\nline two\n"))
    assert desk("reply", reference, "--name", "Tom").returncode == 0
    assert server.said()[-1] == ("operator", "Line one\nline two")
    assert server.operator == "Tom"


@pytest.mark.parametrize("trouble", ["before", "after", "busy"])
def test_what_the_network_repeats_is_said_once(desk, server, reference, trouble):
    server.trouble = [trouble, None, trouble]
    assert desk("reply", reference, "Hello").returncode == 0
    assert server.said() == [("system", "operator_joined"), ("operator", "Hello")]


def test_a_server_that_stops_answering(desk, server, reference):
    server.trouble = ["before"] * 3
    assert "The server stopped answering. Nobody knows whether it arrived" in said_wrong(desk("take", reference))
    assert desk("take", reference).returncode == 0  # what was left undone is done
    assert server.said() == [("system", "operator_joined")]


def test_taking_twice_joins_once(desk, server, reference):
    assert f"{reference} is yours; the customer is online." in desk("take", reference).stderr
    desk("take", reference)
    assert server.said() == [("system", "operator_joined")]


def test_a_ticket_of_somebody_else(desk, server, database, reference):
    with database.write() as session:
        take_ticket(session, reference, "Tom")
    for command in (["take", reference], ["reply", reference, "Hi"], ["close", reference], ["chat", reference]):
        assert said_wrong(desk(*command)) == f"error: Tom has {reference}. --force takes it over."
    assert server.pushed == []
    assert desk("take", reference, "--force").returncode == 0
    assert server.operator == "Mia"
    assert state(database, reference)[:2] == ("pending", "Mia")


def test_closing(desk, server, database, reference):
    done = desk("close", reference, "--text", "All done. Goodbye!")
    assert done.stderr.strip() == f"{reference} is closed; the bot has the conversation."
    assert server.said() == [
        ("system", "operator_joined"),
        ("operator", "All done. Goodbye!"),
        ("system", "operator_left"),
    ]
    assert state(database, reference) == ("closed", "Mia", True, True)
    for command in (["close", reference], ["reply", reference, "one more thing"], ["take", reference, "--force"]):
        assert f"{reference} is closed. The customer can ask for a person again." in said_wrong(desk(*command))


def test_a_ticket_that_nobody_took_is_closed_without_a_word(desk, server, database, reference):
    assert desk("close", reference).returncode == 0
    assert server.said() == []
    assert state(database, reference) == ("closed", "Mia", False, True)


def test_a_ticket_whose_conversation_is_elsewhere_can_be_closed(desk, server, database):
    reference = make(database, "slack-7")
    assert "knows no such conversation" in said_wrong(desk("reply", reference, "Hi"))
    assert state(database, reference)[0] == "open"
    assert desk("close", reference).returncode == 0
    assert state(database, reference)[0] == "closed"


def test_a_close_that_broke_off_is_finished_by_the_next(desk, server, database, reference):
    desk("take", reference)
    server.trouble = ["before"] * 3
    assert "stopped answering" in said_wrong(desk("close", reference))
    assert (state(database, reference)[0], server.operator) == ("closed", "Mia")
    assert desk("close", reference).returncode == 0
    assert server.operator is None


def test_an_old_ticket_does_not_end_the_new_one_s_conversation(desk, server, database, reference):
    desk("close", reference, "--text", "Bye")
    again = make(database)
    desk("take", again)
    assert "is closed" in said_wrong(desk("close", reference))
    assert server.operator == "Mia"


@pytest.mark.parametrize("words", [["show"], ["take"], ["reply"], ["close"], ["chat"]])
def test_an_unknown_reference(desk, words):
    assert "There is no ticket 'T-NOSUCH'. `frontdesk tickets list` shows them." in said_wrong(desk(*words, "T-NOSUCH"))


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["reply", "  "], "There is nothing to say."),
        (["reply", "x" * 10_001], "The text has 10001 characters; 10000 are allowed."),
        (["reply", "Hi", "--name", "x" * 81], "The name has to be 1 to 80 characters"),
        (["reply", "Hi", "--name", "Mia\x1b[31m"], "The name has to be 1 to 80 characters"),
    ],
)
def test_what_cannot_be_said(desk, server, reference, words, problem):
    assert problem in said_wrong(desk(words[0], reference, *words[1:]))
    assert server.pushed == []


def test_another_secret(desk, reference):
    said = said_wrong(desk("take", reference, FRONTDESK_ACTION_SECRET="another secret, and long enough"))
    assert "The server has another FRONTDESK_ACTION_SECRET." in said


def test_the_name_is_the_login_name_when_nothing_else_is_set(desk, server, reference, monkeypatch):
    monkeypatch.setattr("getpass.getuser", lambda: "mia.k")
    desk("take", reference, FRONTDESK_OPERATOR_NAME="")
    assert server.operator == "mia.k"


class Typing:
    """Standard input: lines, with what happens elsewhere in between."""

    def __init__(self, *steps):
        self._steps = steps

    def __iter__(self):
        for step in self._steps:
            if isinstance(step, str):
                yield step
            else:
                step()

    def isatty(self):
        return True


def wait_for(condition, seconds=10):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_chat(desk, server, database, reference, monkeypatch):
    monkeypatch.setattr(ticket_chat, "POLL", 0.01)
    told = []
    monkeypatch.setattr(tickets, "_print_entry", lambda entry: told.append(entry.get("text")))
    news = {"id": "m-2", "from": "customer", "text": "My kettle leaks", "at": 1_764_000_200.0}

    def customer_speaks():
        server.entries.append(news)
        wait_for(lambda: news["text"] in told)

    monkeypatch.setattr("sys.stdin", Typing("Hello\n", "\n", customer_speaks, "Oh dear\n"))
    done = desk("chat", reference)
    assert done.returncode == 0, done.stderr
    assert f"{reference} is still yours" in done.stderr
    assert [text for _, text in server.said()] == ["operator_joined", "Hello", "My kettle leaks", "Oh dear"]
    assert told.count("My kettle leaks") == 1
    assert "Hello" not in told  # it stands in the terminal already
    assert state(database, reference) == ("pending", "Mia", True, False)


def test_a_chat_ends_when_somebody_else_takes_over(desk, server, database, reference, monkeypatch):
    def tom_takes():
        with database.write() as session:
            take_ticket(session, reference, "Tom", force=True)

    monkeypatch.setattr("sys.stdin", Typing("Hello\n", tom_takes, "Are you there?\n", "never read\n"))
    done = desk("chat", reference)
    assert done.returncode == 1
    assert f"error: Tom has {reference}." in done.stderr
    assert server.said()[-1] == ("operator", "Hello")


def test_a_chat_goes_on_when_a_line_does_not_arrive(desk, server, reference, monkeypatch):
    def server_fails():
        server.trouble = ["before"] * 3

    monkeypatch.setattr("sys.stdin", Typing(server_fails, "lost\n", "Here again\n"))
    done = desk("chat", reference)
    assert done.returncode == 0
    assert "Not sent. The server stopped answering." in done.stderr
    assert server.said()[-1] == ("operator", "Here again")
