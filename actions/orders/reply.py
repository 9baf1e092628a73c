"""What the bot says in a task: a text, buttons that carry a choice, cards."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from textkit.language import Language

Button = dict[str, str]
PERSON: dict[Language, Button] = {
    "en": {"title": "Talk to a person", "payload": "/human"},
    "zh": {"title": "转人工", "payload": "/human"},
}


@dataclasses.dataclass(frozen=True)
class Reply:
    """One message of the bot."""

    text: str
    buttons: list[Button] = dataclasses.field(default_factory=list)
    cards: list[dict[str, Any]] = dataclasses.field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """For the database."""
        return dataclasses.asdict(self)


def choose(title: str, **content: str) -> Button:
    """A button that sets a slot of a task; rasa takes its payload only where the bot has offered it."""
    return {"title": title, "payload": "/choose" + json.dumps(content, ensure_ascii=False)}
