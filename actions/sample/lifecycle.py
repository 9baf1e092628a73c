"""What happens to an order after it was placed: packed, dispatched, delivered."""

from __future__ import annotations

import dataclasses
import random
from datetime import UTC, date, datetime, time, timedelta

from actions.sample.chance import happens
from actions.sample.people import Person
from actions.sample.policy import delivery_method
from actions.sample.seasons import add_days, next_sending_day
from actions.store.models.order import OrderStatus

ROAST_DAYS = (1, 3)


@dataclasses.dataclass(frozen=True)
class Parcel:
    """The moments of one order; those after NOW are still to come."""

    placed_at: datetime
    packed_at: datetime
    dispatched_at: datetime
    delivered_at: datetime
    promised_by: date

    def status(self, now: datetime) -> OrderStatus:
        """How far it has come."""
        if now >= self.delivered_at:
            return "delivered"
        if now >= self.dispatched_at:
            return "dispatched"
        return "packed" if now >= self.packed_at else "placed"


def send(rng: random.Random, person: Person, placed_at: datetime, method: str, roasted: bool) -> Parcel:
    """The parcel of an order; coffee waits for the next roast, one in twenty parcels comes late."""
    rules = delivery_method(method)
    local = placed_at.astimezone(person.zone)
    day = _dispatch_day(person, local, rules["order_by"] or "16:00", roasted)
    if method == "saturday_uk":
        day += timedelta(days=(4 - day.weekday()) % 7)
    dispatched = datetime.combine(day, time(16, rng.randrange(60)), person.zone)
    if dispatched <= local:
        dispatched = local + timedelta(minutes=rng.randint(40, 120))
    low, high = rules["days"]
    promised = add_days(day, high, person.market, rules["working_days"])
    arrived = add_days(day, rng.randint(low, high), person.market, rules["working_days"])
    if happens(rng, 0.05):
        arrived = add_days(promised, rng.randint(1, 4), person.market, rules["working_days"])
    delivered = datetime.combine(arrived, time(rng.randint(9, 18), rng.randrange(60)), person.zone)
    packed = dispatched - timedelta(minutes=rng.randint(60, 420))
    if not roasted:
        packed = min(packed, local + timedelta(hours=rng.randint(1, 20)))
    packed = max(packed, local + timedelta(minutes=20))
    return Parcel(
        placed_at=placed_at,
        packed_at=packed.astimezone(UTC),
        dispatched_at=dispatched.astimezone(UTC),
        delivered_at=delivered.astimezone(UTC),
        promised_by=promised,
    )


def _dispatch_day(person: Person, local: datetime, order_by: str, roasted: bool) -> date:
    day = local.date() if local.time() < time.fromisoformat(order_by) else local.date() + timedelta(days=1)
    if roasted:
        day = local.date() + timedelta(days=1)
        while day.weekday() not in ROAST_DAYS:
            day += timedelta(days=1)
        day += timedelta(days=1)
    return next_sending_day(day, person.market)
