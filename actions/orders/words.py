"""Money, days, goods and orders in words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from actions.sample.policy import delivery_method, load_policy
from actions.store.models import Order, Product
from actions.store.models.order import Currency
from textkit.language import Language

_SIGN = {"GBP": "£", "CNY": "¥"}
_WEEKDAYS_ZH = "一二三四五六日"
_MONTHS = "January February March April May June July August September October November December".split()
_WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def money(amount: int, currency: Currency) -> str:
    """£2.95, £25, ¥1,280."""
    whole, rest = divmod(amount, 100)
    return f"{_SIGN[currency]}{whole:,}" + (f".{rest:02d}" if rest else "")


def amounts(by_currency: dict[str, int]) -> str:
    """A sum of the policy in the currencies it has."""
    return " / ".join(money(by_currency[c], c) for c in ("GBP", "CNY") if c in by_currency)


def zone_of(market: str) -> ZoneInfo:
    """The clock of a market."""
    return ZoneInfo(load_policy()["contact"]["cn" if market == "cn" else "uk"]["time_zone"])


def day_of(moment: datetime, market: str) -> date:
    """The day of a moment where the customer is."""
    return moment.astimezone(zone_of(market)).date()


def day(value: date, language: Language) -> str:
    """Tuesday 24 November 2026, 2026 年 11 月 24 日（周二）."""
    if language == "zh":
        return f"{value.year} 年 {value.month} 月 {value.day} 日（周{_WEEKDAYS_ZH[value.weekday()]}）"
    return f"{_WEEKDAYS[value.weekday()]} {value.day} {_MONTHS[value.month - 1]} {value.year}"


def name_of(product: Product, language: Language) -> str:
    """A product's name."""
    return product.name_zh if language == "zh" else product.name_en


def goods_of(order: Order, language: Language) -> str:
    """What is in an order: `2 × Yirgacheffe, Earl Grey`."""
    names = [
        f"{item.quantity} × {name_of(item.product, language)}" if item.quantity > 1 else name_of(item.product, language)
        for item in order.items
    ]
    return ("、" if language == "zh" else ", ").join(names)


def carrier_of(order: Order, language: Language) -> str:
    """Who brings it."""
    carrier = order.carrier or delivery_method(order.shipping_method)["carrier"]
    names: dict[str, dict[str, str]] = load_policy()["delivery"]["carriers"]
    return names.get(carrier, {}).get("zh", carrier) if language == "zh" else str(carrier)


def delivery_place(market: str, language: Language) -> str:
    """Whom a customer of a market hands a return to."""
    method = delivery_method({"cn": "standard_cn", "eu": "eu"}.get(market, "standard_uk"))
    carrier = str(method["carrier"])
    names: dict[str, dict[str, str]] = load_policy()["delivery"]["carriers"]
    return names.get(carrier, {}).get("zh", carrier) if language == "zh" else carrier


STATUS: dict[str, dict[str, str]] = {
    "placed": {"en": "being prepared", "zh": "待打包"},
    "packed": {"en": "packed", "zh": "已打包"},
    "dispatched": {"en": "on its way", "zh": "运输中"},
    "delivered": {"en": "delivered", "zh": "已签收"},
    "cancelled": {"en": "cancelled", "zh": "已取消"},
    "returned": {"en": "returned", "zh": "已退货"},
}


def order_title(order: Order, language: Language) -> str:
    """An order on a button: its number, the first article, how far it has come."""
    first = name_of(order.items[0].product, language) if order.items else ""
    more = len(order.items) - 1
    others = "" if more < 1 else f" 等 {more + 1} 件" if language == "zh" else f" + {more} more"
    return f"{order.number} · {first}{others} · {STATUS[order.status][language]}"


def address_line(address: dict[str, Any], language: Language) -> str:
    """An address in one line, in the order that its country writes it."""
    if address.get("country") == "CN":
        return "".join(str(address.get(key) or "") for key in ("province", "city", "district", "line1"))
    parts = [address.get(key) for key in ("line1", "line2", "city", "postcode")]
    return ", ".join(str(part) for part in parts if part)
