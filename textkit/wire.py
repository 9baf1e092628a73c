"""JSON between the two servers: whole conversations go to and fro at every turn.

By orjson, which writes a conversation in a sixth and reads it in a third of the standard library's time. That steps in
for what orjson takes for broken: half of a surrogate pair, which a customer's message can hold.
"""

from __future__ import annotations

import json
from typing import Any

import orjson


def dumps(value: Any) -> str:
    """`value` as JSON."""
    try:
        return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:
        return json.dumps(value)


def loads(text: str) -> Any:
    """What `text` says; raises ValueError when it is not JSON."""
    try:
        return orjson.loads(text)
    except ValueError:
        return json.loads(text)
