"""Where a client comes from: its address, also behind proxies, and a keyed hash of it that names nobody."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from textkit.errors import SettingError

Address = IPv4Address | IPv6Address
_SITE = 64  # bits of an IPv6 address; a household or an office has the rest to itself


class Networks:
    """`trusted` is the setting `trusted_proxies`: addresses or networks, separated by commas."""

    def __init__(self, trusted: str, secret: str) -> None:
        self._key = hashlib.sha256(f"network {secret}".encode()).digest()
        try:
            self._trusted = [ip_network(part.strip()) for part in trusted.split(",") if part.strip()]
        except ValueError as error:
            raise SettingError(
                f"FRONTDESK_TRUSTED_PROXIES: {error}.", "Write addresses or networks such as 10.0.0.0/8, with commas."
            ) from None

    def name(self, peer: str | None, forwarded: Iterable[str] = ()) -> str:
        """16 hex digits for the client's network; `forwarded` are the X-Forwarded-For headers in order."""
        address = self.address(peer, forwarded)
        if isinstance(address, IPv6Address):
            address = ip_network((address, _SITE), strict=False).network_address
        return hmac.new(self._key, str(address).encode(), hashlib.sha256).hexdigest()[:16]

    def address(self, peer: str | None, forwarded: Iterable[str] = ()) -> Address | None:
        """The right-most address that no proxy of ours has; what stands left of it anybody can write."""
        found = _address(peer)
        if found is None or not self._trusts(found):
            return found
        for entry in reversed([part for header in forwarded for part in header.split(",")]):
            named = _address(entry)
            if named is None:
                break
            found = named
            if not self._trusts(found):
                break
        return found

    def _trusts(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)


def _address(text: str | None) -> Address | None:
    """An address, with or without a port."""
    text = (text or "").strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        read = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(read, "ipv4_mapped", None) or read
