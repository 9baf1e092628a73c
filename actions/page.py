"""The product that the customer is looking at, where a question says no more than "this"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from actions.orders.words import name_of
from actions.store.models import Product
from textkit.language import Language

# Words that point at what is on the page. "It" and 那 point at something said before as often, and are left alone.
_THINGS_EN = "one|thing|product|model|machine|grinder|kettle|brewer|scale"
_MEASURES_ZH = "一?(?:款|个|台|件|只|把|套)"
_THINGS_ZH = "机器|产品|商品|东西|咖啡机|磨豆机|手冲壶|水壶|壶|秤"
_OTHERS_ZH = "时候|问题|订单|单|店|活动|地方|情况|月|星期|周"
_POINTS = {
    "en": re.compile(rf"\bthis (?:{_THINGS_EN})\b|\bthis\b(?!\s*[\w'’])", re.IGNORECASE),
    "zh": re.compile(rf"这{_MEASURES_ZH}(?:{_THINGS_ZH}|(?!{_OTHERS_ZH}))|这(?:{_THINGS_ZH})"),
}


def about_the_page(session: Session, question: str, language: Language, message: Mapping[str, Any]) -> str:
    """`question` with the name of the page's product in place of what points at it.

    `message` is rasa's latest message; a question that names a product itself stays as it is.
    """
    sku = (message.get("metadata") or {}).get("product")
    pointer = _POINTS[language].search(question)
    if not sku or not pointer or any(found.get("entity") == "product" for found in message.get("found") or []):
        return question
    product = session.get(Product, sku)
    if product is None:
        return question
    return f"{question[: pointer.start()]}{name_of(product, language)}{question[pointer.end() :]}"
