"""Questions that lean on the one before: `and to France?`, `那台湾呢`."""

from __future__ import annotations

import re

from knowledge.terms import word_terms
from textkit.language import Language
from textkit.words import normalise

_OPENS: dict[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"(?:(?:ok(?:ay)?|right|thanks|thank you|great|so|hm+|ah)[ ,.!]*)*"
        r"(?:and|or|but|also|then|what about|how about|what if)\b"
    ),
    "zh": re.compile(r"(?:(?:好的?|嗯|哦)[，,。 ]*)?(?:那(?![个款种边些台])|还有|另外|如果|要是|换成)"),
}
_CLOSES: dict[Language, re.Pattern[str]] = {
    "en": re.compile(r"^(?:the )?same\b|\b(?:instead|as well|too|then|though|either)[?!. ]*$"),
    "zh": re.compile(r"(?:呢|也一样吗|也是吗|也可以吗|也行吗?|也行不|的话)(?:$|[，,?？。!！~ ])"),
}
_POINTS: dict[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"\b(?:its|that|this|those|these|they|them|ones?|he|she|both)\b"
        r"|(?<!is )(?<!are )(?<!was )(?<!will )\b(?:it|there)\b|\b(?:it|there)[?!. ]*$"  # not "is there wifi"
    ),
    "zh": re.compile(r"它|这个|那个|这款|那款|这种|那种|这样|那样|其|该|上面|刚才"),
}
LONGEST = {"opens": {"en": 10, "zh": 12}, "closes": {"en": 5, "zh": 6}, "points": {"en": 3, "zh": 3}}  # in words


def continues(question: str, language: Language) -> bool:
    """Whether `question` says too little without the one before it."""
    text = normalise(question).strip()
    words = len(word_terms(text))
    found = {
        "opens": _OPENS[language].match(text),
        "closes": _CLOSES[language].search(text),
        "points": _POINTS[language].search(text),
    }
    return any(match and words <= LONGEST[kind][language] for kind, match in found.items())


def rewrite(question: str, previous: str | None, language: Language) -> str:
    """`question` made complete with `previous`, or as it stands when it needs no help.

    What is new stands twice, since it has to outweigh what it replaces: the Forge, no longer the Bastion.
    """
    if not previous or not continues(question, language):
        return question
    return " ".join([previous.rstrip("?？。. "), question, question])
