"""Times as exports write them: ISO 8601, seconds or milliseconds since 1970, and the dates of spreadsheets."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from typing import Any

_FORMS = (
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%Y年%m月%d日 %H:%M:%S",
    "%Y年%m月%d日 %H:%M",
    "%Y年%m月%d日",
    "%Y-%m-%d %H:%M:%S %Z",
    "%a, %d %b %Y %H:%M:%S %z",
    "%d %b %Y %H:%M:%S",
    "%d %b %Y %H:%M",
)
_NUMBER = re.compile(r"\d{9,13}(?:\.\d+)?")


def read_time(value: Any, zone: tzinfo = UTC) -> datetime:
    """The time that `value` means, in UTC; `zone` is that of times that name none. Raises ValueError with the reason.

    Days before months (02/11/2026) or after them cannot be told apart and are refused.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("the time is neither a number nor text")
    text = str(value).strip()
    if _NUMBER.fullmatch(text):
        seconds = float(text)
        return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC)
    found = _written(text)
    if found is None:
        raise ValueError(f"the time {text[:40]!r} is not understood (ISO 8601 is, such as 2026-11-02T09:30:00Z)")
    try:
        return (found if found.tzinfo else found.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"the time {text[:40]!r} lies outside the calendar") from error


def _written(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text.removesuffix(" UTC") + ("Z" if text.endswith(" UTC") else ""))
    except ValueError:
        pass
    for form in _FORMS:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    return None
