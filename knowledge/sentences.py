"""Where sentences begin and end, in English and Chinese."""

from __future__ import annotations

import re

_ABBREVIATIONS = frozenset(
    """
    mr mrs ms dr st no nos approx vs etc e.g i.e incl excl max min tel ext fig jan feb mar apr jun jul aug
    sep sept oct nov dec mon tue wed thu fri sat sun inc ltd co
    """.split()
)
# After a Latin full stop there must be space and then something that can begin a sentence.
_END = re.compile(r"[。！？!?…]+[”’」』）)\"]*|\.+[\"'”’)]*(?=\s+[\"'“‘(]?[A-Z0-9£$€¥])")


def sentence_spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The sentences within text[start:end] as offsets into `text`, without surrounding space."""
    cuts = []
    for match in _END.finditer(text, start, end):
        if match[0].startswith(".") and not _ends_sentence(text, start, match.start()):
            continue
        after = text[match.end()] if match.end() < end else " "
        if match[0][0] in "!?" and after.isascii() and not after.isspace():
            continue
        cuts.append(match.end())
    spans, here = [], start
    for cut in [*cuts, end]:
        left, right = _trim(text, here, cut)
        if right > left:
            spans.append((left, right))
        here = cut
    return spans


def _ends_sentence(text: str, start: int, stop: int) -> bool:
    word = re.search(r"[\w.]*$", text[max(start, stop - 12) : stop])
    last = word[0].lower() if word else ""
    return last not in _ABBREVIATIONS and not (len(last) == 1 and last.isalpha())


def _trim(text: str, left: int, right: int) -> tuple[int, int]:
    while left < right and text[left].isspace():
        left += 1
    while right > left and text[right - 1].isspace():
        right -= 1
    return left, right
