"""`python -m bot.explain TEXTS.json OUT.json [--explain]`: what the dialogue model in service makes of messages.

Into a file, because rasa writes its log to standard output.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from bot.engine import prepare
from textkit.errors import FrontdeskError
from textkit.settings import settings


def main() -> int:
    """Write one JSON object per text; 1 when there is no model."""
    parser = argparse.ArgumentParser(prog="bot.explain")
    parser.add_argument("texts", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--explain", action="store_true")
    given = parser.parse_args()
    prepare()
    try:
        texts = json.loads(given.texts.read_text(encoding="utf-8"))
        found = asyncio.run(_parse(texts, explains=given.explain))
    except FrontdeskError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    given.out.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
    return 0


async def _parse(texts: list[str], *, explains: bool) -> list[dict[str, Any]]:
    from rasa.core.agent import Agent

    from bot.components.intent import EncoderIntentClassifier

    EncoderIntentClassifier.explains = explains
    folder = settings().path(settings().models_dir) / "rasa"
    agent = Agent.load(str(folder)) if folder.is_dir() else None
    if agent is None or not agent.is_ready():
        raise FrontdeskError("There is no dialogue model.", "Make one with `frontdesk train`.")
    return [await agent.parse_message(text) for text in texts]


if __name__ == "__main__":
    sys.exit(main())
