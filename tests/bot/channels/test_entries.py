import pytest

from bot.channels.entries import SHOWN, all_entries, payload_at, push_entry, reply_entries, split_button
from bot.stores.intake import Accepted
from bot.stores.pushed import Push

REPLY = {
    "text": "Shall I?",
    "custom": {
        "frontdesk": {
            "kind": "cards",
            "cards": [
                {"title": "A", "buttons": [{"title": "More on A", "payload": "/more{1}"}]},
                {"title": "B", "buttons": [{"title": "More on B", "payload": "/more{2}"}], "lines": [{"value": "5"}]},
            ],
            "votes": {"up": {"payload": "/up"}, "down": "/down"},
        }
    },
    "buttons": [{"title": "Yes", "payload": "/affirm"}, {"title": "Hm", "payload": "perhaps"}],
    "at": 5.0,
}


def test_payloads_are_numbered_as_they_stand_and_stay():
    (entry,) = reply_entries("m-000001", [REPLY])
    assert "payload" not in str(entry)
    assert "/more" not in str(entry)
    assert entry["buttons"] == [{"id": "m-000001/0/0", "title": "Yes"}, {"id": "m-000001/0/1", "title": "Hm"}]
    assert [c["buttons"][0]["id"] for c in entry["custom"]["cards"]] == ["m-000001/0/2", "m-000001/0/3"]
    assert entry["custom"]["cards"][1]["lines"] == [{"value": "5"}]
    assert entry["custom"]["votes"] == {"up": {"id": "m-000001/0/4"}, "down": {"id": "m-000001/0/5"}}
    assert entry["at"] == 5.0
    expected = [("Yes", "/affirm"), ("Hm", "perhaps"), ("More on A", "/more{1}"), ("More on B", "/more{2}")]
    expected += [("👍", "/up"), ("👎", "/down"), None]
    assert [payload_at([{}, REPLY], 1, number) for number in range(7)] == expected
    assert payload_at([REPLY], 1, 0) is None
    assert payload_at([], 0, 0) is None


@pytest.mark.parametrize(
    ("button", "place"),
    [
        ("m-000001/0/3", ("m-000001", 0, 3)),
        ("m-000001/0", None),
        ("m-000001/0/1/2", None),
        ("m-000001/-1/0", None),
        ("m-000001/0/²", None),
        ("m-000001/0/1e9", None),
        ("m-000001/0/1000", None),
        ("", None),
    ],
)
def test_a_button_id_has_one_form(button, place):
    assert split_button(button) == place


def test_entries_stand_by_time_and_the_last_are_shown():
    messages = [
        Accepted("c", f"m-{n:06}", {"text": str(n)}, [{"text": f"re {n}", "at": n + 0.5}], n) for n in range(90)
    ]
    pushes = [Push("c", "1", "operator_message", "Mia", "Hello", at=88.25)]
    entries = all_entries(messages, pushes)
    assert len(entries) == SHOWN
    assert [e["text"] for e in entries[-5:]] == ["88", "Hello", "re 88", "89", "re 89"]


def test_a_person_comes_writes_and_goes():
    assert push_entry(Push("c", "1", "operator_message", "Mia", "Hello", at=1.0)) == {
        "id": "p-1",
        "from": "operator",
        "name": "Mia",
        "text": "Hello",
        "at": 1.0,
    }
    left = push_entry(Push("c", "2", "operator_left", "Mia", "", at=1.0))
    assert left == {"id": "p-2", "from": "system", "event": "operator_left", "name": "Mia", "at": 1.0}
