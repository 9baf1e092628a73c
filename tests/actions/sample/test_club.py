from collections import defaultdict
from datetime import UTC, date, datetime

from actions.sample.club import Club
from actions.sample.lifecycle import Parcel
from actions.sample.policy import tier_for


def parcel(day):
    moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return Parcel(moment, moment, moment, moment, day)


def test_points_arrive_30_days_after_delivery_and_are_spent_in_hundreds():
    club, day = Club("GBP"), date(2026, 1, 1)
    club.note(day, 24_999, parcel(day), kept=True)
    assert club.points(date(2026, 1, 30)) == 0
    assert club.points(date(2026, 1, 31)) == 249
    assert club.redeem(date(2026, 2, 1), limit=5000) == 400
    assert club.points(date(2026, 2, 1)) == 49
    assert club.redeem(date(2026, 2, 1), limit=5000) == 0


def test_what_came_back_does_not_count():
    club, day = Club("CNY"), date(2026, 1, 1)
    club.note(day, 700_000, parcel(day), kept=False)
    assert club.standing() == ("spark", 0)


def test_tiers_follow_the_spend_of_the_year(orders, sample):
    spend = defaultdict(int)
    for order in orders.values():
        if order["status"] not in ("cancelled", "returned"):
            items = sum(item["quantity"] * item["unit_price"] for item in order["items"].values())
            spend[order["customer_id"]] += items - order["discount"]
    for customer in sample.customers:
        currency = "CNY" if customer["market"] == "cn" else "GBP"
        assert customer["club_tier"] == tier_for(spend[customer["id"]], currency)
    assert {customer["club_tier"] for customer in sample.customers} == {"spark", "glow", "gold"}
