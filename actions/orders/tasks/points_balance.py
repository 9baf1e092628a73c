"""The customer's club points."""

from __future__ import annotations

from actions.orders.reply import Reply
from actions.orders.situation import Situation
from actions.orders.tasks.task import Task
from actions.orders.words import money
from actions.sample.policy import club_tier, load_policy
from actions.store.models.order import Currency


class PointsBalance(Task):
    """Tells points, what they are worth, and the tier."""

    name = "points_balance"
    about_order = False
    changes = False

    def carry_out(self, situation: Situation) -> list[Reply]:
        """Full hundreds can be spent."""
        customer = situation.customer
        if customer is None:
            raise ValueError("points belong to a customer")
        rules = load_policy()["club"]["points"]
        currency: Currency = "CNY" if customer.market == "cn" else "GBP"
        per, value = rules["redeem"]["points"], rules["redeem"]["worth"][currency]
        return [
            Reply(
                situation.say(
                    "points_now",
                    points=f"{customer.points:,}",
                    worth=money(customer.points // per * value, currency),
                    tier=club_tier(customer.club_tier)["name"][situation.language],
                    per=per,
                    value=money(value, currency),
                    months=rules["expire_months"],
                )
            )
        ]
