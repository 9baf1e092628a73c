from datetime import date

from actions.sample.goods import product_rows


def test_every_flagship_is_there_at_its_price(shelf):
    prices = {"EM-WREN1": (34900, 298000), "EM-BAST": (215000, 1850000), "WF-02": (1400, 10800), "TE-LJ": (2400, 16800)}
    for sku, (pounds, yuan) in prices.items():
        assert shelf[sku].price == {"GBP": pounds, "CNY": yuan}


def test_what_fits_is_found_from_the_machine(shelf):
    assert "AC-TP53" in [good.sku for good in shelf.fitting("EM-WREN1", "accessories")]
    assert "WF-02" not in [good.sku for good in shelf.fitting("EM-BAST", "water")]


def test_goods_over_20_kg_are_heavy(shelf):
    for good in shelf.goods.values():
        assert good.heavy == (good.attributes.get("weight_kg", 0) > 20), good.sku


def test_nothing_is_sold_before_its_release(shelf):
    assert not shelf["CF-SPRING"].on_sale(date(2026, 11, 22))
    assert shelf["CF-MORROW"].on_sale(date(2026, 11, 22))


def test_rows_carry_what_the_table_needs():
    rows = product_rows()
    assert len({row["sku"] for row in rows}) == len(rows) >= 160
    assert all(row["name_zh"] and row["description_en"] for row in rows)
