"""One value that a message names, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Entity:
    """A span of a message in code points, its text, and the value that actions read."""

    entity: str
    start: int
    end: int
    text: str
    value: Any


@dataclass(frozen=True)
class Found:
    """A span that one extractor proposes, before overlaps are settled."""

    start: int
    end: int
    value: Any
