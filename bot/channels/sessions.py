"""Customers' sessions: named and signed by the server, never chosen by the client."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict, deque

import jwt

ALGORITHM = "HS256"


class SessionError(Exception):
    """A token that is missing, forged, expired or of another kind."""


class Sessions:
    """Issues and checks the tokens that bind a client to its conversation."""

    def __init__(self, secret: str, hours: int) -> None:
        self._secret = secret
        self._seconds = hours * 3600

    def issue(self) -> tuple[str, str]:
        """A new conversation id and its token."""
        session = f"web-{secrets.token_urlsafe(18)}"
        now = int(time.time())
        claims = {"sub": session, "aud": "web", "iat": now, "exp": now + self._seconds}
        return session, jwt.encode(claims, self._secret, algorithm=ALGORITHM)

    def conversation(self, authorization: str | None) -> str:
        """The conversation id of a `Bearer` header; raises SessionError."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise SessionError("no token")
        try:
            claims = jwt.decode(
                token, self._secret, algorithms=[ALGORITHM], audience="web", options={"require": ["sub", "exp"]}
            )
        except (jwt.PyJWTError, UnicodeError) as error:
            raise SessionError(str(error)) from error
        return str(claims["sub"])


class RateLimit:
    """At most `per_minute` calls a minute per key; remembers the `capacity` keys used last."""

    def __init__(self, per_minute: int, capacity: int = 10_000) -> None:
        self._per_minute = per_minute
        self._capacity = capacity
        self._calls: OrderedDict[str, deque[float]] = OrderedDict()

    def allows(self, key: str, now: float | None = None) -> bool:
        """Count a call of `key`; False when it is one too many."""
        now = time.monotonic() if now is None else now
        calls = self._calls.setdefault(key, deque())
        self._calls.move_to_end(key)
        while len(self._calls) > self._capacity:
            self._calls.popitem(last=False)
        while calls and now - calls[0] > 60:
            calls.popleft()
        if len(calls) >= self._per_minute:
            return False
        calls.append(now)
        return True
