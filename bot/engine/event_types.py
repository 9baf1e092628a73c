"""Stored events find their class in a table.

Stock rasa walks the tree of event classes for every event that it reads back, a fifth of the time of a server that
keeps conversations on disk.
"""

from __future__ import annotations

from rasa.shared.core.events import Event
from rasa.shared.utils.common import all_subclasses

_stock = Event.resolve_by_type
_table: dict[str, type[Event]] = {}


def mend() -> None:
    """Make Event.resolve_by_type look the type up."""
    Event.resolve_by_type = staticmethod(resolve_by_type)


def resolve_by_type(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    """As rasa's own; a type that is not in the table yet is looked for as before."""
    found = _table.get(type_name)
    if found is None:
        _table.update({c.type_name: c for c in reversed(all_subclasses(Event)) if isinstance(c.type_name, str)})
        found = _table.get(type_name)
    return found or _stock(type_name, default)
