import pytest


def test_a_reserved_payment_is_released(talk):
    (said,) = talk.verified("LE-E2UD-6NGS").say("cancel it", "cancel_order")
    assert "your bank lifts that within 7 days" in said
    assert "is cancelled, reference R-" in talk.say("yes", "affirm")[0]
    assert talk.order("LE-E2UD-6NGS").status == "cancelled"
    assert talk.payments("LE-E2UD-6NGS") == [("purchase", "reversed")]
    (case,) = talk.cases()
    assert (case.kind, case.status, case.order_number) == ("cancel", "done", "LE-E2UD-6NGS")


def test_what_was_paid_is_refunded(chinese, find):
    paid = find(lambda o: o.status == "placed" and o.payment_method == "wechat_pay", "cn")
    (said,) = chinese.verified(paid.number).say("取消订单", "cancel_order")
    assert "会在 24 小时内原路退回" in said
    chinese.press("确认取消")
    assert ("refund", "succeeded") in chinese.payments(paid.number)


def test_instalments_are_called_off(chinese, find):
    plan = find(lambda o: o.status == "delivered" and o.payment_method == "ember_later", "cn")
    chinese.change(plan.number, status="placed", delivered_at=None, dispatched_at=None)
    chinese.verified(plan.number).say("取消订单", "cancel_order")
    chinese.press("确认取消")
    assert not [p for p in chinese.payments(plan.number) if p[1] == "scheduled"]


@pytest.mark.parametrize("status", ["packed", "dispatched"])
def test_packed_is_too_late(talk, status):
    talk.change("LE-E2UD-6NGS", status=status)
    (said,) = talk.verified("LE-E2UD-6NGS").say("cancel it", "cancel_order")
    assert "send it back within 30 days" in said
    assert (talk.offer, talk.order("LE-E2UD-6NGS").status) == ("policy_restriction", status)


def test_a_preorder_can_be_cancelled_until_it_is_sent(talk, find):
    from sqlalchemy import update

    from actions.store.models import Product

    with talk.store.write() as session:
        session.execute(update(Product).where(Product.sku.in_(("CF-YIRGA", "TE-EG"))).values(status="preorder"))
    talk.change("LE-E2UD-6NGS", status="packed")
    assert talk.verified("LE-E2UD-6NGS").say("cancel it", "cancel_order")[0].startswith("I’ll cancel")


def test_what_is_delivered_can_be_returned_instead(talk):
    (said,) = talk.verified("LE-R8TN-5VHC").say("cancel it", "cancel_order")
    assert "send things back until Sunday 31 January 2027" in said
    assert "Start a return" in talk.shown()


def test_packed_between_question_and_answer(talk):
    talk.verified("LE-E2UD-6NGS").say("cancel it", "cancel_order")
    talk.change("LE-E2UD-6NGS", status="packed")
    assert "can’t be cancelled" in talk.say("yes", "affirm")[0]
    assert (talk.order("LE-E2UD-6NGS").status, talk.cases()) == ("packed", [])
