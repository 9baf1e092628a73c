from datetime import timedelta

from actions.sample.seasons import TODAY

SHANGHAI = timedelta(hours=8)


def test_nothing_is_sold_while_it_is_out_of_stock(orders, sample, shelf, market):
    for order in orders.values():
        chinese = market[order["customer_id"]] == "cn"
        warehouse = "kunshan" if chinese else "bristol"
        day = order["placed_at"] + (SHANGHAI if chinese else timedelta())
        for sku in order["items"]:
            near = (day.date(), (day - timedelta(hours=2)).date(), (day + timedelta(hours=2)).date())
            assert any(sample.stock_outs.available(shelf[sku], warehouse, each) for each in near), (
                order["number"],
                sku,
            )


def test_what_has_no_stock_today_is_not_available(sample, shelf):
    gone = [(good, name) for good in shelf.goods.values() for name, count in good.stock.items() if not count]
    assert gone
    assert not any(sample.stock_outs.available(good, name, TODAY) for good, name in gone if good.status == "active")


def test_there_were_other_stock_outs(sample):
    assert sum(span[1] < TODAY for spans in sample.stock_outs.spans.values() for span in spans) > 30
