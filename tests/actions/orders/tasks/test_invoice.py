import pytest

HERS, CHINESE = "LE-7K4M-Q2XP", "LE-9QXC-H4TV"


def test_for_the_customer(talk):
    talk.verified(HERS).say("an invoice please", "invoice")
    assert "in the name of Hannah Whitcombe" in talk.press("For me")[0]
    assert "as soon as the order has been sent" in talk.say("yes", "affirm")[0]
    assert talk.cases()[0].details == {"title": "Hannah Whitcombe", "tax_number": None}
    assert "requested already" in talk.say("an invoice please", "invoice")[0]


@pytest.mark.parametrize("number", ["GB 123 4567 89", "DE123456789"])
def test_for_a_company(talk, number):
    talk.verified(HERS).say("an invoice for my company please", "invoice")
    talk.say("the company is Larch Office Supplies Ltd")
    assert f"Larch Office Supplies Ltd, VAT number {number}" in talk.say(f"it's {number}")[0]


def test_a_company_without_a_number(talk):
    talk.verified(HERS).say("an invoice for my company please", "invoice")
    talk.say("Larch Ltd")
    assert "in the name of Larch Ltd. Shall I?" in talk.press("None")[0]


def test_a_chinese_number_has_eighteen_characters(chinese):
    chinese.verified(CHINESE).say("开发票，企业抬头", "invoice")
    chinese.say("上海梧桐咖啡有限公司")
    assert len(chinese.say("9131000", "unclear")) == 2
    assert "税号 91310000MA1FL0XX2K" in chinese.say("91310000ma1fl0xx2k")[0]


def test_too_late_for_a_company(talk, find):
    old = find(lambda o: o.status == "delivered" and o.placed_at.month == 6)
    said = talk.verified(old.number).say("an invoice for my company please", "invoice")[0]
    assert "within 30 days" in said
    assert "accounts@larkandember.example" in said


def test_too_late_in_china(chinese, find):
    old = find(lambda o: o.status == "delivered" and o.placed_at.month == 3, "cn")
    assert "180 天" in chinese.verified(old.number).say("开发票", "invoice")[0]
