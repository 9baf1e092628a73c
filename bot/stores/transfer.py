"""Conversations in and out: from Rasa's SQL tracker store, and to a stream of JSON lines.

`python -m bot.stores export` writes one line per conversation; `frontdesk export` and training read it:

    {"conversation": "web-...", "turns": [{"from": "customer", "text": "...", "at": 1795485703.2, "intent": "ask",
     "confidence": 0.93, "language": "en"}, {"from": "bot", "text": "...", "at": ...}]}
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.stores.database import Database
from bot.stores.schema import conversations, events
from textkit.errors import FrontdeskError

AT_ONCE = 200  # conversations in one reading


def export(database: Database, since: float = 0.0) -> Iterator[dict[str, Any]]:
    """Every conversation with a turn after `since` (seconds since 1970), in the order of their ids."""
    last = ""
    while True:
        ids = database.read(partial(_ids, after=last, since=since))
        if not ids:
            return
        for conversation in ids:
            rows = database.read(partial(_events, conversation=conversation))
            yield {"conversation": conversation, "turns": list(_turns(rows))}
        last = ids[-1]


def _ids(connection: Connection, after: str, since: float) -> list[str]:
    wanted = sa.and_(conversations.c.id > after, conversations.c.updated_at >= since)
    query = sa.select(conversations.c.id).where(wanted).order_by(conversations.c.id).limit(AT_ONCE)
    return list(connection.execute(query).scalars())


def _events(connection: Connection, conversation: str) -> list[dict[str, Any]]:
    query = sa.select(events.c.data).where(events.c.conversation == conversation).order_by(events.c.sequence)
    return [json.loads(data) for data in connection.execute(query).scalars()]


def _turns(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        if row.get("event") == "user" and row.get("text") and not (row.get("metadata") or {}).get("second_request"):
            parsed = row.get("parse_data") or {}
            intent = parsed.get("intent_raw") or parsed.get("intent") or {}
            # A pressed button is what its title says, not its payload.
            text = (row.get("metadata") or {}).get("title") or row["text"]
            facts = {"intent": intent.get("name"), "confidence": intent.get("confidence")}
            yield {
                "from": "customer",
                "text": text,
                "at": row.get("timestamp"),
                **facts,
                "language": parsed.get("language"),
            }
        elif row.get("event") == "bot" and row.get("text"):
            yield {"from": "bot", "text": row["text"], "at": row.get("timestamp")}


def import_stock(database: Database, url: str) -> tuple[int, int]:
    """Copy what Rasa's SQL tracker store at `url` holds; conversations that are here already are left as they are.

    Returns how many conversations were copied and how many were here.
    """
    source = sa.create_engine(url)
    query = sa.text("SELECT data FROM events WHERE sender_id = :name ORDER BY id")
    copied = known = 0
    try:
        with source.connect() as connection:
            names = list(connection.execute(sa.text("SELECT DISTINCT sender_id FROM events ORDER BY 1")).scalars())
            for name in names:
                found = [json.loads(data) for data in connection.execute(query, {"name": name}).scalars()]
                if database.submit(partial(_insert, name=name, found=found)).result():
                    copied += 1
                else:
                    known += 1
    except SQLAlchemyError as error:
        raise FrontdeskError(
            f"Rasa's tracker store cannot be read ({type(error).__name__}).",
            "Give the URL of its database, such as sqlite:///rasa.db.",
        ) from error
    finally:
        source.dispose()
    return copied, known


def _insert(connection: Connection, name: str, found: list[dict[str, Any]]) -> bool:
    if not found or connection.execute(sa.select(conversations.c.id).where(conversations.c.id == name)).first():
        return False
    session, rows, opened_at = 0, [], 1
    for sequence, row in enumerate(found, 1):
        if row.get("event") == "session_started":
            session += 1
            before = found[sequence - 2] if sequence > 1 else {}
            opened_at = sequence - (before.get("name") == "action_session_start")
        rows.append(
            {
                "conversation": name,
                "sequence": sequence,
                "session": session,
                "kind": str(row.get("event"))[:64],
                "timestamp": row.get("timestamp") or time.time(),
                "data": json.dumps(row, ensure_ascii=False),
                "published": True,
            }
        )
    head = {"id": name, "sequence": len(rows), "session": session, "opened_at": opened_at, "opening": "[]"}
    connection.execute(conversations.insert().values(**head, updated_at=rows[-1]["timestamp"]))
    connection.execute(events.insert(), rows)
    return True
