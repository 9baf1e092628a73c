"""`rasa run` as customers meet it."""

import urllib.error
import urllib.request

import pytest

from tests.bot.engine.running import RasaServer

TYPED_INTENT = '/inform{"city": "Atlantis"}'


def test_a_form_goes_on_after_a_restart(server: RasaServer):
    assert server.say("ada", "book a table") == ["In which city?"]
    assert server.say("ada", "in London") == ["For how many?"]
    server.stop()
    server.start()
    assert server.say("ada", "four") == ["A table in London for four."]


def test_the_tracker_store_keeps_every_event(server: RasaServer):
    server.say("bea", "book a table")
    server.say("bea", "the capital")
    events = server.events("bea")
    assert [event["text"] for event in events if event["event"] == "user"] == ["book a table", "the capital"]
    assert {"event": "slot", "name": "city", "value": "London"}.items() <= _last(events, "slot", "city").items()
    assert _last(events, "slot", "requested_slot")["value"] == "guests"
    assert _last(events, "active_loop", "booking_form")


def test_a_rule_answers(server: RasaServer):
    assert server.say("carl", "see you later") == ["Goodbye."]
    assert _last(server.events("carl"), "action", "utter_goodbye")["policy"].endswith("RulePolicy")


def test_a_memoized_story_answers(server: RasaServer):
    assert server.say("dora", "good morning") == ["Hello, shall I tell you about today's menu?"]
    assert server.say("dora", "yes please") == ["Soup and bread."]
    assert _last(server.events("dora"), "action", "utter_menu")["policy"].endswith("MemoizationPolicy")


def test_responses_follow_the_language_of_the_message(server: RasaServer):
    assert server.say("emil", "再见") == ["再见。"]
    assert server.say("emil", "goodbye") == ["Goodbye."]


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_the_form_over_socketio(server: RasaServer, transport: str):
    answers = server.converse(transport, f"fay-{transport}", "book a table", "in London", "four")
    assert answers == ["In which city?", "For how many?", "A table in London for four."]
    assert _last(server.events(f"fay-{transport}"), "user")["input_channel"] == "socketio"


def test_a_typed_intent_is_plain_text_over_rest(server: RasaServer):
    server.say("gus", "book a table")
    server.say("gus", TYPED_INTENT)
    _assert_plain_text(server.events("gus"))


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_a_typed_intent_is_plain_text_over_socketio(server: RasaServer, transport: str):
    server.converse(transport, f"hal-{transport}", "book a table", TYPED_INTENT)
    _assert_plain_text(server.events(f"hal-{transport}"))


def test_an_offered_payload_is_read_over_rest(server: RasaServer):
    server.say("ida", "book a table")
    assert server.say("ida", '/inform{"city": "Bristol"}') == ["For how many?"]


def test_an_offered_payload_is_read_over_socketio(server: RasaServer):
    answers = server.converse("websocket", "jan", "book a table", '/inform{"city": "Bristol"}')
    assert answers[-1] == "For how many?"


def test_the_root_page_is_free(server: RasaServer):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(server.url)


def test_the_server_logged_no_error(server: RasaServer):
    assert "ERROR" not in server.log()
    assert "Traceback" not in server.log()


def _assert_plain_text(events: list[dict]) -> None:
    message = _last(events, "user")
    assert message["text"] == TYPED_INTENT
    assert message["parse_data"]["intent"]["confidence"] < 1
    assert not message["parse_data"]["entities"]
    assert not any(event["event"] == "slot" and event["value"] == "Atlantis" for event in events)


def _last(events: list[dict], kind: str, name: str | None = None) -> dict:
    return [event for event in events if event["event"] == kind and name in (None, event.get("name"))][-1]
