"""What a message means in the middle of a task."""

import pytest

from actions.orders.message import Choice, Message
from actions.orders.turn import FORM_SLOTS

PLACED, DELIVERED, HERS = "LE-E2UD-6NGS", "LE-R8TN-5VHC", "LE-7K4M-Q2XP"


def test_what_the_first_message_says_is_not_asked_for(talk):
    (said,) = talk.say(f"where is {HERS}? hannah.whitcombe@example.com", "order_status")
    assert "left us on Thursday 19 November 2026" in said
    assert talk.replies[0].cards[0]["title"] == HERS


def test_only_what_is_missing_is_asked_for(talk):
    assert "order number" in talk.say("where is my order", "order_status")[0]
    assert "To be sure" in talk.say(HERS)[0]
    assert "left us" in talk.say("0317")[0]


def test_the_contact_is_in_no_slot(talk):
    talk.say(f"cancel {PLACED}, priya.sharma@example.com", "cancel_order")
    assert talk.slots["requested_slot"] == "confirmed"
    assert "priya" not in str(talk.slots)
    assert "contact" not in FORM_SLOTS


def test_bare_digits_count_only_beside_an_order_number(talk):
    assert "order number" in talk.say("where is my order, it was 0317 I think", "order_status")[0]
    assert talk.slots["requested_slot"] == "order_number"


def test_a_slot_that_names_another_order_opens_nothing(talk):
    talk.verified(HERS)
    talk.slots["order_number"] = DELIVERED  # as if somebody had set it
    assert "To be sure" in talk.say("where is my order", "order_status")[0]


def test_a_yes_in_a_slot_carries_nothing_out_without_proof(talk):
    talk.slots |= {"task": "cancel_order", "order_number": PLACED, "confirmed": "yes", "requested_slot": "confirmed"}
    assert "e-mail address" in talk.say("yes", "affirm")[0]
    assert talk.order(PLACED).status == "placed"


def test_a_question_is_left_to_a_rule_and_the_thread_taken_up(talk):
    talk.verified(PLACED).say("cancel it please", "cancel_order")
    assert talk.say("how long does a refund take?", "ask") == []
    assert talk.rejected
    (again,) = talk.hear(Message("how long does a refund take?", "ask", fresh=False))
    assert again.startswith("I’ll cancel")


@pytest.mark.parametrize("intent", ["human", "start_over", "switch_language", "complaint", "product_price", "greet"])
def test_other_rules_have_their_say(talk, intent):
    talk.verified(PLACED).say("cancel it please", "cancel_order")
    talk.say("something else entirely", intent)
    assert talk.rejected
    assert talk.order(PLACED).status == "placed"


def test_giving_up(talk):
    talk.verified(DELIVERED).say("I want to return it", "return_item")
    assert talk.say("never mind", "deny") == ["All right, we’ll leave it. Nothing has been changed."]
    assert talk.slots["task"] is None
    assert talk.slots["order_number"] == DELIVERED


def test_a_no_at_the_end_changes_nothing(talk):
    talk.verified(PLACED).say("cancel it please", "cancel_order")
    assert talk.say("no", "deny") == ["All right, I’ve left everything as it is."]
    assert (talk.order(PLACED).status, talk.cases()) == ("placed", [])


def test_the_button_of_an_older_question_confirms_nothing(talk):
    talk.verified(PLACED)
    talk.say("change the address", "change_address")
    talk.say("1 First Street, Leeds LS1 4AB")
    older = talk.buttons["Yes, change it"]
    talk.say("No, I meant 2 Second Street, Leeds LS1 4AB", "deny")
    said = talk.hear(Message("Yes, change it", "choose", True, choice=older))
    assert said[0].startswith("Something has changed")
    assert talk.order(PLACED).address["line1"] == "91 Albion Street"


def test_a_button_of_a_task_that_has_ended_starts_it_again(talk):
    talk.verified(PLACED).say("cancel it please", "cancel_order")
    yes = talk.buttons["Yes, cancel it"]
    talk.say("no", "deny")
    said = talk.hear(Message("Yes, cancel it", "choose", True, choice=yes))
    assert said[0].startswith("I’ll cancel")
    assert talk.order(PLACED).status == "placed"


def test_a_choice_of_no_task_does_nothing(talk):
    said = talk.hear(Message("?", "choose", True, choice=Choice("no such task", "item", "X", None)))
    assert said == ["That has been dealt with already. What else can I do for you?"]


def test_another_task_takes_the_place_of_this_one(talk):
    talk.verified(DELIVERED).say("I want to return it", "return_item")
    said = talk.say("Actually I would like an invoice", "invoice")
    assert said[0] == "All right, we’ll leave that (your return)."
    assert talk.slots["task"] == "invoice"


def test_what_only_tells_something_is_told_on_the_way(talk):
    talk.verified(DELIVERED).say("I want to return it", "return_item")
    said = talk.say("where is my refund", "refund_status")
    assert "no refund" in said[0]
    assert talk.slots["task"] == "return_item"


