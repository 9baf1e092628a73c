import gc
import weakref

import pytest
from rasa.core.agent import Agent

from bot.engine import settled


@pytest.fixture(autouse=True)
def unfrozen():
    yield
    gc.unfreeze()


class Old:
    """Refers to itself, so that only the collector ends it."""

    def __init__(self):
        self.me = self


def test_what_is_loaded_is_out_of_the_collectors_sight_until_the_next_model():
    old = Old()
    settled.settle()
    assert gc.get_freeze_count() > 0
    gone = weakref.ref(old)
    del old
    settled.settle()
    assert gone() is None


def test_loading_a_model_settles(monkeypatch: pytest.MonkeyPatch):
    loaded: list[str] = []
    monkeypatch.setattr(settled, "_stock_load", lambda *arguments, **named: loaded.append("model"))
    monkeypatch.setattr(settled, "settle", lambda: loaded.append("settled"))
    Agent.load_model(Agent(), "folder")
    assert loaded == ["model", "settled"]
