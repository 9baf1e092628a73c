"""Personal data of a text replaced by what kind it was: `call me on [PHONE]`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from finetune.clean import contacts, numbers, people, places
from finetune.clean.numbers import Span
from textkit.entities.folding import fold, masked
from textkit.language import HAN

Finder = Callable[[str], Iterable[Span]]
_HAN = re.compile(f"[{HAN}]")
# What comes first wins: digits of a card are no telephone.
FOLDED: tuple[tuple[str, Finder], ...] = (
    ("EMAIL", contacts.find_emails),
    ("URL", contacts.find_urls),
    ("IP", numbers.find_ips),
    ("IBAN", numbers.find_ibans),
    ("CHINA_ID", numbers.find_china_ids),
    ("SSN", numbers.find_ssns),
    ("PASSPORT", numbers.find_passports),
    ("LICENCE", numbers.find_licences),
    ("BIRTH_DATE", people.find_births),
    ("ORDER_NUMBER", contacts.find_orders),
    ("CARD", numbers.find_cards),
    ("HANDLE", contacts.find_handles),
    ("PHONE", contacts.find_phones),
)
TYPES = (*(name for name, _ in FOLDED), "ADDRESS", "NAME")
_PLACEHOLDER = re.compile(r"\[(?:" + "|".join(TYPES) + r")\]")


@dataclass(frozen=True)
class PersonalSpan:
    """Where personal data of a kind stands, in code points."""

    kind: str
    start: int
    end: int


def find_personal(text: str) -> list[PersonalSpan]:
    """All personal data that patterns find in `text`, in order and without overlaps."""
    folded, written = fold(text), text
    chosen: list[PersonalSpan] = []

    def choose(kind: str, spans: Iterable[Span]) -> None:
        nonlocal folded, written
        taken: list[Span] = []
        for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
            while start < end and folded[start] == "\0":  # what was found before it stays as it is
                start += 1
            while end > start and folded[end - 1] in "\0 \n,.，。":
                end -= 1
            if end > start and "\0" not in folded[start:end] and (not taken or start >= taken[-1][1]):
                taken.append((start, end))
        chosen.extend(PersonalSpan(kind, start, end) for start, end in taken)
        folded, written = masked(folded, taken), masked(written, taken)

    choose("", [match.span() for match in _PLACEHOLDER.finditer(text)])
    chosen.clear()
    chinese = _HAN.search(text) is not None
    for kind, find in FOLDED:
        choose(kind, find(folded))
    if chinese:
        choose("ADDRESS", places.find_chinese_addresses(folded))
        choose("NAME", people.find_chinese_names(written))
    choose("ADDRESS", places.find_addresses(folded))
    choose("NAME", people.find_names(written))
    return sorted(chosen, key=lambda span: span.start)


def redact(text: str) -> tuple[str, list[PersonalSpan]]:
    """`text` with placeholders, and what they stand for; what is redacted already stays as it is."""
    spans = find_personal(text)
    parts, position = [], 0
    for span in spans:
        parts += [text[position : span.start], f"[{span.kind}]"]
        position = span.end
    return "".join([*parts, text[position:]]), spans


def redacted(text: str) -> str:
    """`text` with placeholders."""
    return redact(text)[0]
