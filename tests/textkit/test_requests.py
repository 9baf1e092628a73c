import pytest

from textkit.requests import MOST, halves, stands_alone


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("cancel my order and tell me when you open", ("cancel my order", "tell me when you open")),
        ("Where is my parcel? Also I need an invoice", ("Where is my parcel?", "Also I need an invoice")),
        ("帮我取消订单，另外积分有多少", ("帮我取消订单，", "积分有多少")),
    ],
)
def test_a_message_falls_into_two_at_its_joints(text, cut):
    assert cut in halves(text)


@pytest.mark.parametrize("text", ["", "hello", "hi, you", "你好，在吗", "where is my parcel", "我要退货"])
def test_a_part_that_says_nothing_is_no_part(text):
    assert halves(text) == []


def test_a_long_story_is_read_as_a_whole():
    assert halves("it broke again today. " * (MOST + 3)) == []


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("my kettle leaks, what do I do about it?", False),
        ("My kettle leaks. What now?", False),
        ("My kettle leaks. How long is the warranty?", True),
        ("swap my kettle and how much is delivery", True),
        ("万一漏水把地板泡了，你们到底赔不赔啊", False),
        ("帮我取消订单，另外退款一般几天到账", True),
    ],
)
def test_a_question_that_leans_on_the_story_before_it_is_no_request_of_its_own(text, alone):
    assert stands_alone(text, halves(text)[-1]) == alone
