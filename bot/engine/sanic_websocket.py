"""WebSockets on Python 3.11 and later, and those that send broken text.

Sanic 21.12 passes the bare coroutine `assembler.get()` to `asyncio.wait`, which refuses coroutines since Python 3.11,
so every `recv()` fails and Engine.IO's websocket transport with it. A task in its place works for every caller.

Text that is no UTF-8 fails in a task of Sanic's own, so that neither the handler nor the client learns of it. Here it
arrives with surrogates in place of the broken bytes, as in file names, for the handler to refuse.
"""

import asyncio
import codecs
from typing import Any

import sanic.server.websockets.frame
from sanic.server.websockets.frame import WebsocketFrameAssembler

_get = WebsocketFrameAssembler.get


def mend() -> None:
    """Make the frame assembler hand out tasks, and text that can be refused."""
    WebsocketFrameAssembler.get = _get_as_task
    sanic.server.websockets.frame.UTF8Decoder = _lenient_decoder


def _get_as_task(self: WebsocketFrameAssembler, timeout: float | None = None) -> "asyncio.Task[Any]":
    getting = asyncio.ensure_future(_get(self, timeout))
    caller = asyncio.current_task()
    if caller is not None:

        def stop(_: object) -> None:
            getting.cancel()

        # When a connection breaks, the caller is cancelled, and nobody else would end the task.
        caller.add_done_callback(stop)
        getting.add_done_callback(lambda _: caller.remove_done_callback(stop))
    return getting


def _lenient_decoder(errors: str = "strict") -> codecs.IncrementalDecoder:
    return codecs.getincrementaldecoder("utf-8")(errors="surrogateescape")
