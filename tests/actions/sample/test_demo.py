import pytest

from actions.sample.demo import demo_orders
from actions.sample.seasons import NOW


@pytest.mark.parametrize("fixed", demo_orders(), ids=lambda row: row["order_number"])
def test_a_fixed_order_is_in_the_rows_as_documented(fixed, sample, orders):
    order = orders[fixed["order_number"]]
    customer = sample.customers[order["customer_id"] - 1]
    assert (customer["email"], customer["phone"][-4:]) == (fixed["email"], fixed["phone_last_four"])
    assert customer["language"] == fixed["customer"]["language"]
    assert order["status"] == fixed["status"]
    assert {sku: item["quantity"] for sku, item in order["items"].items()} == fixed["items"]
    assert (order["promised_by"].isoformat(), order["shipping_cost"]) == (fixed["promised_by"], fixed["shipping_cost"])


def test_both_languages_and_several_statuses_are_there():
    assert {row["customer"]["language"] for row in demo_orders()} == {"en", "zh"}
    assert {row["status"] for row in demo_orders()} == {"placed", "packed", "dispatched", "delivered"}


def test_the_fixed_order_is_the_customer_s_last_and_the_only_open_one(sample):
    for number, fixed in enumerate(demo_orders(), 1):
        mine = [row for row in sample.orders if row["customer_id"] == number]
        assert mine[-1]["number"] == fixed["order_number"]
        assert all(row["status"] in ("delivered", "cancelled", "returned") for row in mine[:-1])
        assert mine[-1]["placed_at"] < NOW
