from collections import defaultdict
from datetime import timedelta

from actions.sample.seasons import NOW


def by(rows, key):
    found = defaultdict(list)
    for row in rows:
        found[row[key]].append(row)
    return found


def total(order):
    items = sum(item["quantity"] * item["unit_price"] for item in order["items"].values())
    return items - order["discount"] + order["shipping_cost"]


def test_every_order_is_paid_in_full(sample, orders):
    paid = by(sample.transactions, "order_number")
    for number, order in orders.items():
        rows = [row for row in paid[number] if row["kind"] != "refund" and row["status"] != "declined"]
        assert {row["currency"] for row in rows} == {order["currency"]}
        assert sum(row["amount"] for row in rows) >= total(order)
        if order["payment_method"] != "ember_later":
            assert sum(row["amount"] for row in rows) == total(order)


def test_cards_in_the_uk_are_charged_at_dispatch(sample, orders, market):
    for row in sample.transactions:
        if row["kind"] == "purchase" and market[row["customer_id"]] != "cn" and row["status"] != "declined":
            waiting = orders[row["order_number"]]["status"] in ("placed", "packed")
            assert (row["status"] == "authorised") == waiting


def test_what_came_back_was_refunded_and_never_more_than_paid(sample, orders):
    refunds = by((row for row in sample.transactions if row["kind"] == "refund"), "order_number")
    returned = [order for order in orders.values() if order["status"] == "returned"]
    assert len(returned) > 30
    assert all(order["number"] in refunds for order in returned)
    for number, rows in refunds.items():
        assert sum(row["amount"] for row in rows) <= total(orders[number])


def test_instalments_fall_due_monthly_and_some_lie_ahead(sample):
    plans = by((row for row in sample.transactions if row["kind"] == "pay_later_instalment"), "order_number")
    assert {len(plan) for plan in plans.values()} == {3, 6}
    for plan in plans.values():
        assert {second["at"] - first["at"] for first, second in zip(plan, plan[1:], strict=False)} == {
            timedelta(days=30)
        }
    for row in sample.transactions:
        assert (row["at"] > NOW) <= (row["status"] in ("scheduled", "reversed"))


def test_odd_customers_stand_out(sample):
    mine = by(sample.transactions, "customer_id")
    cards = {customer: len({row["instrument"] for row in rows}) for customer, rows in mine.items()}
    assert {customer for customer, count in cards.items() if count > 1} == {
        customer for customer, odd in sample.odd.items() if odd == "many_cards"
    }
    for customer in (customer for customer, odd in sample.odd.items() if odd == "night_burst"):
        abroad = [row for row in mine[customer] if row["kind"] == "gift_card" and row["ip_country"] not in ("GB", "CN")]
        assert len(abroad) >= 6
        assert abroad[-1]["at"] - abroad[0]["at"] < timedelta(hours=1)


def test_some_customers_send_much_of_it_back(orders, sample):
    returned = defaultdict(list)
    for order in orders.values():
        odd = sample.odd.get(order["customer_id"]) == "many_returns"
        returned[odd].append(order["status"] == "returned")
    share = {odd: sum(values) / len(values) for odd, values in returned.items()}
    assert share[True] > 0.25
    assert 0.01 < share[False] < 0.06


def test_gift_cards_belong_to_no_order(sample):
    cards = [row for row in sample.transactions if row["kind"] == "gift_card"]
    assert all(row["order_number"] is None for row in cards)
