import pytest

from knowledge.question_type import asked_kind, holds


@pytest.mark.parametrize(
    ("language", "question", "kind"),
    [
        ("en", "How much is express delivery?", "money"),
        ("en", "WHAT DOES IT COST", "money"),
        ("en", "How long do refunds take?", "duration"),
        ("en", "How many days do I have?", "duration"),
        ("en", "When do you open on Sunday?", "time"),
        ("en", "How hot should the water be?", "temperature"),
        ("en", "How heavy is the Wren?", "weight"),
        ("en", "How loud is the grinder", "noise"),
        ("en", "How many cards can I use?", "number"),
        ("en", "Where is the store?", "place"),
        ("en", "Can I bring my dog?", None),
        ("zh", "运费多少钱？", "money"),
        ("zh", "多久到账", "duration"),
        ("zh", "周六几点开门", "time"),
        ("zh", "水温多少度", "temperature"),
        ("zh", "这台多重", "weight"),
        ("zh", "最多用几张卡", "number"),
        ("zh", "门店在哪里", "place"),
        ("zh", "可以带狗吗", None),
    ],
)
def test_what_a_question_asks_for(language, question, kind):
    assert asked_kind(question, language) == kind


@pytest.mark.parametrize(
    ("kind", "yes", "no"),
    [
        ("money", ["£2.95", "15 元", "It is free.", "￥12"], ["3 days", "Gold only"]),
        ("duration", ["3 to 5 working days", "three months", "24 小时", "两周", "at once"], ["£5", "the day after"]),
        ("time", ["from 9:30", "closed on Sunday", "24 Dec", "每天", "周六 15:00"], ["£9", "in Bristol"]),
        ("temperature", ["92 °C", "85 度", "40℃"], ["85 g", "hot"]),
        ("share", ["10 %", "九五折 9 折", "百分之五"], ["£10"]),
        ("contact", ["help@shop.example", "0117 496 0142", "EC1Y 8ZZ"], ["write to us"]),
        ("weight", ["6.2 kg", "540 克"], ["6.2 l", "540"]),
        ("volume", ["1.4 l", "300 ml", "2 杯"], ["1.4 kg"]),
        ("number", ["up to 5", "twice", "三张"], ["many"]),
    ],
)
def test_which_texts_hold_a_value_of_that_kind(kind, yes, no):
    assert [t for t in yes if not holds(kind, t)] == []
    assert [t for t in no if holds(kind, t)] == []
