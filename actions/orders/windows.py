"""By when something may be done, from policy.json."""

from __future__ import annotations

from datetime import date, timedelta

from actions.orders.words import day_of
from actions.sample.policy import load_policy
from actions.sample.seasons import next_sending_day
from actions.store.models import Order, Product


def arrived_on(order: Order) -> date | None:
    """The day of delivery, where the customer is."""
    return day_of(order.delivered_at, order.customer.market) if order.delivered_at else None


def return_until(order: Order, product: Product) -> date:
    """The last day on which a delivered article can be sent back."""
    rules = load_policy()["returns"]
    arrived = arrived_on(order)
    if arrived is None:
        raise ValueError(f"{order.number} has not been delivered")
    if product.category == "coffee":
        return arrived + timedelta(days=rules["unopened_coffee_days"])
    until = arrived + timedelta(days=rules["days"])
    season = rules["christmas"]
    bought = day_of(order.placed_at, order.customer.market)
    if date.fromisoformat(season["bought_from"]) <= bought <= date.fromisoformat(season["bought_to"]):
        until = max(until, date.fromisoformat(season["until"]))
    return until


def exchange_until(order: Order) -> date | None:
    """The last day on which a delivered article can be exchanged."""
    arrived = arrived_on(order)
    return arrived + timedelta(days=load_policy()["exchange"]["within_days"]) if arrived else None


def warranty_of(product: Product) -> tuple[str, int] | None:
    """The unit and number of its warranty: `("months", 36)`, `("days", 60)`; None where there is none."""
    rules = load_policy()["warranty"]
    for prefix, months in rules["months_by_sku_prefix"].items():
        if product.sku.startswith(prefix):
            return "months", months
    if product.category in rules["teaware_categories"]:
        return "days", rules["teaware_crack_days"]
    if product.category not in rules["months_by_category"]:
        return None
    electric = product.attributes.get("power_w") or product.attributes.get("battery")
    if product.category == "accessories" and not (electric or product.attributes.get("warranty_months")):
        return None
    return "months", rules["months_by_category"][product.category]


def warranty_until(order: Order, product: Product) -> date | None:
    """The last day of its warranty."""
    arrived, covered = arrived_on(order), warranty_of(product)
    if arrived is None or covered is None:
        return None
    unit, count = covered
    return arrived + timedelta(days=count) if unit == "days" else months_later(arrived, count)


def months_later(start: date, months: int) -> date:
    """The same day of a later month, or that month's last one."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    for last in (start.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(start.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def lost_from(order: Order) -> date:
    """The day from which a parcel that has not come counts as lost."""
    market = order.customer.market
    rule = load_policy()["delivery"]["lost_after"][market]
    if "days" in rule:
        return order.promised_by + timedelta(days=rule["days"])
    day = order.promised_by
    for _ in range(rule["working_days"]):
        day = next_sending_day(day + timedelta(days=1), market)
    return day
