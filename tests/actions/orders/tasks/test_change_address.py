import pytest

from actions.orders.tasks.change_address import _parsed
from actions.store.models import Order

NUMBER = "LE-E2UD-6NGS"


def test_the_address_is_changed_after_a_yes(talk):
    talk.verified(NUMBER)
    assert "What is the new address?" in talk.say("another address please", "change_address")[0]
    (said,) = talk.say("it's 12 High Street, Leeds, ls1 4ab")
    assert "to this address instead: 12 High Street, Leeds, LS1 4AB. Until now it was going to 91 Albion" in said
    assert talk.order(NUMBER).address["city"] == "London"
    talk.say("yes", "affirm")
    assert talk.order(NUMBER).address == {
        "line1": "12 High Street",
        "city": "Leeds",
        "postcode": "LS1 4AB",
        "country": "GB",
    }
    assert talk.cases()[0].details["before"]["line1"] == "91 Albion Street"


@pytest.mark.parametrize("text", ["hello there", "somewhere nice", "ok"])
def test_what_is_no_address_is_asked_for_again(talk, text):
    talk.verified(NUMBER).say("another address please", "change_address")
    assert len(talk.say(text, "unclear")) == 2


def test_after_dispatch_the_carrier_has_it(talk):
    (said,) = talk.verified("LE-7K4M-Q2XP").say("another address", "change_address")
    assert "for £2.50" in said
    assert talk.offer == "policy_restriction"


def test_a_remote_region_costs_another_delivery(chinese):
    chinese.verified("LE-M6YB-2KPZ").say("改地址", "change_address")
    (said,) = chinese.say("西藏自治区拉萨市城关区北京中路 8 号")
    assert said.startswith("新地址在偏远地区")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "四川省成都市武侯区玉林街 3 号",
            {"province": "四川省", "city": "成都市", "district": "武侯区", "line1": "玉林街 3 号"},
        ),
        ("上海市徐汇区漕溪北路88号", {"province": "上海市", "district": "徐汇区", "line1": "漕溪北路88号"}),
    ],
)
def test_a_chinese_address_in_parts(text, parts):
    parsed = _parsed(Order(address={"country": "CN", "province": "上海市", "city": "上海"}), text)
    assert {key: parsed[key] for key in parts} == parts
