"""What the web channel says no to: a code for the client, and the HTTP status that goes with it."""

from __future__ import annotations

STATUS = {
    "session_expired": 401,
    "foreign_origin": 403,
    "not_found": 404,
    "too_long": 413,
    "too_large": 413,
    "too_many_messages": 429,
    "too_many_sessions": 429,
}


class RefusedError(Exception):
    """Something that a client may not do; `code` as in docs/channels.md, `message_id` when it was about a message."""

    def __init__(self, code: str, message_id: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.message_id = message_id

    @property
    def status(self) -> int:
        """Of the answer over HTTP."""
        return STATUS.get(self.code, 400)
