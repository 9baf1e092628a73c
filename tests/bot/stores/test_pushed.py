import asyncio

import pytest
from sqlalchemy.exc import IntegrityError

from bot.stores.intake import Intake
from bot.stores.pushed import JOINED, LEFT, SPOKEN, Push, is_known, latest, operator_of


def test_an_event_is_kept_once_per_conversation(database):
    async def check():
        push = Push("c", "p1", SPOKEN, "Mia", "Hello 你好")
        assert not await is_known(database, "c", "p1")
        await database.write(push.keep)
        with pytest.raises(IntegrityError):
            await database.write(push.keep)
        await database.write(Push("d", "p1", SPOKEN, "Mia", "Hello").keep)
        assert await is_known(database, "c", "p1")
        (kept,) = await latest(database, "c", 10)
        assert (kept.text, kept.at) == ("Hello 你好", push.at)

    asyncio.run(check())


def test_who_joined_last_and_did_not_leave_has_the_conversation(database):
    async def check():
        seen = []
        for number, (event, name) in enumerate([(JOINED, "Mia"), (SPOKEN, "Mia"), (JOINED, "Bo"), (LEFT, "Bo")]):
            await database.write(Push("c", f"p{number}", event, name, "").keep)
            seen.append(await operator_of(database, "c"))
        assert seen == ["Mia", "Mia", "Bo", None]
        assert await operator_of(database, "d") is None
        assert [push.push_id for push in await latest(database, "c", 2)] == ["p2", "p3"]

    asyncio.run(check())


def test_the_latest_messages_and_how_many_came_later(database):
    async def check():
        intake = Intake(database, "one")
        for name in ("m1", "m2", "m3"):
            await intake.accept("c", name, {"text": name})
        await intake.accept("d", "m1", {"text": "other"})
        assert [m.message_id for m in await intake.latest("c", 2)] == ["m2", "m3"]
        assert [await intake.later("c", name) for name in ("m1", "m3")] == [2, 0]
        assert await intake.find("c", "m4") is None

    asyncio.run(check())
