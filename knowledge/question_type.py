"""What kind of value a question asks for, and whether a sentence holds one."""

from __future__ import annotations

import re
from typing import Literal

from textkit.language import Language
from textkit.words import normalise

Kind = Literal[
    "money",
    "duration",
    "time",
    "temperature",
    "share",
    "contact",
    "weight",
    "length",
    "volume",
    "noise",
    "number",
    "place",
]

# The first that fits counts.
_ASKED: dict[Language, list[tuple[Kind, str]]] = {
    "en": [
        ("weight", r"\bhow heavy\b|\bweigh|\bhow many (?:kilos|kg|grams)\b"),
        ("noise", r"\bdecibels?\b|\bdb\b|\bhow (?:loud|noisy|quiet)\b"),
        (
            "length",
            r"\bhow (?:tall|wide|high|deep|thick)\b|\bdimensions\b|\bhow many (?:cm|mm|inches)",
        ),
        ("volume", r"\bcapacity\b|\bhow many (?:lit|ml|cups)|\bhow much (?:water|milk|liquid)\b"),
        ("temperature", r"\btemperature|\bhow hot\b|\bdegrees\b"),
        ("share", r"\bper ?cent|\bdiscount|\binterest rate\b|\bapr\b|%"),
        ("duration", r"\bhow long\b|\bhow soon\b|\bhow many (?:days|weeks|months|years|hours|minutes)\b|\bhow quick"),
        (
            "money",
            r"\bhow much (?:is|are|does|do|would|will|for|it|extra|more|to|can|did)\b|\bhow much\?*$|\bcosts?\b"
            r"|\bprices?\b|\bfees?\b|\bcharged?\b|\bpostage\b|\bpenalty\b|\bquid\b",
        ),
        (
            "contact",
            r"\bphone number|\be-?mail address|\bnumber to call\b|\bpostal address\b|\bthe address\b",
        ),
        (
            "time",
            r"\bwhen\b|\bwhat time\b|\bwhat date\b|\b(?:which|what) days?\b|\bopening\b|\bdeadline\b"
            r"|\blast day\b|\buntil\b",
        ),
        ("number", r"\bhow (?:many|often|big|large|far|old|fine|much)\b|\bmaximum\b|\bminimum\b"),
        ("place", r"\bwhere\b|\bwhich (?:store|shop|country|countries|city)\b"),
    ],
    "zh": [
        ("weight", r"多重|重量|几斤|几公斤|多少克|多少斤|有多沉"),
        ("noise", r"分贝|噪音|吵不吵|声音多大"),
        ("length", r"多高|多宽|多厚|多长(?!时间)|尺寸|几厘米|多少厘米|几毫米"),
        ("volume", r"容量|多少升|多少毫升|几升|装多少水"),
        ("temperature", r"温度|多少度|几度|水温"),
        ("share", r"几折|折扣|利率|百分之|费率|税率|打折"),
        ("duration", r"多久|几天|多长时间|几个月|几年|几小时|几分钟|多少天|几周|几个工作日"),
        ("money", r"多少钱|费用|价格|价钱|运费|收费|手续费|邮费|几块|多少元|贵不贵|花多少|要钱|押金|收多少"),
        ("contact", r"电话|邮箱|联系方式|热线|地址是"),
        ("time", r"几点|什么时候|哪天|哪一天|日期|几号(?!口)|何时|星期几|周几|营业时间|截止"),
        ("number", r"几[个张次件只位人片]|多少|最多|最少|多大|上限|下限"),
        ("place", r"哪里|哪儿|在哪|哪家|哪个门店|什么地方"),
    ],
}
_NUMBER_WORDS = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|twice|once)"
_HELD: dict[Kind, re.Pattern[str]] = {
    "money": re.compile(
        r"[£€¥$]\s?\d|\d\s*(?:元|块|欧元|英镑|pence\b|pounds?\b)|\bfree\b|免费|包邮|no (?:extra )?charge|不收|不另收|%"
    ),
    "duration": re.compile(
        rf"(?:\d|\b{_NUMBER_WORDS}\b|[一二两三四五六七八九十半]\s*)[\d\s–-]*(?:个)?"
        r"(?:working days?|days?|weeks?|months?|years?|hours?|minutes?|seconds?|s\b|min\b|h\b"
        r"|天|日|周|个月|月|年|小时|分钟|秒|工作日)"
        r"|\bat once\b|immediately|立即|当天|即时|实时"
    ),
    "time": re.compile(
        r"\d{1,2}[:：]\d{2}|\b(?:mon|tue|wed|thu|fri|sat|sun)\w*\b"
        r"|\d{1,2}\s*(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
        r"|\bdaily\b|\d+\s*月|周[一二三四五六日]|每天|\d+\s*[点号日]|除夕|初[一二三四五六七八]"
        r"|days?\b|hours?\b|天|小时|年|months?\b|weeks?\b",
        re.I,
    ),
    "temperature": re.compile(r"\d\s*(?:°|℃|c\b|度)", re.I),
    "share": re.compile(r"\d\s*(?:%|折|per ?cent)|百分"),
    "contact": re.compile(
        r"\S@\S|\d{3,}[- ]?\d{3,}|\b[A-Z]{1,2}\d{1,2}[A-Z]? \d[A-Z]{2}\b|路|street|lane|yard|steps|park", re.I
    ),
    "weight": re.compile(r"\d\s*(?:kg|g|kilos?|grams?|千克|公斤|克|斤)(?![a-z])", re.I),
    "length": re.compile(r"\d\s*(?:cm|mm|m|厘米|毫米|米)(?![a-z])", re.I),
    "volume": re.compile(r"\d\s*(?:l|ml|cl|lit\w+|升|毫升|cups?|杯)(?![a-z])", re.I),
    "noise": re.compile(r"\d\s*(?:db|分贝)|\bquiet|安静", re.I),
    "number": re.compile(rf"\d|\b{_NUMBER_WORDS}\b|[一二两三四五六七八九十]", re.I),
    "place": re.compile(r"\b(?:in|at|under|on|to|from|inside|behind)\b|[店里上处]|路|号|在", re.I),
}


def asked_kind(question: str, language: Language) -> Kind | None:
    """The kind of value that `question` asks for, or None when it asks for none in particular."""
    text = normalise(question)
    return next((kind for kind, pattern in _ASKED[language] if re.search(pattern, text)), None)


def holds(kind: Kind, text: str) -> bool:
    """Whether `text` has a value of that kind."""
    return bool(_HELD[kind].search(text if kind in ("contact", "time") else normalise(text)))
