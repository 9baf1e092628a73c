"""Sends an order to another address, until it is dispatched."""

from __future__ import annotations

import re
from typing import Any

from actions.orders.message import Message
from actions.orders.reply import Reply
from actions.orders.situation import Situation
from actions.orders.tasks.task import Refusal, Task, explain, free_text, refuse
from actions.orders.words import STATUS, address_line, carrier_of, money
from actions.sample.policy import load_policy
from actions.store.models import Order

_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z\d]{2}\b|\b\d{5}\b", re.I)
_REMOTE_ZH = re.compile(r"新疆|西藏|青海|内蒙古")
_PARTS_ZH = re.compile(
    r"(?P<province>[^省市区县]{2,6}(?:省|自治区)|北京市|上海市|天津市|重庆市)?"
    r"(?P<city>[^省市区县]{2,6}市)?(?P<district>[^省市区县]{1,6}[区县])?(?P<line1>.+)"
)
_INTRODUCTION = re.compile(
    r"^\s*(?:(?:no|sorry|oops|actually|i meant?|不对?|不是|错了|写错了|应该是|我是说"
    r"|是(?=.{2,9}[省市区县]))[\s,.，。:：]*)*"
    r"(?:(?:please |can you |could you )?(?:change|send|deliver|ship) (?:it|the (?:delivery )?address|the order) to"
    r"|(?:my |the )?(?:new )?address (?:is|should be)|it'?s|to|新?地址(?:是|为|改成|改为|换成)?"
    r"|改成|改到|寄到|送到|换成|)[\s:：，,]*",
    re.I,
)
_HOUSE = re.compile(r"\d|[零一二三四五六七八九十]+[号栋室]")
LEAST = 8


class ChangeAddress(Task):
    """Changes the order's address."""

    name = "change_address"

    def suits(self, situation: Situation, order: Order) -> bool:
        """What has not arrived."""
        return order.status in ("placed", "packed", "dispatched")

    def refusal(self, situation: Situation) -> Refusal | None:
        """Once it is sent the carrier has it; to a remote region the delivery has another price."""
        order, language = situation.its_order, situation.language
        values = {"number": order.number}
        if order.status == "dispatched" and situation.market == "uk":
            fee = money(load_policy()["delivery"]["redirect_fee"]["GBP"], "GBP")
            return refuse(situation, "change_address_sent_uk", fee=fee, carrier=carrier_of(order, language), **values)
        if order.status == "dispatched":
            return refuse(situation, "change_address_sent", **values)
        if order.status not in ("placed", "packed"):
            status = STATUS[order.status][language]
            return explain(situation, "change_address_closed", status=status, **values)
        if _REMOTE_ZH.search(situation.get("new_address") or "") and order.shipping_method != "remote_cn":
            return refuse(situation, "change_address_remote")
        return None

    def wants(self, situation: Situation) -> list[str]:
        """The address."""
        return ["new_address"]

    def read(self, situation: Situation, slot: str, message: Message) -> str | None:
        """An address has a number in it; what stands before it is no part of it."""
        if slot != "new_address":
            return super().read(situation, slot, message)
        text = free_text(message, LEAST)
        if text is None:
            return None
        address = _INTRODUCTION.sub("", text).strip(" .。")
        return address if len(address) >= LEAST and _HOUSE.search(address) else None

    def summary(self, situation: Situation) -> str:
        """From where to where."""
        order = situation.its_order
        return situation.say(
            "change_address_summary",
            number=order.number,
            before=address_line(order.address, situation.language),
            after=address_line(_parsed(order, situation.get("new_address") or ""), situation.language),
        )

    def carry_out(self, situation: Situation) -> list[Reply]:
        """Change it."""
        order = situation.its_order
        before = order.address
        order.address = _parsed(order, situation.get("new_address") or "")
        case = situation.open_case("address", [], status="done", before=before, after=order.address)
        after = address_line(order.address, situation.language)
        return [Reply(situation.say("change_address_done", number=order.number, after=after, reference=case.reference))]


def _parsed(order: Order, text: str) -> dict[str, Any]:
    """The text as an address in the country of the order; what it does not name is not guessed."""
    country = order.address.get("country", "GB")
    if country == "CN":
        parts = _PARTS_ZH.fullmatch(text.replace(" ", " ").strip())
        named = {key: value for key, value in (parts.groupdict() if parts else {}).items() if value}
        province, city = named.get("province"), named.get("city")
        kept = {"province": province or order.address.get("province"), "city": city or ""}
        if not province and not city:
            kept["city"] = order.address.get("city")
        return (
            {**kept, "district": "", "line1": text, **named, "country": country}
            if named
            else {
                "line1": text,
                "country": country,
            }
        )
    postcode = _POSTCODE.search(text)
    rest = text.replace(postcode.group(), "") if postcode else text
    lines = [line.strip() for line in re.split(r"[,\n]", rest) if line.strip()]
    city = lines.pop() if len(lines) > 1 else ""
    code = postcode.group().upper() if postcode else ""
    return {"line1": ", ".join(lines), "city": city, "postcode": code, "country": country}
