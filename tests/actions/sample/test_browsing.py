from collections import defaultdict
from datetime import timedelta
from itertools import pairwise

import pytest

HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture(scope="module")
def sessions(sample):
    """Visits: page views of one customer with less than half an hour between them."""
    views = defaultdict(list)
    for view in sample.page_views:
        views[view["customer_id"]].append(view)
    found = []
    for mine in views.values():
        found.append([mine[0]])
        for before, view in pairwise(mine):
            if view["at"] - before["at"] > HALF_AN_HOUR:
                found.append([])
            found[-1].append(view)
    return found


def test_a_view_is_of_a_product_or_of_a_page(sample):
    assert all((view["sku"] is None) != (view["page"] is None) for view in sample.page_views)


def test_the_funnel_narrows(sessions):
    def share(page):
        return sum(any(view["page"] == page for view in visit) for visit in sessions) / len(sessions)

    products = sum(any(view["sku"] for view in visit) for visit in sessions) / len(sessions)
    assert products > 1.5 * share("basket")
    assert share("basket") > 1.15 * share("checkout")
    assert share("checkout") > 1.02 * share("thanks") > 0


def test_every_order_ends_a_visit_that_saw_its_goods(sample, orders):
    subscribed = {row["order_number"] for row in sample.transactions if row["channel"] == "subscription"}
    views = defaultdict(list)
    for view in sample.page_views:
        views[view["customer_id"]].append(view)
    for order in orders.values():
        if order["number"] in subscribed:
            continue
        placed = order["placed_at"]
        visit = [view for view in views[order["customer_id"]] if placed - timedelta(hours=1) <= view["at"] <= placed]
        assert {"basket", "checkout", "thanks"} <= {view["page"] for view in visit}
        assert set(order["items"]) <= {view["sku"] for view in visit}


def test_dear_things_are_looked_at_for_days(sample, orders, shelf):
    first_seen = {}
    for view in sample.page_views:
        if view["sku"]:
            first_seen.setdefault((view["customer_id"], view["sku"]), view["at"])
    earlier = defaultdict(list)
    for order in orders.values():
        for sku in order["items"]:
            seen = first_seen.get((order["customer_id"], sku))
            if seen and shelf[sku].category in ("espresso-machines", "cleaning"):
                earlier[shelf[sku].category].append(order["placed_at"] - seen > timedelta(hours=6))
    share = {category: sum(values) / len(values) for category, values in earlier.items()}
    assert share["espresso-machines"] > 0.8


def test_views_lie_in_the_year_and_last(sample):
    assert all(0 < view["seconds"] <= 900 for view in sample.page_views)
    assert all(first["at"] <= second["at"] for first, second in pairwise(sample.page_views))
