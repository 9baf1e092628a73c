from actions.orders.gift_codes import LENGTH, digest_of
from actions.sample.demo import demo_gift_cards
from actions.sample.gift_cards import COUNT, gift_card_rows


def test_the_same_seed_makes_the_same_cards():
    assert gift_card_rows(2026) == gift_card_rows(2026)
    assert gift_card_rows(1)[10] != gift_card_rows(2026)[10]


def test_the_demo_cards_come_first_and_no_code_is_in_a_row():
    rows = gift_card_rows(2026)
    assert len(rows) == COUNT + len(demo_gift_cards())
    for card, row in zip(demo_gift_cards(), rows, strict=False):
        assert len(card["code"]) == LENGTH
        assert (row["code_digest"], row["last_four"]) == (digest_of(card["code"]), card["code"][-4:])
        assert card["code"] not in str(row)
    assert {row["currency"] for row in rows} == {"GBP", "CNY"}
