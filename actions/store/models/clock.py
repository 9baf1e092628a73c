"""What time it is in the shop."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from actions.store.base import Base


class ShopClock(Base):
    """A sample shop stands still at one moment, since its parcels do not travel on; a real shop has no row here."""

    __tablename__ = "shop_clock"

    id: Mapped[int] = mapped_column(primary_key=True)
    stands_at: Mapped[datetime]
