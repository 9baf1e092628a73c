import json
import os
from datetime import date, timedelta

import pytest
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.training_data.message import Message

from bot.components.entities import CATALOGUE, EntityFinder

ROOK = {
    "sku": "GR-ROOK",
    "name_en": "Rook hand grinder",
    "name_zh": "车磨手摇磨豆机",
    "aliases": {"en": ["rook"], "zh": []},
}
FORGE = {
    "sku": "EM-FORGE",
    "name_en": "Forge espresso machine",
    "name_zh": "铁匠意式咖啡机",
    "aliases": {"en": ["forge"], "zh": ["铁匠"]},
}


@pytest.fixture
def catalogue(tmp_path, change_setting):
    change_setting("FRONTDESK_MODELS_DIR", str(tmp_path))
    file = tmp_path / CATALOGUE
    file.parent.mkdir(parents=True)
    return file


def finder(config=None):
    return EntityFinder.create(config or {}, None, None, None)


def found(component, text, language="en"):
    (message,) = component.process([Message({"text": text, "language": language})])
    kept = message.as_dict(only_output_properties=True)["found"]
    json.dumps(kept)
    return [(entity["entity"], entity["text"], entity["value"]) for entity in kept]


def test_values_are_found_without_a_catalogue(catalogue):
    tomorrow = (date.today() + timedelta(days=1)).isoformat()
    assert found(finder(), "LE7K4MQ2XP has to be here tomorrow") == [
        ("order_number", "LE7K4MQ2XP", "LE-7K4M-Q2XP"),
        ("date", "tomorrow", tomorrow),
    ]


@pytest.mark.parametrize("text", ["", None, "hello", "你好"])
def test_nothing_named_is_an_empty_list(catalogue, text):
    assert found(finder(), text) == []


def test_products_come_from_the_registry_and_follow_it(catalogue):
    component = finder()
    assert found(component, "is the rook in stock") == []
    catalogue.write_text(json.dumps([ROOK]), encoding="utf-8")
    assert found(component, "is the rook in stock") == [("product", "rook", "GR-ROOK")]
    catalogue.write_text(json.dumps([FORGE, ROOK]), encoding="utf-8")
    os.utime(catalogue, (1, 1))
    assert found(component, "铁匠还有货吗", "zh") == [("product", "铁匠", "EM-FORGE")]


def test_a_broken_catalogue_leaves_the_one_that_is_known(catalogue):
    catalogue.write_text(json.dumps([ROOK]), encoding="utf-8")
    component = finder()
    assert found(component, "the rook")
    catalogue.write_text("{", encoding="utf-8")
    os.utime(catalogue, (1, 1))
    assert found(component, "the rook") == [("product", "rook", "GR-ROOK")]


def test_rasa_s_own_entities_are_left_alone(catalogue):
    (message,) = finder().process([Message({"text": "LE7K4MQ2XP"})])
    assert message.get("entities") is None


def test_a_setting_is_refused():
    with pytest.raises(InvalidConfigException, match="EntityFinder in config.yml has no setting 'catalogue'"):
        finder({"catalogue": "x"})
