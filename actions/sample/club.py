"""One customer's standing in the loyalty club over the year: spend, tier, points."""

from __future__ import annotations

from datetime import date, timedelta

from actions.sample.lifecycle import Parcel
from actions.sample.policy import club_tier, load_policy, tier_for
from actions.sample.seasons import TODAY
from actions.store.models.customer import ClubTier
from actions.store.models.order import Currency


class Club:
    """Counts what is kept (neither cancelled nor returned); points arrive 30 days after delivery."""

    def __init__(self, currency: Currency) -> None:
        self.currency = currency
        self._spent: list[tuple[date, int]] = []
        self._credits: list[tuple[date, int]] = []
        self._redeemed = 0

    def note(self, day: date, amount: int, parcel: Parcel, kept: bool) -> None:
        """Counts an order of this value (after discounts, without delivery)."""
        if not kept:
            return
        rules = load_policy()["club"]["points"]
        factor = club_tier(self.tier(day))["points_factor"]
        credited = parcel.delivered_at.date() + timedelta(days=rules["credited_days_after_delivery"])
        self._credits.append((credited, int(amount // rules["per"][self.currency] * factor)))
        self._spent.append((day, amount))

    def tier(self, day: date) -> ClubTier:
        """The tier that the spend of the 12 months before a day reaches."""
        since = day - timedelta(days=365)
        return tier_for(sum(amount for spent, amount in self._spent if since < spent <= day), self.currency)

    def points(self, day: date) -> int:
        """Points that can be spent on a day."""
        return sum(points for credited, points in self._credits if credited <= day) - self._redeemed

    def redeem(self, day: date, limit: int) -> int:
        """Spends all full hundreds of points, up to a value; returns what they take off."""
        rules = load_policy()["club"]["points"]["redeem"]
        worth = int(rules["worth"][self.currency])
        hundreds = min(max(0, self.points(day)) // rules["points"], limit // worth)
        self._redeemed += hundreds * rules["points"]
        return int(hundreds * worth)

    def standing(self) -> tuple[ClubTier, int]:
        """Tier and points of today."""
        return self.tier(TODAY), max(0, self.points(TODAY))
