from datetime import date

import pytest


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("LE-E2UD-6NGS", "isn’t packed yet. It should be with you by Monday 30 November 2026."),
        ("LE-M6YB-2KPZ", "is packed and waiting for Jielu Express"),
        ("LE-7K4M-Q2XP", "left us on Thursday 19 November 2026 with Parcelhawk, tracking number PH4820175936GB"),
        ("LE-R8TN-5VHC", "was delivered on Friday 13 November 2026"),
    ],
)
def test_each_status_in_words_and_on_a_card(talk, number, said):
    assert said in talk.verified(number).say("where is it", "order_status")[0]
    (card,) = talk.replies[0].cards
    assert (card["kind"], card["title"]) == ("order", number)


def test_a_late_order_is_said_to_be_late(talk):
    talk.change("LE-7K4M-Q2XP", promised_by=date(2026, 11, 20))
    assert talk.verified("LE-7K4M-Q2XP").say("where is it", "order_status")[0].endswith("later than we promised.")


def test_in_chinese(chinese):
    (said,) = chinese.verified("LE-M6YB-2KPZ").say("到哪了", "order_status")
    assert said.startswith("订单 LE-M6YB-2KPZ（白鸽滤杯 02 号、2 × 白鸽滤纸 02 号 100 张、苍鹭手冲壶）已经打包好")
