"""The catalogue that the shop's pages show."""

from datetime import date

import pytest
from aiohttp.test_utils import TestClient, TestServer

from actions.server import make_app
from actions.store.models.product import Product

SECRET = "the secret that both servers share"
BEARER = {"Authorization": f"Bearer {SECRET}"}


def product(sku, **changes):
    values = {
        "category": "cups",
        "name_en": f"Cup {sku}",
        "name_zh": f"杯子 {sku}",
        "description_en": "A cup.",
        "description_zh": "一只杯子。",
        "attributes": {"capacity_ml": 70, "colour": "white"},
        "aliases": {"en": [], "zh": []},
        "tags": [],
        "compatible_with": [],
        "price_gbp_pence": 1850,
        "price_cny_fen": 13800,
        "stock_bristol": 4,
        "stock_kunshan": 0,
        "released": date(2024, 5, 1),
        "status": "active",
    }
    return Product(sku=sku, **{**values, **changes})


@pytest.fixture
async def client(shop):
    with shop.database.write() as session:
        session.add_all(
            [product("CU-B", attributes={"type": "green"}), product("CU-A", compatible_with=["CU-B", "GONE"])]
        )
    async with TestClient(TestServer(make_app(shop, SECRET))) as made:
        yield made


async def get(client, path):
    answer = await client.get(path, headers=BEARER)
    return answer.status, await answer.json()


async def test_all_products_in_order(client):
    status, rows = await get(client, "/products")
    assert status == 200
    assert [row["sku"] for row in rows] == ["CU-A", "CU-B"]
    assert rows[0] == {
        "sku": "CU-A",
        "category": "cups",
        "name": {"en": "Cup CU-A", "zh": "杯子 CU-A"},
        "price": {"GBP": 1850, "CNY": 13800},
        "stock": {"bristol": 4, "kunshan": 0},
        "status": "active",
        "released": "2024-05-01",
        "look": "white",
    }
    assert rows[1]["look"] == "green"


async def test_one_product_with_what_goes_with_it(client):
    status, found = await get(client, "/products/CU-A")
    assert status == 200
    assert found["description"] == {"en": "A cup.", "zh": "一只杯子。"}
    assert found["attributes"] == {"capacity_ml": 70, "colour": "white"}
    assert [other["sku"] for other in found["compatible_with"]] == ["CU-B"]


@pytest.mark.parametrize("sku", ["NONE", "cu-a", "%27%20or%201=1", "x" * 400])
async def test_a_product_that_is_none(client, sku):
    assert await get(client, f"/products/{sku}") == (404, {"error": "There is no such product."})


async def test_an_empty_catalogue_is_empty(shop):
    async with TestClient(TestServer(make_app(shop, SECRET))) as made:
        assert await get(made, "/products") == (200, [])
