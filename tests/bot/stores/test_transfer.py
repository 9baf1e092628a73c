import asyncio
import json
import subprocess
import sys

import pytest
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.stores import tracker as store_module
from bot.stores.tracker import ConversationStore
from bot.stores.transfer import export, import_stock
from textkit.errors import FrontdeskError


def start():
    return [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]


def said(text, name, **metadata):
    parsed = {"intent": {"name": "ask", "confidence": 1.0}, "language": "zh"}
    parsed["intent_raw"] = {"name": "greet", "confidence": 0.4}
    return [
        UserUttered(text, parsed["intent"], [], parsed, message_id=name, metadata=metadata),
        BotUttered(f"re: {text}"),
        ActionExecuted("action_listen"),
    ]


@pytest.fixture
def stock(tmp_path, domain):
    """Rasa's own store with two conversations, one of two sessions."""
    store = SQLTrackerStore(domain, db=str(tmp_path / "rasa.db"))
    talks = {"a": [*start(), *said("你好", "1"), *start(), SlotSet("offer", "person"), *said("hi", "2")], "b": start()}
    for name, events in talks.items():
        asyncio.run(store.save(DialogueStateTracker.from_events(name, events, domain.slots)))
    yield store
    store.engine.dispose()


def test_rasa_s_own_conversations_go_on_here(stock, tmp_path, database, domain, monkeypatch):
    assert import_stock(database, f"sqlite:///{tmp_path}/rasa.db") == (2, 0)
    assert import_stock(database, f"sqlite:///{tmp_path}/rasa.db") == (0, 2)
    monkeypatch.setattr(store_module, "open_database", lambda db: database)

    async def check():
        ours = ConversationStore(domain)
        tracker = await ours.retrieve("a")
        assert tracker.get_slot("offer") == "person"
        assert [e.text for e in tracker.events if isinstance(e, UserUttered)] == ["hi"]
        theirs = await stock.retrieve_full_tracker("a")
        full = await ours.retrieve_full_tracker("a")
        assert [e.as_dict() for e in full.events] == [e.as_dict() for e in theirs.events]
        tracker.update_with_events(said("and now", "3"), domain)
        await ours.save(tracker)
        assert (await ours.retrieve("a")).latest_message.text == "and now"

    asyncio.run(check())


def test_a_stream_of_conversations(stock, tmp_path, database):
    import_stock(database, f"sqlite:///{tmp_path}/rasa.db")
    lines = list(export(database))
    assert [line["conversation"] for line in lines] == ["a", "b"]
    first, reply = lines[0]["turns"][:2]
    assert {k: first[k] for k in ("from", "text", "intent", "confidence", "language")} == {
        "from": "customer",
        "text": "你好",
        "intent": "greet",
        "confidence": 0.4,
        "language": "zh",
    }
    assert (reply["from"], reply["text"]) == ("bot", "re: 你好")
    assert lines[1]["turns"] == []
    assert list(export(database, since=4e9)) == []


def test_more_conversations_than_one_reading(database, monkeypatch, domain):
    monkeypatch.setattr(store_module, "open_database", lambda db: database)
    monkeypatch.setattr("bot.stores.transfer.AT_ONCE", 2)

    async def fill():
        store = ConversationStore(domain)
        for n in range(5):
            await store.save(DialogueStateTracker.from_events(f"c{n}", said(str(n), "1", title=f"T{n}"), domain.slots))

    asyncio.run(fill())
    assert [line["turns"][0]["text"] for line in export(database)] == [f"T{n}" for n in range(5)]


def test_a_database_that_is_none_is_named(database, tmp_path):
    with pytest.raises(FrontdeskError, match="Rasa's tracker store cannot be read"):
        import_stock(database, f"sqlite:///{tmp_path}/nothing.db")


def test_the_command_writes_json_lines_alone(stock, tmp_path):
    import os

    environment = {**os.environ, "FRONTDESK_CONVERSATIONS_URL": f"sqlite:///{tmp_path}/ours.db"}

    def run(*words):
        command = [sys.executable, "-m", "bot.stores", *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    copied = run("import", f"sqlite:///{tmp_path}/rasa.db")
    assert (copied.returncode, copied.stdout) == (0, "")
    assert "2 conversations copied" in copied.stderr
    written = run("export")
    assert [json.loads(line)["conversation"] for line in written.stdout.splitlines()] == ["a", "b"]
    failed = run("import", f"sqlite:///{tmp_path}/no.db")
    assert (failed.returncode, failed.stdout) == (1, "")
    assert failed.stderr.startswith("error: Rasa's tracker store cannot be read")
