import os
import sys
from unittest.mock import patch

import pytest
import rasa.__main__

from bot.engine import __main__ as command


@pytest.mark.parametrize(
    ("line", "customers"),
    [
        ("run", True),
        ("run --enable-api", True),
        ("--version run", True),
        ("train", True),
        ("shell", False),
        ("--version shell", False),
        ("interactive", False),
        ("test nlu", False),
        ("run --model shell", True),
    ],
)
def test_only_developers_commands_read_typed_intents(monkeypatch: pytest.MonkeyPatch, line: str, customers: bool):
    calls = []
    monkeypatch.setattr(sys, "argv", ["rasa", *line.split()])
    monkeypatch.setattr(command, "prepare", lambda **options: calls.append(options))
    monkeypatch.setattr(rasa.__main__, "main", lambda: calls.append("rasa"))
    with patch.dict(os.environ):
        command.main()
    assert calls == [{"customers": customers}, "rasa"]
