"""People with an account."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from actions.store.base import Base, not_negative, one_of, utc_now

Market = Literal["uk", "eu", "cn"]
Language = Literal["en", "zh"]
ClubTier = Literal["spark", "glow", "gold"]


class Customer(Base):
    """One customer; the e-mail address in lower case, the phone number in E.164."""

    __tablename__ = "customers"
    __table_args__ = (
        one_of("market", Market),
        one_of("language", Language),
        one_of("club_tier", ClubTier),
        not_negative(("points",)),
        CheckConstraint("email = lower(email)", name="email_lower"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254), unique=True)
    phone: Mapped[str] = mapped_column(String(16), index=True)
    market: Mapped[Market] = mapped_column(String(2))
    language: Mapped[Language] = mapped_column(String(2))
    club_tier: Mapped[ClubTier] = mapped_column(String(8), default="spark")
    points: Mapped[int] = mapped_column(default=0)
    birth_year: Mapped[int | None]
    city: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
