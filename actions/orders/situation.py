"""Where a task stands: the slots, the customer as far as they have shown who they are, and the order in hand."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from actions.orders.reply import Reply
from actions.orders.texts import say
from actions.orders.verification import Origin
from actions.orders.words import day_of
from actions.store.models import Case, Customer, Order, Product
from actions.store.models.case import CaseKind
from actions.store.references import case_reference
from textkit.language import Language

# What a task asks for; forgotten when it ends. The number of the order stays for the next task.
DETAILS = (
    "item",
    "reason",
    "opened",
    "used",
    "variant",
    "wish",
    "description",
    "new_address",
    "invoice_for",
    "invoice_title",
    "tax_number",
    "gift_card",
    "confirmed",
)
RECENT = timedelta(days=365)
SHOWN = 5


@dataclasses.dataclass
class Situation:
    """One turn of a task; `slots` changes as the turn goes on."""

    session: Session
    language: Language
    origin: Origin
    now: datetime
    slots: dict[str, Any]
    customer: Customer | None = None
    order: Order | None = None
    replies: list[Reply] = dataclasses.field(default_factory=list)
    heard: bool = False  # what was asked has been answered, if not with what is wanted

    def say(self, name: str, /, **values: object) -> str:
        """A text in the customer's language."""
        return say(name, self.language, **values)

    def tell(self, name: str, /, **values: object) -> None:
        """Say it before whatever comes."""
        self.replies.append(Reply(self.say(name, **values)))

    def get(self, slot: str) -> str | None:
        """The slot's value."""
        value = self.slots.get(slot)
        return str(value) if value is not None else None

    def forget(self, *slots: str) -> None:
        """Empty slots."""
        for slot in slots:
            self.slots[slot] = None

    @property
    def its_order(self) -> Order:
        """The order in hand, of a customer who has shown that it is theirs."""
        if self.order is None:
            raise ValueError("there is no order in hand")
        return self.order

    @property
    def market(self) -> str:
        """Of the customer."""
        return self.customer.market if self.customer else "cn" if self.language == "zh" else "uk"

    @property
    def today(self) -> date:
        """The day where the customer is."""
        return day_of(self.now, self.market)

    def own_orders(self) -> list[Order]:
        """The customer's orders of the last year, newest first."""
        if self.customer is None:
            return []
        mine = select(Order).where(Order.customer_id == self.customer.id, Order.placed_at > self.now - RECENT)
        return list(self.session.scalars(mine.order_by(Order.placed_at.desc())))

    def products(self) -> list[Product]:
        """What is in the order in hand."""
        return [item.product for item in self.its_order.items]

    def open_case(self, kind: CaseKind, items: list[str], status: str = "open", **details: Any) -> Case:
        """A new case about the order in hand."""
        case = Case(
            reference=case_reference(),
            kind=kind,
            conversation_id=self.origin.conversation_id,
            customer_id=self.its_order.customer_id,
            order_number=self.its_order.number,
            items=items,
            details=details,
            status=status,
            created_at=self.now,
        )
        self.session.add(case)
        self.session.flush()
        return case

    def cases(self, *kinds: CaseKind) -> list[Case]:
        """Cases of these kinds about the order in hand, newest first."""
        mine = select(Case).where(Case.order_number == self.its_order.number, Case.kind.in_(kinds))
        return list(self.session.scalars(mine.order_by(Case.id.desc())))
