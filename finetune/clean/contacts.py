"""Ways to reach a person and what they ordered: e-mail, telephone, accounts, pages of their own, order numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from finetune.clean.numbers import Span
from textkit.entities.codes import find_emails as known_emails
from textkit.entities.codes import find_order_numbers
from textkit.entities.phones import find_phones as known_phones
from textkit.language import HAN

_EMAIL = re.compile(r"[\w.+%-]+@(?:[\w-]+\.)+[a-z]{2,24}", re.ASCII)
_URL = re.compile(rf"(?:https?://|www\.)[^\s<>\"'{HAN}，。；！？、（）]+")
# A page is a person's when its address carries a query, a name to log in with, an account or a long number.
_PERSONAL = re.compile(
    r"\?\S+=|//[^/]*@|/(?:u|user|users|account|accounts|profile|member|customer|my|me|orders?|invoice|track(?:ing)?|s)/\S"
    r"|/~|/@|/[^/?]*\d{5,}|[#&?](?:token|key|id)=|/[a-z0-9_-]{20,}"
)
_HANDLE = re.compile(
    r"(?:(?:微信|wechat|weixin|威信|\bvx|\bqq|telegram|whatsapp|skype|instagram|\big)"
    r"(?:号码?|账号|帐号| ?id| handle| name| is|是|为|叫|[:：\s]){0,4}\s*@?)"
    r"(?!(?:number|pay|account|group|and|or|for|message|support|is|the|me|to|on)\b)"
    r"([a-z][a-z0-9_.-]*[\d_][a-z0-9_-]*|\d{5,12})(?![a-z0-9@])",
    re.ASCII,
)
_ORDER_CUED = re.compile(
    r"(?:(?:order|tracking|parcel|invoice|booking|reference|receipt)(?: (?:number|no\.?|num|id|code))?|"
    r"订单编?号码?|订单|运单号|单号|快递单?号|物流单?号|发票号码?)"
    r"(?:\s*(?:is|was|are|是|为|[:：#]))*\s*#?([a-z]{0,4}-?\d[a-z0-9-]{5,22})(?![a-z0-9])(?!\s*元)"
)

_AFTER = r"(?=x\d)|(?!\w|-\d)"  # what may follow the digits: an extension, or no further letter or digit
_PLUS = re.compile(rf"(?<![\w+])(?:\+|00)(?=[1-9])\d{{1,3}}(?:[ ().-]{{0,3}}\d){{6,13}}(?:{_AFTER})")
_AMERICAN = re.compile(
    r"(?<![\w.+-])(?:(?:\+|00)?1[ .-]{0,2})?(?:\(\d{3}\)[ .-]{0,2}|[02-9]\d{2}[ .-])\d{3}[ .-]?\d{4}"
    rf"(?:{_AFTER})"
)
_DIGITS = r"(\+?\(?\d(?:[ ().-]{0,2}\d){5,14})"
_NO_NUMBER = r"(?!\.\d|\s*(?:元|块|分|ml|kg|usd|gbp|eur|%))"
_KINDS = r"(?:tel|telephone|phone|mobile|cell|fax|desk|office|landline)"
_CALL = re.compile(
    rf"(?:\b(?:{_KINDS}|whatsapp|hotline)\b(?: number| no\.?| num)?|"
    r"\b(?:call(?:ed|ing)?|ring|reach|contact(?:ed)?|text(?:ed|s)?|answering|messages?|sms)\b|"
    r"\bmy (?:new |old |own )?number\b|电话|手机号?|号码|座机|联系方式|总机|拨打?|致电|打给?|新号|这个号)"
    rf"[^\d\n+(]{{0,24}}{_DIGITS}(?:{_AFTER}){_NO_NUMBER}"
)
_CALLED_AFTER = re.compile(rf"(?<![\w.+-]){_DIGITS}(?=(?:\s?x\d+)?[ -]{_KINDS}\b)")
_EXTENSION = re.compile(r"\s*(?:转|分机|ext\.?|extension|x)\s*[:：]?\s*\d{1,6}(?!\d)")


def find_emails(text: str) -> Iterator[Span]:
    """E-mail addresses."""
    yield from (match.span() for match in _EMAIL.finditer(text))
    yield from ((found.start, found.end) for found in known_emails(text))


def find_urls(text: str) -> Iterator[Span]:
    """Addresses of pages that belong to a person; the shop's own pages stay."""
    for match in _URL.finditer(text):
        written = match.group().rstrip(".,;:!?)")
        if _PERSONAL.search(written):
            yield match.start(), match.start() + len(written)


def find_handles(text: str) -> Iterator[Span]:
    """Names of accounts in messengers, behind the messenger's name."""
    yield from (match.span(1) for match in _HANDLE.finditer(text))


def find_orders(text: str) -> Iterator[Span]:
    """Order numbers in the business's form, and any number that is called one."""
    yield from ((found.start, found.end) for found in find_order_numbers(text))
    for match in _ORDER_CUED.finditer(text):
        if sum(character.isdigit() for character in match.group(1)) >= 5:
            yield match.span(1)


def find_phones(text: str) -> Iterator[Span]:
    """Telephone numbers with their extensions: British, Irish, Chinese, American, and others behind a `+` or a word."""
    spans = [(found.start, found.end) for found in known_phones(text, chinese=True)]
    spans += [match.span() for pattern in (_PLUS, _AMERICAN) for match in pattern.finditer(text)]
    spans += [match.span(1) for pattern in (_CALL, _CALLED_AFTER) for match in pattern.finditer(text)]
    for start, end in spans:
        extension = _EXTENSION.match(text, end)
        yield start, extension.end() if extension else end
