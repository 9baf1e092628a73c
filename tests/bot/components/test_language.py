import pytest
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.training_data.message import Message

from bot.components.language import LanguageDetector


def create(config=None):
    return LanguageDetector.create(config or {}, None, None, None)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Where is my parcel?", "en"),
        ("我的包裹到哪了", "zh"),
        ("Forge Duo 报 E3 怎么办", "zh"),
        ("what is 小炉月付 and can I use it in the UK", "en"),
        ("ok", None),
        ("LE-7KQ2-M4XD", None),
        ("42", None),
        ("👍", None),
        ("", None),
        (None, None),
    ],
)
def test_each_message_is_told_its_language(text, language):
    (message,) = create().process([Message({"text": text})])
    assert message.as_dict(only_output_properties=True).get("language") == language


def test_a_setting_is_refused():
    with pytest.raises(InvalidConfigException, match="LanguageDetector in config.yml has no setting 'language'"):
        create({"language": "en"})


def test_rasa_s_own_keys_are_none():
    assert create({"name": "bot.components.language.LanguageDetector"}).process([]) == []
