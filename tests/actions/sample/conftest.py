import pytest

from actions.sample.generate import generate
from actions.sample.goods import load_shelf


@pytest.fixture(scope="session")
def sample():
    return generate()


@pytest.fixture(scope="session")
def shelf():
    return load_shelf()


@pytest.fixture(scope="session")
def market(sample):
    return {customer["id"]: customer["market"] for customer in sample.customers}


@pytest.fixture(scope="session")
def orders(sample):
    """Orders by number, each with its items by SKU."""
    found = {order["number"]: {**order, "items": {}} for order in sample.orders}
    for item in sample.order_items:
        found[item["order_number"]]["items"][item["sku"]] = item
    return found
