"""The drawings of the shop, from bot/widget/drawings.svg: one for each category."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

DRAWINGS = Path(__file__).resolve().parent.parent / "widget" / "drawings.svg"
LOGO = "logo"
OTHER = "gift-sets"  # for a category that has no drawing
_SYMBOL = re.compile(r'<symbol id="([a-z-]+)".*?</symbol>', re.S)


@cache
def _drawings() -> dict[str, str]:
    return {found[1]: re.sub(r">\s+<", "><", found[0]) for found in _SYMBOL.finditer(DRAWINGS.read_text("utf-8"))}


def illustration(category: str, look: str = "") -> str:
    """The drawing of a category in the colour of `look`; `symbols` of that category must stand in the page."""
    name = _known(category)
    colour = "".join(c if c.isalnum() else "-" for c in look.lower())
    classes = f"picture of-{name} in-{colour}" if colour else f"picture of-{name}"
    return f'<svg class="{classes}" viewBox="0 0 160 160" aria-hidden="true"><use href="#{name}"/></svg>'


def logo() -> str:
    """The sign of the shop."""
    return f'<svg class="logo" viewBox="0 0 48 48" aria-hidden="true"><use href="#{LOGO}"/></svg>'


def symbols(categories: Iterable[str]) -> str:
    """What the drawings of a page refer to, once each."""
    shapes = "".join(_drawings()[name] for name in sorted({LOGO, *map(_known, categories)}))
    return f'<svg class="symbols" aria-hidden="true">{shapes}</svg>'


def _known(category: str) -> str:
    return category if category in _drawings() else OTHER
