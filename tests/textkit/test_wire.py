import json

import pytest

from textkit.wire import dumps, loads

CONVERSATION = {"events": [{"event": "user", "text": "退款 £5 🙂", "score": 0.5, "none": None}], "counts": {1: [True]}}


def test_what_is_written_is_what_the_standard_library_reads():
    assert json.loads(dumps(CONVERSATION)) == json.loads(json.dumps(CONVERSATION)) == loads(json.dumps(CONVERSATION))


def test_half_of_a_surrogate_pair_goes_over_and_back():
    assert loads(dumps({"text": "a \ud83d b"})) == {"text": "a \ud83d b"}


def test_what_is_not_json_is_an_error():
    with pytest.raises(ValueError, match="Expecting"):
        loads("{nothing")
    with pytest.raises(TypeError):
        dumps({"text": object()})
