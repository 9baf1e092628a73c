"""Movements of money."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from actions.store.base import Base, not_negative, one_of
from actions.store.models.customer import Customer
from actions.store.models.order import Currency, Order

TransactionKind = Literal["purchase", "refund", "gift_card", "pay_later_instalment"]
TransactionStatus = Literal["authorised", "succeeded", "declined", "reversed", "scheduled"]
Channel = Literal["web", "app", "subscription", "store"]


class Transaction(Base):
    """One payment or refund; the amount is never negative, `kind` tells its direction.

    `instrument` is the payment provider's token of the card or wallet, `device` the customer's device
    (its kind, a hyphen, an id), `scheduled` an instalment that falls due in the future.
    """

    __tablename__ = "transactions"
    __table_args__ = (
        one_of("kind", TransactionKind),
        one_of("status", TransactionStatus),
        one_of("channel", Channel),
        one_of("currency", Currency),
        not_negative(("amount",)),
        Index(None, "customer_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey(Customer.id))
    order_number: Mapped[str | None] = mapped_column(ForeignKey(Order.number), index=True)
    kind: Mapped[TransactionKind] = mapped_column(String(24))
    amount: Mapped[int]
    currency: Mapped[Currency] = mapped_column(String(3))
    channel: Mapped[Channel] = mapped_column(String(16))
    method: Mapped[str] = mapped_column(String(24))
    instrument: Mapped[str | None] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(index=True)
    device: Mapped[str | None] = mapped_column(String(24))
    ip_country: Mapped[str | None] = mapped_column(String(2))
    status: Mapped[TransactionStatus] = mapped_column(String(16))