def test_a_question_that_sounds_like_a_task_is_a_question(talk):
    talk.verified(DELIVERED).say("I want to return it", "return_item")
    assert talk.say("how do refunds work?", "invoice") == []
    assert talk.rejected


def test_nonsense_is_asked_again_twice_then_a_person_is_offered(talk):
    talk.say("where is my order", "order_status")
    assert talk.say("qwe rty", "unclear")[0].startswith("Sorry")
    assert talk.say("zxc vbn", "unclear")[0].startswith("Sorry")
    (last,) = talk.say("asd fgh", "unclear")
    assert "pass you to a colleague" in last
    assert (talk.offer, talk.shown()) == ("pending_clarification", ["Talk to a person"])


def test_misses_are_counted_in_a_row_only(talk):
    talk.say("where is my order", "order_status")
    talk.say("qwe rty", "unclear")
    talk.say("zxc vbn", "unclear")
    talk.say(HERS)
    assert talk.say("asd fgh", "unclear")[0].startswith("Sorry")


def test_the_second_request_is_kept(talk):
    said = talk.say("cancel my order", "cancel_order", second="when does the shop open?")
    assert said[0].startswith("One thing at a time")
    assert talk.slots["pending_request"] == "when does the shop open?"
    talk.say("never mind", "deny")
    assert talk.slots["pending_request"] == "when does the shop open?"


def test_a_customer_who_comes_back_is_told_where_they_were(talk):
    talk.verified(DELIVERED).say("I want to return it", "return_item")
    said = talk.say("the grinder", "unclear", after_a_break=True)
    assert said[0].startswith("Welcome back. We were in the middle of this: your return.")


def test_the_other_order_of_two(talk, find):
    def of_two(order):
        if order.status not in ("placed", "packed", "dispatched"):
            return False
        return order.customer.id in (167, 242)

    first = find(of_two)
    talk.verified(first.number)
    talk.slots["order_number"] = None
    assert talk.say("where is my order", "order_status") == ["Which order is it about?"]
    titles = talk.shown()
    assert {first.number} < {title.split()[0] for title in titles}
    assert talk.press(titles[0])[0].count(titles[0].split()[0]) == 1
    assert len(talk.shown()) == 1  # the other one that is under way


def test_in_the_other_language_all_goes_on(talk):
    talk.verified(DELIVERED).say("I want to return the grinder", "return_item")
    talk.language = "zh"
    (said,) = talk.say("不想要了", "unclear")
    assert said == "用它做过咖啡或磨过豆子吗？只通过水不算。"
    assert "登记退货：秃鼻鸦电动磨豆机" in talk.say("没用过", "unclear")[0]


def test_the_same_message_again_says_the_same_and_does_it_once(talk):
    talk.verified(PLACED).say("cancel it please", "cancel_order")
    slots = dict(talk.slots)
    yes = Message("yes", "affirm", True)
    said = talk.hear(yes, key="again")
    talk.slots = slots
    assert talk.hear(yes, key="again") == said
    assert len(talk.cases()) == 1


@pytest.mark.parametrize(
    ("text", "intent"), [("How do I return something?", "return_item"), ("it leaks", "warranty_claim")]
)
def test_how_it_is_done_is_in_the_documents_first(talk, text, intent):
    assert talk.say(text, intent) == []
    assert talk.rejected
    (asked,) = talk.hear(Message(text, intent, fresh=False))
    assert asked.startswith("Happy to help with your")


def test_a_question_about_their_own_order_starts_at_once(talk):
    assert "order number" in talk.say("Can I cancel my order?", "cancel_order")[0]


def test_after_somebody_else_s_order_the_own_one_is_meant_again(talk):
    talk.verified(HERS)
    assert "To be sure" in talk.say(f"where is {DELIVERED}", "order_status")[0]
    talk.say("never mind", "deny")
    assert f"Your order {HERS}" in talk.say("where is my order", "order_status")[0]


def test_a_button_sets_no_slot_but_those_it_may(talk):
    talk.verified(PLACED).say("cancel it please", "cancel_order")
    talk.hear(Message("?", "choose", True, choice=Choice("cancel_order", "task_ended", "refused", None)))
    assert talk.slots["task"] == "cancel_order"
    talk.hear(Message("?", "choose", True, choice=Choice("gift_card_balance", "gift_card", "1", None)))
    assert talk.slots["requested_slot"] == "gift_card"


def test_an_order_number_and_whose_it_is_are_about_no_other_task(talk):
    talk.say("I want to return something", "return_item")
    assert "leave that" not in " ".join(talk.say(f"{HERS} 0317", "order_status"))


def test_an_order_number_with_words_may_be_about_another_task(talk):
    talk.say("I want to return something", "return_item")
    assert "leave that" in " ".join(talk.say(f"where is {HERS} 0317", "order_status"))
