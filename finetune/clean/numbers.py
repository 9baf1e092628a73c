"""Personal data that numbers give away: cards, accounts, identity documents, addresses of machines.

Every finder takes folded text (textkit/entities/folding.py) and gives spans. A number with a check digit is taken when
it fits; a mistyped one only behind a word that says what it is.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

Span = tuple[int, int]
_BEHIND = 24  # characters in which a word that says what a number is stands before it

_DIGITS = re.compile(r"(?<![\w.])\d(?:[ -]?\d){11,18}(?![\d-]|\.\d|[a-z])", re.ASCII)
_CARD_CUE = re.compile(r"card|visa|mastercard|amex|\bcc\b|卡号?|刷|银行|账号|帐号")
_CHINA_ID = re.compile(
    r"(?<![a-z0-9])[1-9]\d{5} ?(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]) ?\d{3}[\dx](?![a-z0-9])"
)
_CHINA_ID_CUED = re.compile(r"(?:身份证|证件)(?:号码?|是|为|[:：\s]){0,4}(\d{14,17}[\dx])(?![a-z0-9])")
_SSN = re.compile(r"(?<![\w-])(?!000)\d{3}([- ])(?!00)\d{2}\1(?!0000)\d{4}(?![\w-])", re.ASCII)
_SSN_CUED = re.compile(r"(?:ssn|social security)\D{0,20}?(\d{3}[ -]?\d{2}[ -]?\d{4})(?!\d)")
_PASSPORT = re.compile(
    r"(?:passport|护照|通行证)(?:\s*(?:number|no\.?|num|号码?|is|was|是|为|#|[:：\s])){0,4}\s*([a-z]{0,2}\d{6,9})(?![a-z0-9])",
    re.ASCII,
)
_LICENCE = re.compile(
    r"(?:driver'?s?|driving) licen[cs]e"
    r"(?:\s*(?:number|no\.?|is|was|#|[:\s])){0,4}\s*([a-z]{0,3}[ -]?\d[\d-]{4,16}[a-z]?)(?![a-z0-9])"
)
_IBAN = re.compile(r"(?<![a-z0-9])[a-z]{2}\d{2}(?: ?[a-z0-9]){11,30}", re.ASCII)
_IBAN_LENGTHS = dict(
    AE=23, AT=20, BE=16, BG=22, CH=21, CY=28, CZ=24, DE=22, DK=18, EE=20, ES=24, FI=18, FR=27, GB=22, GI=23, GR=27,
    HR=21, HU=28, IE=22, IL=23, IS=26, IT=27, LI=21, LT=20, LU=20, LV=21, MC=27, MT=31, NL=18, NO=15, PL=28, PT=25,
    RO=24, RS=22, SA=24, SE=24, SI=19, SK=24, SM=27, TR=26, UA=29,
)  # fmt: skip
_IPV4 = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d]|\.\d)")
_IPV6 = re.compile(r"(?<![0-9a-z.])(?=[0-9a-f]|::)(?=[0-9a-f]*:)[0-9a-f:]{4,45}(?![0-9a-z:])", re.ASCII)
_VERSION = re.compile(r"(?:version|firmware|\bv|版本号?|固件|系统)\s*[:：是为]?\s*$")


def passes_luhn(digits: str) -> bool:
    """Whether the last of `digits` is the check digit of cards (ISO/IEC 7812)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def passes_china_id(number: str) -> bool:
    """Whether the last of 18 characters is the check character of Chinese identity numbers (GB 11643)."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    rest = sum(int(digit) * weight for digit, weight in zip(number, weights, strict=False)) % 11
    return "10x98765432"[rest] == number[17].lower()


def passes_iban(number: str) -> bool:
    """Whether an IBAN without spaces has its country's length and its check digits (ISO 13616)."""
    number = number.upper()
    turned = number[4:] + number[:4]
    return _IBAN_LENGTHS.get(number[:2]) == len(number) and int("".join(str(int(c, 36)) for c in turned)) % 97 == 1


def _before(text: str, start: int) -> str:
    return text[max(0, start - _BEHIND) : start]


def find_cards(text: str) -> Iterator[Span]:
    """Numbers of payment and bank cards."""
    for match in _DIGITS.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        cued = _CARD_CUE.search(_before(text, match.start()))
        # Twelve and thirteen digits are barcodes more often than cards.
        alone = len(digits) >= 14 and digits[0] in "23456" and passes_luhn(digits)
        if alone or cued:
            yield match.span()


def find_china_ids(text: str) -> Iterator[Span]:
    """Identity numbers of mainland China."""
    for match in _CHINA_ID.finditer(text):
        if passes_china_id(match.group().replace(" ", "")):
            yield match.span()
    for match in _CHINA_ID_CUED.finditer(text):
        yield match.span(1)


def find_ssns(text: str) -> Iterator[Span]:
    """United States social security numbers."""
    yield from (match.span() for match in _SSN.finditer(text))
    yield from (match.span(1) for match in _SSN_CUED.finditer(text))


def find_passports(text: str) -> Iterator[Span]:
    """Numbers of passports, behind the word."""
    yield from (match.span(1) for match in _PASSPORT.finditer(text))


def find_licences(text: str) -> Iterator[Span]:
    """Numbers of driving licences, behind the word."""
    yield from (match.span(1) for match in _LICENCE.finditer(text))


def find_ibans(text: str) -> Iterator[Span]:
    """International bank account numbers."""
    for match in _IBAN.finditer(text):
        length = _IBAN_LENGTHS.get(match.group()[:2].upper(), 0)
        written = _first_letters(match.group(), length)
        if not written:
            continue
        plain = written.replace(" ", "")
        if passes_iban(plain) or ("iban" in _before(text, match.start()) and len(plain) == length):
            yield match.start(), match.start() + len(written)


def _first_letters(written: str, count: int) -> str:
    """The beginning of `written` with `count` characters besides spaces; empty when there are not as many."""
    seen = 0
    for place, character in enumerate(written, 1):
        seen += character != " "
        if count and seen == count:
            return written[:place]
    return ""


def find_ips(text: str) -> Iterator[Span]:
    """Addresses of machines, IPv4 and IPv6; a version number is none."""
    for pattern in (_IPV4, _IPV6):
        for match in pattern.finditer(text):
            if _is_address(match.group()) and not _VERSION.search(_before(text, match.start())):
                yield match.span()


def _is_address(written: str) -> bool:
    try:
        ipaddress.ip_address(written)
    except ValueError:
        return False
    return True
