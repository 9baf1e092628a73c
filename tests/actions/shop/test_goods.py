import pytest

from actions.sample.goods import product_rows
from actions.shop.goods import price_and_stock, products_named, stock
from actions.store.database import open_database
from actions.store.models import Product


@pytest.fixture
def shelf(tmp_path):
    database = open_database(f"sqlite:///{tmp_path}/shop.db")
    database.upgrade()
    with database.write() as session:
        session.add_all(Product(**row) for row in product_rows())
    yield database
    database.close()


def test_a_family_is_shown_with_its_colours(shelf):
    with shelf.read() as session:
        reply = price_and_stock(products_named(session, ["EM-WREN1"]), "en")
    assert reply.text.splitlines()[0] == "Wren Compact Espresso Machine: £349, in stock."
    assert [card["url"] for card in reply.cards] == [
        "/products/EM-WREN1",
        "/products/EM-WREN1-CR",
        "/products/EM-WREN1-SG",
    ]
    assert {card["kind"] for card in reply.cards} == {"product"}


def test_each_language_has_its_price_and_warehouse(shelf):
    with shelf.read() as session:
        (gannet,) = products_named(session, ["BR-GANNET"])
    assert price_and_stock([gannet], "en").text == "Gannet Cold Brew Bottle: £26, out of stock at the moment."
    assert price_and_stock([gannet], "zh").text == "塘鹅冷萃瓶：¥198，有货。"


@pytest.mark.parametrize(
    ("status", "count", "said"),
    [
        ("active", 3, "only 3 left"),
        ("active", 0, "out of stock at the moment"),
        ("preorder", 0, "to be pre-ordered"),
        ("discontinued", 0, "no longer made"),
        ("discontinued", 2, "only 2 left"),
    ],
)
def test_stock_in_words(status, count, said):
    assert stock(Product(status=status, stock_bristol=count, stock_kunshan=9), "en") == said


def test_an_unknown_product_is_none(shelf):
    with shelf.read() as session:
        assert products_named(session, ["XX-NONE"]) == []
