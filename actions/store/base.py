"""What every table shares: names of constraints, times in UTC, JSON, closed lists of words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, get_args

from sqlalchemy import JSON, CheckConstraint, DateTime, Dialect, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

JSON_TYPE = JSON().with_variant(JSONB(), "postgresql")


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, always aware and always UTC, on SQLite too (which stores no time zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The value in UTC; raises ValueError on a naive time."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"a time needs a time zone, got {value!r}")
        return value if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The stored value as an aware UTC time."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base class of all tables."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map = {
        datetime: UtcDateTime(),
        dict[str, Any]: JSON_TYPE,
        dict[str, list[str]]: JSON_TYPE,
        list[str]: JSON_TYPE,
        list[dict[str, Any]]: JSON_TYPE,
    }


def utc_now() -> datetime:
    """The current moment."""
    return datetime.now(UTC)


def one_of(column: str, literal: Any) -> CheckConstraint:
    """A check that `column` holds one of the words of a `Literal` type."""
    words = ", ".join(f"'{word}'" for word in get_args(literal))
    return CheckConstraint(f"{column} IN ({words})", name=column)


def not_negative(columns: Iterable[str]) -> CheckConstraint:
    """A check that none of the columns is below 0."""
    return CheckConstraint(" AND ".join(f"{column} >= 0" for column in columns), name="not_negative")
