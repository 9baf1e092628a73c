import re
from collections import Counter

RANGES = {
    "uk": r"\+447700900\d{3}",
    "eu": r"\+49176040690\d\d|\+4917139200\d\d|\+3363998\d{4}|\+3532091\d{5}|\+467017406\d\d",
    "cn": r"\+861[35-8]\d0000\d{4}",
}


def test_two_fifths_are_british_and_two_fifths_chinese(market):
    assert {name: count / len(market) for name, count in Counter(market.values()).items()} == {
        "uk": 0.4,
        "cn": 0.4,
        "eu": 0.2,
    }


def test_phones_and_addresses_are_made_up_and_nobody_shares_one(sample):
    for customer in sample.customers:
        assert re.fullmatch(RANGES[customer["market"]], customer["phone"]), customer["phone"]
        assert re.fullmatch(r"[a-z0-9._-]+@(example\.com|mail\.example|post\.example)", customer["email"])
    for key in ("email", "phone"):
        assert len({customer[key] for customer in sample.customers}) == len(sample.customers)


def test_language_mostly_follows_the_market(sample):
    spoken = Counter((customer["market"], customer["language"]) for customer in sample.customers)
    assert spoken["cn", "zh"] > 10 * spoken["cn", "en"] > 0
    assert spoken["uk", "en"] > 5 * spoken["uk", "zh"] > 0
    assert all(
        re.search(r"[一-鿿]", c["name"]) for c in sample.customers if (c["market"], c["language"]) == ("cn", "zh")
    )


def test_nobody_acts_before_joining(sample):
    joined = {customer["id"]: customer["created_at"] for customer in sample.customers}
    assert all(row["placed_at"] > joined[row["customer_id"]] for row in sample.orders)
    assert all(row["at"] >= joined[row["customer_id"]] for row in (*sample.page_views, *sample.transactions))
