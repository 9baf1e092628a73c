import pytest

from knowledge.follow_up import continues, rewrite


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "and to France?"),
        ("en", "What about grinders?"),
        ("en", "ok, and on Sundays?"),
        ("en", "how much is it"),
        ("en", "Scotland as well?"),
        ("en", "paid with alipay though"),
        ("en", "ok and may its bean hopper go in the dishwasher"),
        ("en", "and if I don't like that one either, may I swap again?"),
        ("zh", "那台湾呢？"),
        ("zh", "还有别的颜色吗"),
        ("zh", "磨豆机也一样吗"),
        ("zh", "它多重"),
        ("zh", "如果超过了呢"),
        ("zh", "红茶的话呢"),
        ("zh", "换成绿茶放几克"),
        ("zh", "铁匠的呢，翻过来也没看见"),
        ("zh", "那修好之后同一个毛病又犯了，管多久"),
    ],
)
def test_a_question_that_says_too_little_alone(language, question):
    assert continues(question, language)


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("en", "How much is express delivery to France?"),
        ("en", "My grinder broke and it makes a terrible noise, will you repair or replace it?"),
        ("en", "is there wifi in the London store"),
        ("en", "what time is it in Tokyo"),
        ("en", "will it rain in Edinburgh tomorrow?"),
        ("zh", "退款多久到账？"),
        ("zh", "那个电子咖啡秤充满一次能用多久"),
        ("zh", "换货上门取件能挑晚上时段吗"),
        ("zh", "这个磨豆机坏了还在保修期里能免费修吗"),
    ],
)
def test_a_question_that_stands_alone(language, question):
    assert not continues(question, language)
    assert rewrite(question, "previous", language) == question


def test_a_continuation_is_read_with_the_question_before_it():
    assert (
        rewrite("and to France?", "How much is delivery?", "en") == "How much is delivery and to France? and to France?"
    )
    assert rewrite("那台湾呢？", "运费多少？", "zh") == "运费多少 那台湾呢？ 那台湾呢？"


@pytest.mark.parametrize("previous", [None, ""])
def test_without_a_question_before_it_stays_as_it_is(previous):
    assert rewrite("and to France?", previous, "en") == "and to France?"
