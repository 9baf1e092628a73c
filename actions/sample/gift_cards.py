"""Gift cards of the sample shop: those of demo.json with codes that can be tried, and some that nobody knows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from actions.orders.gift_codes import LENGTH, digest_of
from actions.sample.chance import happens, stream
from actions.sample.demo import demo_gift_cards
from actions.sample.seasons import TODAY
from actions.store.references import ALPHABET

COUNT = 60


def gift_card_rows(seed: int) -> list[dict[str, Any]]:
    """Rows of the table `gift_cards`; drawn from a stream of their own."""
    rows = [
        _row(
            card["code"],
            card["currency"],
            card["balance"],
            date.fromisoformat(card["expires_on"]) if card["expires_on"] else None,
            card["status"],
        )
        for card in demo_gift_cards()
    ]
    rng = stream(seed, "gift cards")
    for _ in range(COUNT):
        code = "".join(rng.choice(ALPHABET) for _ in range(LENGTH))
        currency = "CNY" if happens(rng, 0.4) else "GBP"
        unit = 10 if currency == "CNY" else 1
        left = rng.randrange(0, 5000, 50) * unit
        expires = TODAY + timedelta(days=rng.randint(-60, 700)) if currency == "GBP" or happens(rng, 0.5) else None
        rows.append(_row(code, currency, left, expires, "blocked" if happens(rng, 0.03) else "active"))
    return rows


def _row(code: str, currency: str, balance: int, expires_on: date | None, status: str) -> dict[str, Any]:
    return {
        "code_digest": digest_of(code),
        "last_four": code[-4:],
        "currency": currency,
        "balance": balance,
        "expires_on": expires_on,
        "status": status,
    }
