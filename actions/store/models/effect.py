"""What actions did, by the step that asked for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from actions.store.base import Base, utc_now


class Effect(Base):
    """One step of one turn, and what it resulted in; written in the same transaction as its effect."""

    __tablename__ = "effects"

    key: Mapped[str] = mapped_column(String(400), primary_key=True)
    result: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=utc_now, index=True)
