"""Effects that happen once, however often they are asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from actions.store.base import utc_now
from actions.store.insert import insert_into
from actions.store.models.effect import Effect

KEPT = timedelta(days=30)  # nobody repeats a call that is older


def once(session: Session, key: str | None, do: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The result of `do()`, or the one that it had when the same `key` came before.

    `do` works in `session`, so its effect and the key are committed together. Without a key it is done in any case.
    """
    if key is None:
        return do()
    statement = insert_into(session, Effect).values(key=key, result={}).on_conflict_do_nothing()
    # PostgreSQL waits here for another transaction that holds the key.
    if session.scalar(statement.returning(Effect.key)) is None:
        found: dict[str, Any] = session.scalars(select(Effect.result).where(Effect.key == key)).one()
        return found
    result = do()
    session.execute(update(Effect).where(Effect.key == key).values(result=result))
    return result


def forget_old(session: Session) -> None:
    """Remove keys that nobody will bring again."""
    session.execute(delete(Effect).where(Effect.created_at < utc_now() - KEPT))
