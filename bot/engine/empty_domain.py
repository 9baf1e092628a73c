"""A domain that is not empty stays so.

Stock rasa asks for every message whether it is, by building an empty domain from its schema and comparing the two.
"""

from __future__ import annotations

from rasa.shared.core.domain import Domain

_stock = Domain.is_empty
HOLDS_SOMETHING = "_frontdesk_holds_something"


def mend() -> None:
    """Make domains remember that they are not."""
    Domain.is_empty = _is_empty


def _is_empty(self: Domain) -> bool:
    if HOLDS_SOMETHING in self.__dict__:
        return False
    if _stock(self):
        return True
    self.__dict__[HOLDS_SOMETHING] = True
    return False
