"""Postal addresses, in the forms of English-speaking countries and of China."""

from __future__ import annotations

import re
from collections.abc import Iterator

from finetune.clean.numbers import Span
from textkit.language import HAN

_STREET = (
    r"(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|court|ct|boulevard|blvd|way|close|place|pl|square|sq|terrace|"
    r"crescent|cres|gardens|mews|hill|row|grove|highway|hwy|parkway|pkwy|trail|circle|cir|quay|walk|rise|parade|"
    r"loop|alley|plaza|path|park|view|heights|green)"
)
_UNIT = r"(?:apt|apartment|suite|ste|unit|flat|floor|room|rm|building|bldg|#)\.?\s*#?\s*[a-z0-9-]{1,6}\b"
_ZIP = r"[a-z]{2}\s+\d{5}(?:-\d{4})?\b"
_POSTCODE = r"\b[a-z]{1,2}\d[a-z\d]?\s?\d[abd-hjlnp-uw-z]{2}\b"
_EIRCODE = r"\b[ac-fhknprtv-y]\d[\dw]\s?[\dac-fhknprtv-y]{4}\b(?<!\d{7})"
_AREA = rf"(?:[,\s]{{1,4}}(?:{_UNIT}|{_ZIP}|{_POSTCODE}|[a-z][a-z'. -]{{2,24}},\s*{_ZIP}))"
_ENGLISH = re.compile(
    rf"(?:\b{_UNIT}[,\s]{{1,3}})?(?<![\w.$£€-])\d{{1,6}}[a-z]?[,]?\s+(?:(?:north|south|east|west|n|s|e|w|old|new|upper|lower)\.?\s+)?"
    rf"(?:[a-z][a-z'’.-]*\s+){{1,4}}?{_STREET}\b\.?{_AREA}{{0,4}}(?:\s+\d{{5}}(?:-\d{{4}})?\b)?"
)
_TOWN_ZIP = re.compile(rf"(?<!\w)[a-z][a-z'. -]{{1,24}},\s*{_ZIP}")
_BOX = re.compile(r"\b(?:p\.?\s?o\.?\s+box|psc|box)\s+\d{2,6}(?:[,\s]{1,3}(?:box|apo|fpo|dpo|a[aep])\b[\s\d]{0,12})*")
_CODES = re.compile(rf"{_POSTCODE}|{_EIRCODE}")
_ZIP_CUED = re.compile(
    r"(?:\bzip(?: ?code)?|\bpost ?code|\bpostal code|\beircode|邮编|邮政编码)"
    r"(?:\s*(?:is|was|是|为|[:：]))*\s*([a-z0-9][a-z0-9 -]{1,8}[a-z0-9])\b"
)
_ADDRESS_CUED = re.compile(
    r"\b(?:(?:my|our|new|home|delivery|shipping|billing|postal|mailing|street|work|the)\s+)?"
    r"address(?:\s+(?:is|to|should be)|\s*:)\s*"
    r"|\b(?:i|we|he|she) (?:now )?lives? (?:at|on)\s+"
    r"|\b(?:deliver|send|ship|post|sent|delivered|shipped)(?: it| them| this)? to\s+(?=\d)"
    r"|\bmov(?:e|ed|ing) to\s+(?=\d)"
)
_TO_SENTENCE_END = re.compile(
    r"[^?!;]*?(?=[?!;]|\.(?:\s|$)|\n\s*\n|"
    r"\s(?:and|but|so|because|please|thanks|instead|not|can|could|is)\b|$)"
)
_LONGEST = 120  # characters of an address in English

_ROAD = rf"[{HAN}\da-z]{{1,10}}?(?:大街|大道|公路|胡同|路|街|巷|弄|里|(?<![知味渠通管频轨报])道)"
_NUMBER = (
    r"(?:[东西南北中][一二三四五六七八九十]?[段路]|[一二三四五六七八九十]段)?\s*[\d一二三四五六七八九十百]{1,5}(?:-\d{1,4})?"
    r"\s*(?:号|弄|巷)(?!线|晚|早|上午|下午|之前|前|后|到|发|开)"
)
_INNER = (
    rf"(?:[{HAN}a-z]{{0,14}}?(?:大厦|大楼|广场|中心|小区|花园|公寓|新村|家园|现代城|[苑城府])"
    r"|[a-z\d一二三四五六七八九十]{1,5}\s*(?:号楼|栋|幢|座|单元|号院?|楼|层|塔|室|房|户)"
    r"|\d{1,3}-\d{1,3}-\d{2,4}|[a-z]?\d{2,5}(?!\d|[年月元个]))"
)
_CHINESE = re.compile(rf"{_ROAD}{_NUMBER}(?:\s?{_INNER}){{0,7}}")
_ESTATE = re.compile(
    rf"[{HAN}]{{2,10}}?(?:小区|花园|公寓|新村|家园|公馆|苑|大厦)\s*(?:[a-z\d]{{1,4}}\s*(?:号楼|栋|幢|座|期|区|号))(?:\s?{_INNER}){{0,5}}"
)
_ROOM = re.compile(r"[a-z\d]{1,4}\s*(?:号楼|栋|幢)\s*(?:\d{1,3}\s*单元)?\s*[a-z]?\d{2,5}\s*[室房号]?")
# What leads up to an address; all before the last of them is not part of it.
_LEAD = re.compile(
    r"地址|收货|寄到|送到|送货|发到|改成|改到|改为|换成|换到|搬到|住在|家住|位于|给我|麻烦|请|寄|[住在到是往给把放]"
)
_BEFORE = re.compile(rf"[{HAN}\d]{{0,24}}$")


def find_addresses(text: str) -> Iterator[Span]:
    """Addresses and postcodes in folded English text."""
    for pattern in (_ENGLISH, _TOWN_ZIP, _BOX, _CODES):
        yield from (match.span() for match in pattern.finditer(text))
    yield from (match.span(1) for match in _ZIP_CUED.finditer(text) if any(c.isdigit() for c in match.group(1)))
    for match in _ADDRESS_CUED.finditer(text):
        end = _TO_SENTENCE_END.match(text, match.end(), match.end() + _LONGEST)
        if end and re.search(r"\d", end.group()) and "@" not in end.group() and "://" not in end.group():
            yield match.end(), match.end() + len(end.group().rstrip())


def find_chinese_addresses(text: str) -> Iterator[Span]:
    """Addresses in folded Chinese text, from the province or the road to the room."""
    for pattern in (_CHINESE, _ESTATE):
        for match in pattern.finditer(text):
            yield _begin(text, match.start()), match.end()
    yield from (match.span() for match in _ROOM.finditer(text))
    yield from (match.span(1) for match in _ZIP_CUED.finditer(text) if any(c.isdigit() for c in match.group(1)))


def _begin(text: str, start: int) -> int:
    """Where the address around `start` begins: behind the last word that leads up to one."""
    nearby = text[max(0, start - 24) : start]
    first = start - len(nearby) + len(_BEFORE.sub("", nearby))
    reach = min(len(text), start + 10)
    leads = [m.end() for m in _LEAD.finditer(text, first, reach) if m.end() <= start + 6]
    return leads[-1] if leads else first
