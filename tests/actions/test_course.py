import pytest

from actions.course import ActionDeclineOffer, ActionRepeat, ActionStartOver, ActionSwitchLanguage
from tests.actions.conversing import act, did, replied, said

ANSWER = {"frontdesk": {"kind": "answer", "answer_id": "x"}}
BUTTONS = [{"title": "转人工", "payload": "/human"}]


async def test_the_last_answer_is_said_again_with_all_it_carried():
    events = [said("a"), replied("old"), said("b"), replied("30 天", custom=ANSWER), replied("?", buttons=BUTTONS)]
    messages, slots = await act(ActionRepeat, *events, said("再说一遍"))
    assert [(m["text"], m["buttons"], m["custom"]) for m in messages] == [("30 天", [], ANSWER), ("?", BUTTONS, {})]
    assert slots == {}


async def test_what_was_said_again_may_be_said_again():
    events = [said("a"), replied("30 days", custom=ANSWER), said("again"), replied("30 days", custom=ANSWER)]
    messages, _ = await act(ActionRepeat, *events, said("again"))
    assert [(m["text"], m["custom"]) for m in messages] == [("30 days", ANSWER)]


@pytest.mark.parametrize("events", [[], [said("a"), replied("old"), did("action_start_over")]])
async def test_nothing_to_repeat(events):
    messages, _ = await act(ActionRepeat, *events, said("again"))
    assert [m["response"] for m in messages] == ["utter_nothing_to_repeat"]


async def test_starting_over_forgets_all_but_the_language():
    held = {"language": "zh", "language_lock": "zh", "offer": "person", "last_question": "退货", "later": 0}
    messages, slots = await act(ActionStartOver, said("从头来"), slots={**held, "empty": None})
    assert messages == []
    assert slots == {"offer": None, "last_question": None, "later": None}


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("Speak English please", "zh", "en"),
        ("请说英文", "zh", "en"),
        ("请说中文", "en", "zh"),
        ("in Chinese, please", "en", "zh"),
        ("說國語", "en", "zh"),
        ("Can we go on in ENGLISH?", "en", "en"),
        ("用中文吧", "zh", "zh"),
        ("the other language", "en", "zh"),
        ("换个语言", "zh", "en"),
        ("switch from English to Chinese", "en", "zh"),
        ("别说中文了，说英语", "zh", "en"),
        ("the other language", None, "zh"),
    ],
)
async def test_the_language_that_is_named_or_else_the_other_one(text, before, after):
    messages, slots = await act(ActionSwitchLanguage, said(text), slots={"language": before})
    assert messages == []
    assert slots == {"language": after, "language_lock": after}


async def test_a_button_s_title_names_the_language():
    _, slots = await act(
        ActionSwitchLanguage, said("/switch_language", metadata={"title": "中文"}), slots={"language": "zh"}
    )
    assert slots["language"] == "zh"


async def test_declining_withdraws_the_offer():
    assert await act(ActionDeclineOffer, said("不用了"), slots={"offer": "person"}) == ([], {"offer": None})
