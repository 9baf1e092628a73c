"""After a model is loaded, memory is settled: what will stay is no longer looked through, what is free is given back.

Reading a model leaves a hundred thousand objects that live as long as the server, which Python's collector would go
through again and again while customers wait, and free memory between them that the C library keeps.
"""

from __future__ import annotations

import ctypes
import gc
from typing import Any

from rasa.core.agent import Agent

_stock_load = Agent.load_model


def mend() -> None:
    """Settle the memory whenever an agent has loaded a model."""
    Agent.load_model = _load


def _load(self: Agent, *arguments: Any, **named: Any) -> None:
    _stock_load(self, *arguments, **named)
    settle()


def settle() -> None:
    """Collect once, take everything that is left out of the collector's sight and give free memory back."""
    gc.unfreeze()  # what a model before this one left
    gc.collect()
    gc.freeze()
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (AttributeError, OSError):  # glibc's alone
        return
