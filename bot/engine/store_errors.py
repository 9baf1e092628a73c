"""An error of the tracker store ends the turn.

Stock rasa goes on in memory when its store fails, and the customer's words are gone at the next restart. A store with
`keeps_every_turn` is not wrapped so: the channel says that something went wrong, and the message can be sent again.
"""

from __future__ import annotations

from typing import Any

from rasa.core.agent import Agent
from rasa.core.tracker_store import TrackerStore

_stock = Agent._create_tracker_store


def mend() -> None:
    """Make agents use such a store as it is."""
    Agent._create_tracker_store = staticmethod(_create_tracker_store)


def _create_tracker_store(store: TrackerStore | None, domain: Any) -> TrackerStore:
    if store is not None and getattr(store, "keeps_every_turn", False):
        store.domain = domain
        return store
    return _stock(store, domain)
