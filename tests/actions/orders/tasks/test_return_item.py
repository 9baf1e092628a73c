import pytest

HIS, TEA = "LE-R8TN-5VHC", "LE-9QXC-H4TV"


def test_a_used_grinder_costs_a_cleaning_fee(talk):
    talk.verified(HIS).say("I want to return the Rook", "return_item")
    talk.press("I changed my mind")
    (said,) = talk.say("yes, I made coffee with it", "unclear")
    assert "label is £2.95" in said
    assert "cleaning fee of £25" in said
    assert "About £171.05" in said  # 199 - 2.95 - 25
    assert "registered under R-" in talk.say("yes", "affirm")[0]
    (case,) = talk.cases()
    assert (case.kind, case.items, case.status) == ("return", ["GR-ROOK"], "open")
    assert case.details["refund"] == 17105


def test_what_is_faulty_costs_nothing(talk):
    (said,) = talk.verified(HIS).say("I want to return the Rook, it is faulty", "return_item")
    assert "costs you nothing" in said
    assert "About £199 " in said


def test_christmas_lengthens_the_window_but_not_for_coffee(talk):
    (said,) = talk.verified(HIS).say("I want to return the Rook, it is faulty", "return_item")
    talk.say("yes", "affirm")
    assert talk.cases()[0].details["until"] == "2027-01-31"
    talk.say("and the Morrow House coffee, I changed my mind", "return_item")
    talk.press("No, still sealed")
    talk.say("yes", "affirm")
    assert talk.cases()[1].details["until"] == "2026-11-27"


def test_opened_coffee_stays(talk):
    talk.verified(HIS).say("I want to return the Morrow House coffee, I don't like it", "return_item")
    (said,) = talk.press("Yes, it’s open")
    assert "can’t be returned" in said
    assert talk.offer == "policy_restriction"


def test_everything_without_what_was_opened(talk):
    talk.verified(HIS).say("I want to return everything, I changed my mind", "return_item")
    talk.press("Yes, it’s open")
    (said,) = talk.press("No") if "No" in talk.buttons else talk.say("no", "deny")
    assert "Morrow House Espresso Blend, 1 kg stays with you" in said
    talk.say("yes", "affirm")
    assert talk.cases()[0].items == ["GR-ROOK"]


@pytest.mark.parametrize(("arrived", "cost"), [(14, "退货面单 ¥15"), (15, "退货运费我们出"), (20, "退货运费我们出")])
def test_in_china_the_first_seven_days_are_free(chinese, arrived, cost):
    chinese.change(TEA, delivered_at=chinese.order(TEA).delivered_at.replace(day=arrived))
    chinese.verified(TEA).say("我要退雀式手摇磨，不想要了", "return_item")
    assert cost in chinese.press("没用过")[0]


def test_gold_members_do_not_pay_for_the_label(talk, store):
    from actions.store.models import Customer

    with store.write() as session:
        session.get(Customer, talk.order(HIS).customer_id).club_tier = "gold"
    talk.verified(HIS).say("I want to return the Rook, I changed my mind", "return_item")
    assert "label costs you nothing" in talk.press("No")[0]


@pytest.mark.parametrize(
    ("status", "said"),
    [("placed", "I can simply cancel it"), ("dispatched", "hasn’t been delivered yet"), ("returned", "is closed")],
)
def test_what_has_not_come_or_is_over(talk, status, said):
    talk.change(HIS, status=status)
    assert said in talk.verified(HIS).say("I want to return it", "return_item")[0]


def test_too_late_says_by_when_it_was(talk, find):
    late = find(lambda o: o.status == "delivered" and o.delivered_at.month < 9 and len(o.items) == 1)
    (said,) = talk.verified(late.number).say("I want to return it", "return_item")
    assert "Returns are open for" in said
    assert talk.offer == "policy_restriction"


def test_one_return_of_one_thing(talk):
    talk.verified(HIS).say("I want to return the Rook, it is faulty", "return_item")
    talk.say("yes", "affirm")
    assert talk.cases()[0].reference in talk.say("I want to return the Rook, it is faulty", "return_item")[0]
    assert len(talk.cases()) == 1


def test_the_other_article_after_all(talk):
    talk.verified(HIS).say("I want to return the coffee, it is faulty", "return_item")
    (said,) = talk.say("No, I meant the grinder", "deny")
    assert "return of Rook Electric Grinder" in said
