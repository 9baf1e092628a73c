from datetime import UTC, date, datetime

from sqlalchemy import select

from actions.store.models import Order, OrderItem, Product

PRODUCT = {
    "category": "coffee",
    "description_en": "",
    "description_zh": "",
    "attributes": {"weight_g": 250},
    "aliases": {"en": [], "zh": ["晨光"]},
    "tags": ["chocolate"],
    "compatible_with": [],
    "price_gbp_pence": 950,
    "price_cny_fen": 7800,
    "stock_bristol": 1,
    "stock_kunshan": 1,
    "released": date(2020, 1, 1),
    "status": "active",
}


def test_an_order_knows_its_items_and_its_total(database, customer):
    with database.write() as session:
        order = Order(
            number="LE-AAAA-BBBB",
            customer=customer(),
            status="placed",
            placed_at=datetime(2026, 11, 22, tzinfo=UTC),
            promised_by=date(2026, 11, 25),
            currency="CNY",
            shipping_method="standard_cn",
            shipping_cost=1200,
            discount=500,
            payment_method="alipay",
            address={"city": "上海"},
        )
        for sku in ("CF-B", "CF-A"):
            session.add(Product(sku=sku, name_en=sku, name_zh=sku, **PRODUCT))
            order.items.append(OrderItem(sku=sku, quantity=2, unit_price=7800))
        session.add(order)
    with database.read() as session:
        kept = session.scalars(select(Order)).one()
        assert [item.product.sku for item in kept.items] == ["CF-A", "CF-B"]
        assert (kept.goods, kept.total, kept.customer.language) == (31200, 31900, "zh")
