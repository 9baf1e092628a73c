import importlib

import pytest
from rasa.core.channels import BUILTIN_CHANNELS

from bot.engine.deferred import CHANNELS, PACKAGES, Placeholder
from tests.bot.engine import running

LOADED = (
    "import sys, bot.engine; bot.engine.prepare();"
    "import rasa.core.tracker_store as store, rasa.core.channels as channels;"
)


def test_a_server_loads_none_of_the_packages_that_it_may_never_use():
    code = LOADED + "print(*{name.split('.')[0] for name in sys.modules})"
    assert not PACKAGES & set(running.python(code).stdout.split())


def test_a_package_is_loaded_when_rasa_uses_it():
    code = LOADED + (
        "print(store.Key('sender_id').eq('a').get_expression()['operator']);"
        "import rasa.core.brokers.pika as pika; print(pika.aio_pika.ExchangeType.FANOUT.value);"
        "import sklearn.linear_model; print(sklearn.linear_model.LogisticRegression().C)"
    )
    assert running.python(code).stdout.split() == ["=", "fanout", "1.0"]


def test_a_channel_is_loaded_when_credentials_name_it():
    code = LOADED + (
        "keys = {'access_token': 'a', 'verify': 'b', 'webhook_url': 'c'};"
        "made = channels.BUILTIN_CHANNELS['telegram'].from_credentials(keys);"
        "print(type(made).__module__, 'aiogram' in sys.modules, 'slack_sdk' in sys.modules)"
    )
    made = running.python(code)
    assert made.stdout.split() == ["rasa.core.channels.telegram", "True", "False"], made.stderr


@pytest.mark.parametrize("module", CHANNELS)
def test_a_channel_has_the_key_that_it_says_itself(module: str):
    name, key = CHANNELS[module]
    assert key in BUILTIN_CHANNELS
    assert getattr(importlib.import_module(f"rasa.core.channels.{module}"), name).name() == key


def test_a_placeholder_knows_the_instances_of_what_it_stands_for():
    assert isinstance(3, Placeholder("builtins", "int"))
    assert not isinstance("3", Placeholder("builtins", "int"))
