import pytest
from rasa.shared.exceptions import InvalidConfigException

from bot.components.checked import checked

DEFAULTS = {"threshold": 0.5, "strength": 20.0}


def test_settings_stand_over_the_defaults():
    assert checked("It", {"threshold": 0.7}, DEFAULTS) == {"threshold": 0.7, "strength": 20.0}


def test_what_rasa_adds_is_left_out():
    added = {"name": "bot.It", "finetuning_epoch_fraction": 1.0, "random_seed": None}
    assert checked("It", added, DEFAULTS) == DEFAULTS


@pytest.mark.parametrize("key", ["treshold", "Threshold", "epochs"])
def test_an_unknown_key_is_refused_by_its_name(key):
    with pytest.raises(InvalidConfigException, match=f"It in config.yml has no setting '{key}'; it has: strength, thr"):
        checked("It", {key: 1}, DEFAULTS)
