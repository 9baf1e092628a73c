import pytest

from actions.sample.policy import delivery_method, load_policy, shipping_cost, tier_for


@pytest.mark.parametrize(
    ("method", "price", "free_from"),
    [
        ("standard_uk", 395, 4500),
        ("express_uk", 695, 12000),
        ("saturday_uk", 950, None),
        ("remote_uk", 795, 9000),
        ("eu", 1250, 15000),
        ("standard_cn", 1200, 19900),
        ("next_day_cn", 2200, 59900),
        ("remote_cn", 3500, 39900),
        ("hmt", 5800, 89900),
        ("heavy_uk", 2900, None),
        ("heavy_cn", 18000, None),
    ],
)
def test_delivery_prices(method, price, free_from):
    assert (delivery_method(method)["price"], delivery_method(method)["free_from"]) == (price, free_from)
    assert shipping_cost(method, 100, "spark") == price
    if free_from:
        assert shipping_cost(method, free_from - 1, "spark") == price
        assert shipping_cost(method, free_from, "spark") == 0


def test_the_club_lowers_delivery():
    assert shipping_cost("standard_uk", 2500, "glow") == 0
    assert shipping_cost("standard_cn", 9899, "glow") == 1200
    assert shipping_cost("standard_cn", 9900, "gold") == 0
    assert shipping_cost("express_uk", 100, "gold") == 0
    assert shipping_cost("express_uk", 100, "glow") == 695


def test_an_unknown_method_is_an_error():
    with pytest.raises(KeyError, match="pigeon"):
        delivery_method("pigeon")


def test_tiers_start_where_the_policy_says():
    assert [tier_for(amount, "GBP") for amount in (0, 19999, 20000, 60000)] == ["spark", "spark", "glow", "gold"]
    assert [tier_for(amount, "CNY") for amount in (199_999, 200_000, 600_000)] == ["spark", "glow", "gold"]


def test_both_languages_are_there():
    for method in load_policy()["delivery"]["methods"]:
        assert method["name"]["en"]
        assert method["name"]["zh"]


def test_numbers_that_customers_ask_for():
    policy = load_policy()
    assert policy["returns"]["days"] == 30
    assert policy["returns"]["christmas"] == {
        "bought_from": "2026-11-01",
        "bought_to": "2026-12-24",
        "until": "2027-01-31",
    }
    assert policy["warranty"]["months_by_category"]["espresso-machines"] == 36
    assert policy["warranty"]["months_by_sku_prefix"]["EM-BAST"] == 60
    assert policy["cancel"]["cancellable_statuses"] == ["placed"]
    example = policy["pay_later"]["example"]
    rate = (1 + example["apr_percent"] / 100) ** (1 / 12) - 1
    assert example["monthly"] == round(example["amount"] * rate / (1 - (1 + rate) ** -example["months"]))
