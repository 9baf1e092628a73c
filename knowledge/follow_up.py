"""Questions that lean on the one before: `and to France?`, `那台湾呢`."""

from __future__ import annotations

import re

from knowledge.terms import word_terms
from textkit.language import Language
from textkit.words import normalise

_OPENS: dict[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"^(?:ok(?:ay)?|right|thanks|thank you|great|and|so|but|also)?[ ,.!]*"
        r"(?:and|what about|how about|what if|or|but|also|then|same)\b"
        r"|^(?:and|or|but)\b|\b(?:instead|as well|too)\?*$"
    ),
    "zh": re.compile(
        r"^(?:好的?|嗯|哦|那|那么|还有|另外|如果|要是)|(?:呢|也一样吗|也是吗|也可以吗|也行吗)[?？。!！~]*$"
    ),
}
_POINTS: dict[Language, re.Pattern[str]] = {
    "en": re.compile(r"\b(?:it|its|that|this|those|these|they|them|there|one|ones|he|she|both)\b"),
    "zh": re.compile(r"它|这个|那个|这款|那款|这种|那种|这样|那样|其|该|上面|刚才"),
}
SHORT = {"en": 5, "zh": 6}


def continues(question: str, language: Language) -> bool:
    """Whether `question` says too little without the one before it."""
    text = normalise(question).strip()
    words = word_terms(text)
    if _OPENS[language].search(text) and len(words) <= SHORT[language]:
        return True
    return bool(_POINTS[language].search(text)) and len(words) <= 3


def rewrite(question: str, previous: str | None, language: Language) -> str:
    """`question` made complete with `previous`, or as it stands when it needs no help.

    What is new stands twice, since it has to outweigh what it replaces: the Forge, no longer the Bastion.
    """
    if not previous or not continues(question, language):
        return question
    return " ".join([previous.rstrip("?？。. "), question, question])
