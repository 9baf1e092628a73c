from datetime import date

import pytest

from actions.orders.windows import months_later, warranty_of
from actions.store.models import Product

FRENCH, CHINESE = "LE-3WFJ-X9DA", "LE-9QXC-H4TV"


def test_a_claim_within_the_warranty(talk):
    talk.change(FRENCH, status="delivered", delivered_at=talk.order("LE-R8TN-5VHC").delivered_at)
    assert "What is wrong" in talk.verified(FRENCH).say("warranty claim please", "warranty_claim")[0]
    (said,) = talk.say("no steam comes out of it", "deny")
    assert "covered until Tuesday 13 November 2029: “no steam comes out of it”" in said
    assert "7 to 10 working days" in talk.say("yes", "affirm")[0]
    assert talk.cases()[0].details == {"description": "no steam comes out of it"}


def test_more_is_added_before_the_yes(chinese):
    chinese.verified(CHINESE).say("磨豆机要报修", "warranty_claim")
    chinese.say("摇臂转不动")
    assert "摇臂转不动；而且有异响" in chinese.say("而且有异响", "unclear")[0]


def test_over(talk, find):
    cup = find(
        lambda o: (
            o.status == "delivered"
            and len(o.items) == 1
            and o.items[0].product.category == "cups"
            and o.delivered_at.month < 9
        )
    )
    (said,) = talk.verified(cup.number).say("warranty claim", "warranty_claim")
    assert "warranty of 60 days ended" in said
    assert "a diagnosis costs £25" in said
    assert talk.offer == "policy_restriction"


def test_not_delivered_yet(talk):
    assert "hasn’t begun" in talk.verified("LE-7K4M-Q2XP").say("warranty claim", "warranty_claim")[0]


@pytest.mark.parametrize(
    ("sku", "category", "term"),
    [
        ("EM-WREN1", "espresso-machines", ("months", 36)),
        ("EM-BAST-BR", "espresso-machines", ("months", 60)),
        ("GR-ROOK", "grinders", ("months", 24)),
        ("RF-ROOK", "refurbished", ("months", 12)),
        ("TW-SKY", "teaware", ("days", 60)),
        ("CF-YIRGA", "coffee", None),
    ],
)
def test_terms(sku, category, term):
    assert warranty_of(Product(sku=sku, category=category, attributes={})) == term


def test_months_end_where_the_month_does():
    assert months_later(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert months_later(date(2026, 11, 13), 36) == date(2029, 11, 13)
    assert months_later(date(2024, 2, 29), 12) == date(2025, 2, 28)
