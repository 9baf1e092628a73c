"""The tracker store against both databases, beside rasa's own in memory, which says what is right."""

import asyncio
import json

import pytest
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from sqlalchemy import text

from bot.stores import tracker as store_module
from bot.stores.intake import Intake
from bot.stores.tracker import ConflictError, ConversationStore
from bot.stores.turn import Turn, handling


@pytest.fixture
def stores(database, domain, monkeypatch):
    """A function that makes stores, each as a process of its own would."""
    monkeypatch.setattr(store_module, "open_database", lambda db: database)
    return lambda broker=None: ConversationStore(domain, broker)


def start():
    return [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]


def turn(number, slots=()):
    return [
        UserUttered(f"message {number}", {"name": "greet", "confidence": 0.9}, message_id=f"m{number}"),
        *slots,
        ActionExecuted("utter_greet", policy="RulePolicy", confidence=1.0),
        BotUttered(f"reply {number}", {"buttons": [{"title": "退货", "payload": "/ask"}]}),
        ActionExecuted("action_listen"),
    ]


async def talk(store, events, name="c"):
    tracker = await store.get_or_create_tracker(name, append_action_listen=False)
    for event in events:
        tracker.update(event)
    await store.save(tracker)


def state(tracker):
    shown = tracker.current_state()
    return [e.as_dict() for e in tracker.events], shown["slots"], shown["latest_message"], tracker.latest_action_name


def test_a_conversation_reads_as_in_rasa_s_own_store(stores, domain):
    async def check():
        ours, rasas = stores(), InMemoryTrackerStore(domain)
        sessions = [start() + turn(1, [SlotSet("offer", "person")]), turn(2), start() + turn(3), turn(4)]
        for events in sessions:
            for store in (ours, rasas):
                await talk(store, events)
            for reader in (ours, stores()):  # from memory, and from disk alone
                assert state(await reader.retrieve("c")) == state(await rasas.retrieve("c"))
        full = await ours.retrieve_full_tracker("c")  # rasa's store in memory forgets the earlier sessions
        assert [e.as_dict() for e in full.events] == [e.as_dict() for events in sessions for e in events]
        assert list(await ours.keys()) == ["c"]
        assert await ours.exists("c")
        assert not await ours.exists("d")
        assert await ours.retrieve("d") is None

    asyncio.run(check())


def test_a_turn_is_one_commit_and_the_next_one_reads_no_events(stores, database, monkeypatch):
    statements = []

    async def check():
        store = stores()
        await talk(store, start() + turn(1))
        from sqlalchemy import event

        event.listen(database.engine, "commit", lambda c: statements.append("COMMIT"))
        event.listen(database.engine, "before_cursor_execute", lambda c, cur, sql, *more: statements.append(sql))
        await talk(store, turn(2))

    asyncio.run(check())
    writes = [s for s in statements if not s.startswith(("BEGIN", "SELECT", "SAVEPOINT", "RELEASE"))]
    assert [w.split()[0] for w in writes if w != "COMMIT"] == ["UPDATE", "INSERT"]
    assert not any("FROM event" in s for s in statements)


def test_a_long_conversation_keeps_little_in_memory_and_all_of_it_on_disk(stores):
    async def check():
        store = stores()
        await talk(store, start() + turn(0, [SlotSet("offer", "person"), SlotSet("language", "zh")]))
        sizes = []
        for number in range(1, 200):
            await talk(store, turn(number))
            tracker = await store.retrieve("c")
            sizes.append(len(tracker.events))
            await store.save(tracker)
        assert max(sizes) <= store_module.LONG
        for reader in (store, stores()):
            tracker = await reader.retrieve("c")
            assert tracker.get_slot("offer") == "person"
            assert tracker.get_slot("language") == "zh"
            assert tracker.latest_message.text == "message 199"
            texts = [e.text for e in tracker.events if isinstance(e, UserUttered)]
            assert texts == [f"message {n}" for n in range(200 - len(texts), 200)]
            assert len(texts) >= 20
        full = await store.retrieve_full_tracker("c")
        assert [e.text for e in full.events if isinstance(e, UserUttered)] == [f"message {n}" for n in range(200)]

    asyncio.run(check())


