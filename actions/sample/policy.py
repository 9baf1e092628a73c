"""The shop's policy as data, and the delivery prices that follow from it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from actions.store.models.customer import ClubTier
from actions.store.models.order import Currency

POLICY = Path(__file__).with_name("policy.json")


@cache
def load_policy() -> dict[str, Any]:
    """The content of policy.json."""
    loaded: dict[str, Any] = json.loads(POLICY.read_text("utf-8"))
    return loaded


@cache
def delivery_method(method: str) -> dict[str, Any]:
    """One delivery method by its id; raises KeyError on an unknown one."""
    methods: dict[str, dict[str, Any]] = {row["id"]: row for row in load_policy()["delivery"]["methods"]}
    return methods[method]


@cache
def club_tier(tier: ClubTier) -> dict[str, Any]:
    """One club tier by its id."""
    tiers: dict[str, dict[str, Any]] = {row["id"]: row for row in load_policy()["club"]["tiers"]}
    return tiers[tier]


def shipping_cost(method: str, goods: int, tier: ClubTier) -> int:
    """Price of a delivery for goods of this value (after discounts) to a customer of this tier."""
    row, benefits = delivery_method(method), club_tier(tier)
    if method in club_tier("gold")["free_methods"] and tier == "gold":
        return 0
    free_from = row["free_from"]
    if tier != "spark" and method in ("standard_uk", "standard_cn"):
        free_from = benefits.get("free_standard_from", club_tier("glow")["free_standard_from"])[row["currency"]]
    return 0 if free_from is not None and goods >= free_from else int(row["price"])


def tier_for(spend: int, currency: Currency) -> ClubTier:
    """The tier that this spend in 12 months reaches."""
    reached: ClubTier = "spark"
    for row in load_policy()["club"]["tiers"]:
        if spend >= row["from"][currency]:
            reached = row["id"]
    return reached
