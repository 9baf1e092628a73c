import pytest


def test_none_yet(talk):
    (said,) = talk.verified("LE-R8TN-5VHC").say("where is my refund", "refund_status")
    assert "3 to 5 working days after a return" in said


def test_a_return_under_way(talk):
    talk.verified("LE-R8TN-5VHC").say("I want to return the Rook, it is faulty", "return_item")
    talk.say("yes", "affirm")
    assert talk.cases()[0].reference in talk.say("where is my refund", "refund_status")[0]


@pytest.mark.parametrize(
    ("market", "method", "then"),
    [("uk", "paypal", "after 1 day"), ("uk", "visa", "3 to 5 days later"), ("cn", "alipay", "within 24 hours")],
)
def test_what_went_back_and_when_it_arrives(talk, find, market, method, then):
    returned = find(lambda o: o.status == "returned" and o.payment_method == method, market)
    (said,) = talk.verified(returned.number).say("where is my refund", "refund_status")
    assert f"for order {returned.number} went back on" in said
    assert then in said


def test_what_was_only_reserved(talk, find):
    gone = find(lambda o: o.status == "cancelled" and o.payment_method == "visa")
    assert "only reserved" in talk.verified(gone.number).say("where is my refund", "refund_status")[0]
