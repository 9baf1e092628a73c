import time

import pytest

from finetune.clean.redact import redacted

CASES = [
    ("my name is Laura Finch, call 07700 900317", "my name is [NAME], call [PHONE]"),
    ("Mr. Smith wants it at 12 Harbour Street, Apt 4", "[NAME] wants it at [ADDRESS]"),
    ("mail anna.b@example.co.uk or ring +1 (202) 555-0143 x12", "mail [EMAIL] or ring [PHONE]"),
    ("card 4111 1111 1111 1111, SSN 123-45-6789", "card [CARD], SSN [SSN]"),
    ("IBAN DE89 3704 0044 0532 0130 00 please", "IBAN [IBAN] please"),
    ("order le 7kq2 m4xd from 203.0.113.7", "order [ORDER_NUMBER] from [IP]"),
    ("地址：2001:db8::8a2e:370:7334", "地址：[IP]"),
    ("I was born on 3 May 1990", "I was born on [BIRTH_DATE]"),
    ("我叫陈思远，电话13916027745", "我叫[NAME]，电话[PHONE]"),
    ("刘先生的身份证是11010519491231002X", "[NAME]先生的身份证是[CHINA_ID]"),
    ("地址是浙江省杭州市西湖区文三路478号3栋1203室", "地址是[ADDRESS]"),
    ("already [NAME] and [PHONE]", "already [NAME] and [PHONE]"),
]
LEFT_ALONE = [
    "it cost 1399.00 and I paid with two vouchers of 20",
    "barcode 6901028075831, model EM-5500X, firmware 10.2.14.1",
    "will it be here by 24 December 2026?",
    "I'm Happy with it, thanks",
    "付了1399元，为什么只退1299",
    "我叫了三次客服都没人理",
    "12月1日到15日有活动吗",
    "我知道3号到货",
]


@pytest.mark.parametrize(("text", "left"), CASES)
def test_personal_data_gives_way_to_what_it_was(text, left):
    assert redacted(text) == left


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_what_is_not_personal_stays(text):
    assert redacted(text) == text


@pytest.mark.parametrize(
    "text", ["1" * 20_000, "a" * 20_000, "中山路1号" * 4000, "1-" * 10_000, "address is 1 " * 1500]
)
def test_no_message_takes_long(text):
    begin = time.process_time()
    redacted(text)
    assert time.process_time() - begin < 5
