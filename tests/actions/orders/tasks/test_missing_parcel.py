from datetime import date

import pytest

from actions.orders.windows import lost_from
from actions.store.models import Customer, Order

HERS = "LE-7K4M-Q2XP"


@pytest.mark.parametrize(
    ("market", "promised", "lost"),
    [
        ("uk", date(2026, 11, 5), date(2026, 11, 12)),  # the example in the documents
        ("eu", date(2026, 11, 5), date(2026, 11, 19)),
        ("cn", date(2026, 12, 5), date(2026, 12, 12)),
    ],
)
def test_from_when_a_parcel_counts_as_lost(market, promised, lost):
    assert lost_from(Order(promised_by=promised, customer=Customer(market=market))) == lost


def test_not_lost_yet(talk):
    (said,) = talk.verified(HERS).say("my parcel is missing", "missing_parcel")
    assert "counts as lost from Tuesday 1 December 2026" in said
    assert talk.cases() == []


def test_lost(talk):
    talk.change(HERS, promised_by=date(2026, 11, 5))
    talk.verified(HERS).say("my parcel is missing", "missing_parcel")
    assert "counts as lost since Thursday 12 November 2026" in talk.press("A replacement")[0]
    talk.say("yes", "affirm")
    assert talk.cases()[0].details == {"delivered": False, "wish": "replacement"}
    assert talk.cases()[0].reference in talk.say("my parcel is missing", "missing_parcel")[0]


def test_delivered_it_says(talk):
    (said,) = talk.verified("LE-R8TN-5VHC").say("I never got it", "missing_parcel")
    assert "up to 5 working days" in said
    talk.say("yes", "affirm")
    assert talk.cases()[0].details["delivered"] is True
