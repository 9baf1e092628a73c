import re
from collections import defaultdict
from datetime import timedelta

from actions.sample.policy import delivery_method, load_policy, shipping_cost
from actions.sample.seasons import FIRST_DAY, NOW
from actions.store.references import ALPHABET


def goods(order):
    return sum(item["quantity"] * item["unit_price"] for item in order["items"].values())


def test_order_numbers_have_the_form_and_no_order(sample):
    numbers = [row["number"] for row in sample.orders]
    assert all(re.fullmatch(load_policy()["order_number"]["pattern"], number) for number in numbers)
    assert len(set(numbers)) == len(numbers)
    rising = sum(first < second for first, second in zip(numbers, numbers[1:], strict=False))
    assert 0.45 < rising / len(numbers) < 0.55
    assert {letter for number in numbers for letter in number[3:] if letter != "-"} == set(ALPHABET)


def test_status_and_dates_agree(sample):
    for order in sample.orders:
        sent, arrived = order["dispatched_at"], order["delivered_at"]
        assert FIRST_DAY - timedelta(days=1) <= order["placed_at"].date()
        assert order["placed_at"] < NOW
        assert (sent is not None) == (order["status"] in ("dispatched", "delivered", "returned"))
        assert (arrived is not None) == (order["status"] in ("delivered", "returned"))
        assert (order["tracking_number"] is not None) == (sent is not None)
        if sent:
            assert order["placed_at"] < sent <= NOW
        if arrived:
            assert sent < arrived <= NOW


def test_only_recent_orders_are_still_open(sample):
    statuses = {"placed", "packed", "dispatched"}
    open_orders = [order for order in sample.orders if order["status"] in statuses]
    assert {order["status"] for order in open_orders} == statuses
    assert all(NOW - order["placed_at"] < timedelta(days=24) for order in open_orders)


def test_prices_are_those_of_the_catalogue(orders, shelf):
    for order in orders.values():
        for sku, item in order["items"].items():
            assert item["unit_price"] == shelf[sku].price[order["currency"]]


def test_delivery_costs_what_the_policy_says(orders, sample):
    subscribed = {row["order_number"] for row in sample.transactions if row["channel"] == "subscription"}
    for order in orders.values():
        value = goods(order) - order["discount"]
        costs = {shipping_cost(order["shipping_method"], value, tier) for tier in ("spark", "glow", "gold")}
        assert order["shipping_cost"] in costs or order["number"] in subscribed
        assert delivery_method(order["shipping_method"])["currency"] == order["currency"]


def test_thrifty_customers_fill_up_to_free_delivery(orders, sample):
    free = defaultdict(list)
    for order in orders.values():
        taste = sample.tastes[order["customer_id"]]
        if order["shipping_method"] in ("standard_uk", "standard_cn", "eu") and not 0.35 < taste.thrift < 0.65:
            threshold = delivery_method(order["shipping_method"])["free_from"]
            free[taste.thrift > 0.5].append(threshold <= goods(order) < 1.6 * threshold)
    share = {thrifty: sum(reached) / len(reached) for thrifty, reached in free.items()}
    assert share[True] > 1.1 * share[False]


def test_heavy_goods_come_with_two_people(orders, shelf):
    heavy = [order for order in orders.values() if any(shelf[sku].heavy for sku in order["items"])]
    assert heavy
    assert {order["shipping_method"] for order in heavy} <= {"heavy_uk", "heavy_cn"}


def test_the_subscription_takes_15_percent_off(orders, sample):
    subscribed = {row["order_number"] for row in sample.transactions if row["channel"] == "subscription"}
    assert len(subscribed) > 50
    assert all(orders[number]["discount"] == goods(orders[number]) * 15 // 100 for number in subscribed)
