"""The shop's time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.store.base import utc_now
from actions.store.models import ShopClock


def shop_now(session: Session) -> datetime:
    """The current moment; in the sample shop that at which its sample ends, so that its orders stay in mid-journey."""
    return session.scalar(select(ShopClock.stands_at)) or utc_now()
