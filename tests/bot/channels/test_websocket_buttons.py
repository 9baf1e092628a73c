"""Buttons over the WebSocket: pressed by ids that the server issued."""

import json

from tests.bot.channels.client import Client, new_id, run


def test_buttons_are_pressed_by_the_ids_of_the_server(served):
    async def check():
        async with Client(served) as client:
            (offer,) = await client.say("offer", language="zh")
            assert "payload" not in json.dumps(client.frames)
            assert [b["title"] for b in offer["buttons"]] == ["Yes", "Tell me more"]
            pressed = [b["id"] for b in offer["buttons"]]
            votes, (card,) = offer["custom"]["votes"], offer["custom"]["cards"]
            pressed += [votes["up"]["id"], votes["down"]["id"], card["buttons"][0]["id"]]
            assert pressed == [f"{offer['id']}/{n}" for n in range(5)]
            said = [(await client.say(button=button))[0]["text"] for button in pressed]
            payloads = ["/affirm", '/ask{"question": "more"}', "/feedback{1}", "/feedback{2}", "/stock"]
            assert said == [f"You said: {payload}" for payload in payloads]
            async with Client(served, client.token) as again:
                shown = [e["text"] for e in again.welcome["entries"] if e["from"] == "customer"]
            assert shown == ["offer", "Yes", "Tell me more", "👍", "👎", "Stock"]

    run(check)


def test_buttons_that_nobody_offered_here_are_refused(served):
    async def check():
        async with Client(served) as owner, Client(served) as stranger:
            (offer,) = await owner.say("offer")
            await stranger.say("Hello")
            seen = len(served.bot.heard)
            tried = [(stranger, f"{offer['id']}/0"), (owner, f"{offer['id']}/5"), (owner, f"{offer['id'][:-2]}/1/0")]
            tried += [(owner, "/affirm"), (owner, f"{offer['id']}/0/0"), (owner, ""), (owner, "m-00000000/0/0")]
            for client, button in tried:
                name = new_id()
                await client.send({"type": "message", "id": name, "button": button})
                assert await client.receive() == {"type": "error", "code": "button_expired", "id": name}
            assert len(served.bot.heard) == seen

    run(check)


def test_an_old_yes_answers_no_later_question(served):
    async def check():
        async with Client(served) as client:
            (offer,) = await client.say("offer")
            await client.say("wait")
            await client.send({"type": "message", "id": new_id(), "button": f"{offer['id']}/0"})
            assert (await client.receive())["code"] == "button_expired"
            assert await client.say(button=f"{offer['id']}/1")

    run(check)


def test_a_button_that_is_shown_no_longer_is_refused(served):
    async def check():
        async with Client(served) as client:
            (offer,) = await client.say("offer")
            for _ in range(99):
                await client.say("Hello")
            assert await client.say(button=f"{offer['id']}/1")
            await client.send({"type": "message", "id": new_id(), "button": f"{offer['id']}/1"})
            assert (await client.receive())["code"] == "button_expired"

    run(check)


def test_a_press_sent_again_is_the_same_press(served):
    async def check():
        async with Client(served) as client:
            (offer,) = await client.say("offer")
            name = new_id()
            first = await client.say(button=f"{offer['id']}/0", id=name)
            await client.say("something else")
            assert await client.say(button=f"{offer['id']}/0", id=name) == first

    run(check)
