import statistics
from collections import defaultdict
from itertools import pairwise

from actions.sample.tastes import KINDS


def bought(orders, wanted):
    """Days on which each customer bought something of `wanted`, by customer."""
    found = defaultdict(list)
    for order in sorted(orders.values(), key=lambda row: row["placed_at"]):
        if any(wanted(sku) for sku in order["items"]):
            found[order["customer_id"]].append(order["placed_at"])
    return found


def gaps(days):
    return [(second - first).days for first, second in pairwise(days)]


def test_coffee_comes_again_after_a_personal_period(orders, sample):
    pairs = []
    for customer, days in bought(orders, lambda sku: sku.startswith("CF-")).items():
        taste = sample.tastes[customer]
        if len(days) >= 6 and not taste.subscribes:
            pairs.append((taste.coffee_days, statistics.median(gaps(days))))
    assert len(pairs) > 50
    assert statistics.correlation(*zip(*pairs, strict=True)) > 0.3


def test_subscriptions_come_every_two_four_or_six_weeks(sample):
    days = defaultdict(list)
    for row in sample.transactions:
        if row["channel"] == "subscription" and row["kind"] == "purchase":
            days[row["customer_id"]].append(row["at"])
    regular = [gap % 14 in (0, 13) for found in days.values() for gap in gaps(found)]
    assert sum(regular) / len(regular) > 0.95


def test_water_filters_come_every_two_months(orders):
    found = bought(orders, lambda sku: sku in ("WF-02", "WF-02X3"))
    every = [gap for days in found.values() if len(days) >= 3 for gap in gaps(days)]
    assert 50 <= statistics.median(every) <= 70


def test_accessories_fit_the_machine(orders):
    machines = bought(orders, lambda sku: sku.startswith(("EM-", "RF-F", "RF-W")))
    wren = bought(orders, lambda sku: sku.startswith(("EM-WREN", "RF-WREN")))
    small = bought(orders, lambda sku: sku in ("AC-TP53", "AC-PF54", "AC-BK54", "AC-DIST54"))
    large = bought(orders, lambda sku: sku in ("AC-TP58", "AC-PF58", "AC-BK58", "AC-DIST58"))
    assert len(machines) > 25
    assert not set(small) & (set(machines) - set(wren))
    assert not set(large) & set(wren)


def test_a_machine_is_followed_by_accessories(orders):
    machines = bought(orders, lambda sku: sku.startswith(("EM-", "RF-F", "RF-W")))
    others = bought(orders, lambda sku: sku.startswith("AC-"))
    followed = sum(
        any(0 <= (day - days[0]).days <= 60 for day in others.get(customer, ())) for customer, days in machines.items()
    )
    assert followed / len(machines) > 0.5


def test_customers_buy_what_they_like(orders, sample, shelf):
    spent = defaultdict(lambda: defaultdict(int))
    for order in orders.values():
        kind = sample.tastes[order["customer_id"]].main
        for sku, item in order["items"].items():
            spent[kind][shelf[sku].category] += item["quantity"]
    share = {kind: spent[kind]["tea"] / sum(spent[kind].values()) for kind in KINDS}
    assert share["tea"] > 3 * share["espresso"]


def test_dark_roasts_go_to_those_who_like_them_dark(orders, sample, shelf):
    liked = defaultdict(list)
    for order in orders.values():
        for sku in order["items"]:
            if shelf[sku].attributes.get("roast") in ("light", "dark") and shelf[sku].category == "coffee":
                liked[shelf[sku].attributes["roast"]].append(sample.tastes[order["customer_id"]].roast)
    assert statistics.mean(liked["dark"]) > statistics.mean(liked["light"]) + 0.4
