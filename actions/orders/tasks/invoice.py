"""Requests an invoice: a VAT invoice, or a 发票 in China."""

from __future__ import annotations

import re

from actions.orders.message import Message
from actions.orders.reply import Reply, choose
from actions.orders.situation import Situation
from actions.orders.tasks.task import Option, Refusal, Task, explain, free_text, refuse
from actions.orders.words import STATUS, day, day_of, money
from actions.sample.policy import load_policy
from actions.store.models import Order

_TAX_CN = re.compile(r"(?<![0-9A-Z])(?:[0-9A-Z]{18}|[0-9A-Z]{20}|\d{15})(?![0-9A-Z])")
_TAX_EUROPE = re.compile(r"(?<![0-9A-Z])(?:[A-Z]{2} ?)?(?:\d[ .]?){8,11}[A-Z0-9]?(?![0-9A-Z])")
_KINDS = {
    "personal": r"personal|for me\b|my name|个人|自己",
    "company": r"company|business|firm|office|\bltd\b|企业|公司|单位",
}
_NONE = re.compile(r"\bnone\b|\bno\b|don'?t have|haven'?t|没有|无", re.I)
_INTRODUCTION = re.compile(
    r"^\s*(?:(?:the |our |my )?(?:company|name|title)(?:'s)?(?: name)? is|it'?s"
    r"|(?:发票)?抬头(?:是|为|写|开)?|公司(?:名称|全称)?(?:是|叫))"
    r"[\s:：，,]*",
    re.I,
)


class Invoice(Task):
    """In the customer's name or a company's."""

    name = "invoice"
    volunteered = ("invoice_for",)

    def refusal(self, situation: Situation) -> Refusal | None:
        """Closed orders, the windows of each market, one request each."""
        order, language = situation.its_order, situation.language
        rules = load_policy()["invoices"]
        if order.status in ("cancelled", "returned"):
            status = STATUS[order.status][language]
            return explain(situation, "invoice_cancelled", number=order.number, status=status)
        before = situation.cases("invoice")
        if before:
            return refuse(situation, "invoice_again", number=order.number, reference=before[0].reference)
        placed = day_of(order.placed_at, situation.market)
        age = (situation.today - placed).days
        values = {"number": order.number, "placed": day(placed, language)}
        if situation.market == "cn" and age > rules["cn"]["request_within_days"]:
            return refuse(situation, "invoice_late_cn", days=rules["cn"]["request_within_days"], **values)
        days = rules["uk"]["add_company_within_days"]
        if situation.market != "cn" and situation.get("invoice_for") == "company" and age > days:
            mail = load_policy()["contact"]["accounts"]
            return refuse(situation, "invoice_late_company", days=days, mail=mail, **values)
        return None

    def wants(self, situation: Situation) -> list[str]:
        """Whom it is for; a company's name and number, in China a person's name too."""
        wanted = ["invoice_for"]
        if situation.get("invoice_for") == "company":
            wanted += ["invoice_title", "tax_number"]
        return wanted

    def options(self, situation: Situation, slot: str) -> list[Option]:
        """A person or a company."""
        if slot == "invoice_for":
            return [
                Option("personal", situation.say("invoice_personal"), r"personal|for me\b|my name|个人|自己"),
                Option(
                    "company", situation.say("invoice_company"), r"company|business|firm|office|\bltd\b|企业|公司|单位"
                ),
            ]
        return super().options(situation, slot)

    def read(self, situation: Situation, slot: str, message: Message) -> str | None:
        """A name as it is written; a number that can be one."""
        if slot == "invoice_title":
            text = free_text(message)
            return _INTRODUCTION.sub("", text).strip(" .。") or None if text else None
        if slot == "tax_number":
            return self._number(situation, message.text)
        return super().read(situation, slot, message)

    def _number(self, situation: Situation, text: str) -> str | None:
        written = text.upper()
        if situation.market == "cn":
            found = _TAX_CN.search(written.replace(" ", ""))
            return found.group() if found else None
        found = _TAX_EUROPE.search(written)
        return found.group().strip() if found else "none" if _NONE.search(text) else None

    def ask(self, situation: Situation, slot: str) -> Reply:
        """Where a number is not needed, there is a button for that."""
        asked = super().ask(situation, slot)
        if slot == "tax_number" and situation.market != "cn":
            none = choose(situation.say("tax_none"), task=self.name, slot=slot, value="none")
            return Reply(asked.text, [none])
        return asked

    def summary(self, situation: Situation) -> str:
        """Name, number, amount."""
        order, number = situation.its_order, situation.get("tax_number")
        tax = situation.say("invoice_tax", tax=number) if number not in (None, "none") else ""
        total = money(order.total, order.currency)
        return situation.say("invoice_summary", number=order.number, total=total, title=self._title(situation), tax=tax)

    def carry_out(self, situation: Situation) -> list[Reply]:
        """Request it."""
        number = situation.get("tax_number")
        case = situation.open_case(
            "invoice", [], title=self._title(situation), tax_number=None if number == "none" else number
        )
        if situation.market == "cn":
            hours = load_policy()["invoices"]["cn"]["sent_within_hours"]
            return [Reply(situation.say("invoice_done_cn", reference=case.reference, hours=hours))]
        return [Reply(situation.say("invoice_done_uk", reference=case.reference))]

    def _title(self, situation: Situation) -> str:
        if situation.get("invoice_for") == "company":
            return situation.get("invoice_title") or ""
        return situation.customer.name if situation.customer else ""

    def suits(self, situation: Situation, order: Order) -> bool:
        """What has not been cancelled or sent back."""
        return order.status not in ("cancelled", "returned") and not _too_old(situation, order)


def _too_old(situation: Situation, order: Order) -> bool:
    days: int = load_policy()["invoices"]["cn"]["request_within_days"]
    return (situation.now - order.placed_at).days > days
