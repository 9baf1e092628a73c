"""Order numbers and ticket references: short, readable aloud, not guessable."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def order_number(choice: Callable[[Sequence[str]], str] = secrets.choice) -> str:
    """A new number such as LE-7K4M-Q2XP; sample data passes a seeded `choice`."""
    letters = "".join(choice(ALPHABET) for _ in range(8))
    return f"LE-{letters[:4]}-{letters[4:]}"


def ticket_reference() -> str:
    """A new reference such as T-8QX4MD."""
    return "T-" + _six()


def case_reference() -> str:
    """A new reference such as R-8QX4MD."""
    return "R-" + _six()


def _six() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(6))
