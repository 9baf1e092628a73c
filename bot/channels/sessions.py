"""Customers' sessions: named and signed by the server, never chosen by the client."""

from __future__ import annotations

import dataclasses
import secrets
import time
from collections import OrderedDict, deque

import jwt

ALGORITHM = "HS256"


class SessionError(Exception):
    """A token that is missing, forged, expired or of another kind."""


@dataclasses.dataclass(frozen=True)
class Session:
    """What a token says: its conversation, and from when to when it is good (seconds since 1970)."""

    conversation: str
    issued_at: float
    expires_at: float

    def is_old(self) -> bool:
        """Whether half of its life is over."""
        return time.time() > (self.issued_at + self.expires_at) / 2

    def is_over(self) -> bool:
        """Whether it is good no more."""
        return time.time() >= self.expires_at


class Sessions:
    """Issues and checks the tokens that bind a client to its conversation."""

    def __init__(self, secret: str, hours: int) -> None:
        self._secret = secret
        self._seconds = hours * 3600

    def issue(self, conversation: str | None = None) -> tuple[str, str]:
        """A new conversation id, or the given one, and a token for it."""
        session = conversation or f"web-{secrets.token_urlsafe(18)}"
        now = int(time.time())
        claims = {"sub": session, "aud": "web", "iat": now, "exp": now + self._seconds}
        return session, jwt.encode(claims, self._secret, algorithm=ALGORITHM)

    def read(self, token: str) -> Session:
        """What a token says; raises SessionError."""
        try:
            claims = jwt.decode(
                token, self._secret, algorithms=[ALGORITHM], audience="web", options={"require": ["sub", "exp"]}
            )
        except (jwt.PyJWTError, UnicodeError) as error:
            raise SessionError(str(error)) from error
        expires = float(claims["exp"])
        return Session(str(claims["sub"]), float(claims.get("iat", expires - self._seconds)), expires)

    def conversation(self, authorization: str | None) -> str:
        """The conversation id of a `Bearer` header; raises SessionError."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise SessionError("no token")
        return self.read(token).conversation


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
