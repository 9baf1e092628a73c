"""The page at `/` is the web channel's: rasa puts its own greeting there, with its version, and refuses a second."""

import rasa.server
from sanic import Sanic


def mend() -> None:
    """Leave `/` free."""
    rasa.server.add_root_route = _add_nothing


def _add_nothing(app: Sanic) -> None:
    pass
