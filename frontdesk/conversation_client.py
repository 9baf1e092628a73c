"""The channel's routes for the business's people (bot/channels/internal.py), called from the command line."""

from __future__ import annotations

import http.client
import json
import time
from typing import Any, Literal
from urllib.parse import quote

from textkit.errors import FrontdeskError
from textkit.settings import require_secret, settings

PushedEvent = Literal["operator_joined", "operator_message", "operator_left", "operator_typing"]
TIMEOUT = 10.0  # seconds; an event waits for the turn before it
# Seconds before each repetition of an event; together longer than a restart of the server takes.
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)
AWAY = (OSError, http.client.HTTPException)


class ServerAwayError(FrontdeskError):
    """The public server does not answer."""


class UnknownConversationError(FrontdeskError):
    """The public server does not know the conversation."""


class ConversationClient:
    """Looks at conversations and puts a person's events into them."""

    def __init__(self) -> None:
        current = settings()
        self._place = (current.host, current.port)
        self._secret = require_secret("action_secret")

    def look(self, conversation: str) -> dict[str, Any]:
        """`{"entries", "operator", "online"}`; raises ServerAwayError and UnknownConversationError."""
        try:
            return self._call("GET", _path(conversation))
        except AWAY as error:
            raise self._away() from error

    def push(self, conversation: str, push_id: str, event: PushedEvent, name: str, text: str = "") -> None:
        """Put an event in; it is sent again, with its id, until the server has it. Raises like `look`."""
        body = {"id": push_id, "event": event, "name": name, **({"text": text} if text else {})}
        for pause in (*PAUSES, None):
            try:
                self._call("POST", f"{_path(conversation)}/events", body)
                return
            except AWAY as error:
                if pause is None:
                    hint = "Nobody knows whether it arrived: look with `frontdesk tickets show`, then try again."
                    raise ServerAwayError("The server stopped answering.", hint) from error
                time.sleep(pause)

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._secret}", "Content-Type": "application/json"}
        connection = http.client.HTTPConnection(*self._place, timeout=TIMEOUT)
        try:
            connection.request(method, path, json.dumps(body).encode() if body else None, headers)
            answer = connection.getresponse()
            status, data = answer.status, answer.read()
        finally:
            connection.close()
        if status == http.client.OK:
            return _object(data)
        if status == http.client.NOT_FOUND and _object(data).get("error") == "not_found":
            raise UnknownConversationError("The server knows no such conversation.")
        if status == http.client.UNAUTHORIZED:
            raise FrontdeskError("The server has another FRONTDESK_ACTION_SECRET.", "Run this where the server runs.")
        if status >= http.client.INTERNAL_SERVER_ERROR:
            raise _BusyError(status)
        raise FrontdeskError(f"The server refused: {_object(data).get('error', status)}.")

    def _away(self) -> ServerAwayError:
        host, port = self._place
        return ServerAwayError(f"No server answers at http://{host}:{port}.", "Start it with `frontdesk up`.")


class _BusyError(http.client.HTTPException):
    """The server answered that it failed."""


def _path(conversation: str) -> str:
    return f"/internal/conversations/{quote(conversation, safe='')}"


def _object(data: bytes) -> dict[str, Any]:
    try:
        read = json.loads(data)
    except ValueError as error:
        raise http.client.HTTPException("no JSON") from error
    if not isinstance(read, dict):
        raise http.client.HTTPException("no JSON object")
    return read
