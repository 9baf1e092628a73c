import pytest
from rasa.shared.core.events import Event, SlotSet, UserUttered
from rasa.shared.utils.common import all_subclasses

from bot.engine import event_types


def test_every_type_of_rasa_is_found_as_before():
    for kind in all_subclasses(Event):
        if isinstance(kind.type_name, str):
            assert Event.resolve_by_type(kind.type_name) is event_types._stock(kind.type_name)


def test_unknown_types_are_treated_as_before():
    assert Event.resolve_by_type("topic") is None
    assert Event.resolve_by_type("novelty", UserUttered) is UserUttered
    with pytest.raises(ValueError, match="Unknown event name 'novelty'"):
        Event.resolve_by_type("novelty")


def test_a_type_that_is_defined_later_is_found(monkeypatch):
    monkeypatch.setattr(event_types, "_table", {"slot": SlotSet})
    assert Event.resolve_by_type("user") is UserUttered
