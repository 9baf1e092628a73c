"""WebSockets on Python 3.11 and later.

Sanic 21.12 passes the bare coroutine `assembler.get()` to `asyncio.wait`, which refuses coroutines since Python 3.11,
so every `recv()` fails and Engine.IO's websocket transport with it. A task in its place works for every caller.
"""

import asyncio
from typing import Any

from sanic.server.websockets.frame import WebsocketFrameAssembler

_get = WebsocketFrameAssembler.get


def mend() -> None:
    """Make the frame assembler hand out tasks."""
    WebsocketFrameAssembler.get = _get_as_task


def _get_as_task(self: WebsocketFrameAssembler, timeout: float | None = None) -> "asyncio.Task[Any]":
    return asyncio.ensure_future(_get(self, timeout))