def test_the_whole_of_a_long_conversation_in_the_middle_of_a_turn(stores):
    async def check():
        store = stores()
        await talk(store, start() + turn(0))
        for number in range(1, 100):
            await talk(store, turn(number))
        tracker = await store.retrieve("c")
        tracker.update(UserUttered("a person, please", message_id="m100"))
        texts = [e["text"] for e in await store.whole(tracker) if e["event"] == "user"]
        assert texts == [*(f"message {n}" for n in range(100)), "a person, please"]
        new = store.init_tracker("new")
        new.update(UserUttered("hi"))
        assert [e["text"] for e in await store.whole(new)] == ["hi"]

    asyncio.run(check())


def test_a_form_is_not_cut_in_two(stores):
    async def check():
        store = stores()
        await talk(store, start() + turn(0))
        await talk(store, [UserUttered("go"), ActionExecuted("action_answer"), ActiveLoop("action_answer")])
        for number in range(1, 100):
            await talk(store, turn(number))
        assert (await stores().retrieve("c")).active_loop_name == "action_answer"

    asyncio.run(check())


def test_a_turn_that_fails_leaves_nothing_in_memory(stores):
    async def check():
        store = stores()
        await talk(store, start() + turn(1))
        lost = await store.retrieve("c")
        lost.update(SlotSet("offer", "person"))  # and then the turn fails: nothing is saved
        assert (await store.retrieve("c")).get_slot("offer") is None

    asyncio.run(check())


def test_two_processes_see_each_other_s_turns_and_do_not_overwrite_them(stores):
    async def check():
        one, other = stores(), stores()
        await talk(one, start() + turn(1))
        await talk(other, turn(2))
        assert (await one.retrieve("c")).latest_message.text == "message 2"
        late = await one.get_or_create_tracker("c", append_action_listen=False)
        await talk(other, turn(3))
        late.update_with_events(turn(4), None)
        with pytest.raises(ConflictError):
            await one.save(late)
        texts = [e.text for e in (await one.retrieve("c")).events if isinstance(e, UserUttered)]
        assert texts == ["message 1", "message 2", "message 3"]

    asyncio.run(check())


def test_the_replies_of_a_turn_come_to_disk_with_it(stores, database):
    async def check():
        store, intake = stores(), Intake(database, "one")
        await intake.accept("c", "m1", {"text": "hi"})
        said = Turn("c", "m1", [{"text": "Hello 你好"}])
        with handling(said):
            await talk(store, start() + turn(1))
        assert said.stored
        assert (await intake.accept("c", "m1", {"text": "hi"})).replies == [{"text": "Hello 你好"}]

    asyncio.run(check())


def test_a_turn_that_cannot_be_kept_has_no_replies(stores, database):
    async def check():
        one, other, intake = stores(), stores(), Intake(database, "one")
        await talk(one, start() + turn(1))
        await intake.accept("c", "m2", {"text": "hi"})
        said = Turn("c", "m2", [{"text": "Hello"}])
        late = await one.retrieve("c")
        await talk(other, turn(2))
        late.update_with_events(turn(3), None)
        with handling(said), pytest.raises(ConflictError):
            await one.save(late)
        assert not said.stored
        assert (await intake.accept("c", "m2", {"text": "hi"})).replies is None

    asyncio.run(check())


def test_events_are_published_after_the_commit_and_again_only_until_they_are_marked(stores, database):
    published = []

    class Broker:
        fails = True

        def publish(self, event):
            if self.fails and len(published) == 3:
                raise ConnectionError("away")
            published.append(event)

    async def check():
        broker = Broker()
        store = stores(broker)
        await talk(store, start() + turn(1))
        await asyncio.sleep(0.3)
        assert len(published) == 3
        broker.fails = False
        # A process that begins anew goes on with what is not marked.
        published.clear()
        await talk(stores(broker), turn(2))
        await asyncio.sleep(0.3)
        assert [e["event_id"] for e in published] == [f"c:{n}" for n in range(1, 12)]
        assert published[3]["text"] == "message 1"
        with database.engine.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM event WHERE NOT published")).scalar() == 0

    asyncio.run(check())


def test_what_is_on_disk_is_json_that_others_can_read(stores, database):
    asyncio.run(talk(stores(), start() + turn(1)))
    with database.engine.connect() as connection:
        rows = connection.execute(text("SELECT kind, session, data FROM event ORDER BY sequence")).all()
    assert [(kind, session) for kind, session, _ in rows[:4]] == [
        ("action", 0),
        ("session_started", 1),
        ("action", 1),
        ("user", 1),
    ]
    assert json.loads(rows[5][2])["data"]["buttons"][0]["title"] == "退货"
