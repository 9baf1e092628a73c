import asyncio

from sqlalchemy import text

from bot.stores.intake import ABANDONED_SECONDS, MAX_ATTEMPTS, Intake


def test_a_message_is_kept_once(database):
    async def check():
        intake = Intake(database, "one")
        first, second = await asyncio.gather(*(intake.accept("c", "m1", {"text": f"hi {n}"}) for n in range(2)))
        assert first == second
        assert first.replies is None
        assert (await intake.accept("d", "m1", {"text": "other"})).body == {"text": "other"}
        assert [(m.conversation, m.message_id) for m in await intake.unfinished()] == [("c", "m1"), ("d", "m1")]

    asyncio.run(check())


def test_a_failed_message_has_an_end_and_keeps_the_first_one(database):
    async def check():
        intake = Intake(database, "one")
        message = await intake.accept("c", "m1", {"text": "hi"})
        assert await intake.give_up(message, [{"text": "sorry"}]) == [{"text": "sorry"}]
        assert await intake.give_up(message, [{"text": "again"}]) == [{"text": "sorry"}]
        assert await intake.unfinished() == []

    asyncio.run(check())


def test_a_message_that_ends_the_process_each_time_is_given_up(database):
    async def check():
        await Intake(database, "one").accept("c", "m1", {"text": "hi"})
        left = [(await Intake(database, "one").unfinished())[0].spent for _ in range(MAX_ATTEMPTS + 2)]
        assert left == [False] * MAX_ATTEMPTS + [True, True]

    asyncio.run(check())


def test_another_server_s_messages_are_its_own_for_a_while(database):
    async def check():
        await Intake(database, "one").accept("c", "m1", {"text": "hi"})
        other = Intake(database, "two")
        assert await other.unfinished() == []
        query = text("UPDATE message SET accepted_at = accepted_at - :s")
        await database.write(lambda c: c.execute(query, {"s": ABANDONED_SECONDS + 1}).rowcount)
        assert [m.message_id for m in await other.unfinished()] == ["m1"]

    asyncio.run(check())


def test_old_messages_are_forgotten_once_they_are_finished(database):
    async def check():
        intake = Intake(database, "one")
        for name in ("m1", "m2"):
            message = await intake.accept("c", name, {"text": "hi"})
        await intake.give_up(message, [])
        query = text("UPDATE message SET accepted_at = accepted_at - 8 * 86400")
        await database.write(lambda c: c.execute(query).rowcount)
        await intake.forget_old()
        assert [m.message_id for m in await intake.unfinished()] == ["m1"]
        assert (await intake.accept("c", "m2", {"text": "hi again"})).body == {"text": "hi again"}

    asyncio.run(check())
