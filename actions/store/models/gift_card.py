"""Gift cards."""

from __future__ import annotations

from datetime import date
from typing import Literal

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from actions.store.base import Base, not_negative, one_of
from actions.store.models.order import Currency

GiftCardStatus = Literal["active", "blocked"]


class GiftCard(Base):
    """One card; its code is money, so only a digest of it is kept, and its last four characters to speak of it."""

    __tablename__ = "gift_cards"
    __table_args__ = (one_of("currency", Currency), one_of("status", GiftCardStatus), not_negative(("balance",)))

    id: Mapped[int] = mapped_column(primary_key=True)
    code_digest: Mapped[str] = mapped_column(String(64), unique=True)
    last_four: Mapped[str] = mapped_column(String(4))
    currency: Mapped[Currency] = mapped_column(String(3))
    balance: Mapped[int]
    expires_on: Mapped[date | None]
    status: Mapped[GiftCardStatus] = mapped_column(String(8), default="active")
