"""Which pages may use the channel: those of its own origin, and those of the origins in the settings."""

from __future__ import annotations

from urllib.parse import urlsplit

from textkit.errors import SettingError

_PORTS = {"http": 80, "https": 443}
_METHODS = {"Access-Control-Allow-Methods": "GET, POST", "Access-Control-Allow-Headers": "Authorization, Content-Type"}


class Origins:
    """The setting `allowed_origins`, such as `https://shop.example, https://www.shop.example`."""

    def __init__(self, allowed: str) -> None:
        self._allowed = {_origin(part.strip()) for part in allowed.split(",") if part.strip()}
        if None in self._allowed:
            raise SettingError(
                f"FRONTDESK_ALLOWED_ORIGINS must be origins such as https://shop.example, got {allowed!r}.",
                "Leave out paths, and name each origin by itself.",
            )

    def allow(self, origin: str | None, host: str | None) -> bool:
        """Whether a request with these headers may pass; one without an origin comes from no page of another."""
        return origin is None or _is_own(origin, host) or _origin(origin) in self._allowed

    def headers(self, origin: str | None, host: str | None, *, preflight: bool = False) -> dict[str, str]:
        """What tells a browser that a page of another origin may read the answer."""
        if origin is None or _is_own(origin, host) or not self.allow(origin, host):
            return {"Vary": "Origin"}
        return {"Vary": "Origin", "Access-Control-Allow-Origin": origin, **(_METHODS if preflight else {})}


def _is_own(origin: str, host: str | None) -> bool:
    """By name and port alone: behind a proxy that ends TLS the server does not see the scheme."""
    read = _origin(origin)
    if read is None or not host:
        return False
    scheme = read[0]
    return read == _origin(f"{scheme}://{host}")


def _origin(text: str) -> tuple[str, str, int] | None:
    """Scheme, host and port; None when `text` is no origin of a page."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    plain = not (parts.path or parts.query or parts.fragment or "@" in parts.netloc)
    if parts.scheme not in _PORTS or not parts.hostname or not plain:
        return None
    return parts.scheme, parts.hostname, port or _PORTS[parts.scheme]
