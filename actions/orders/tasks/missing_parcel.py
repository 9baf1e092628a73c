"""A parcel that has not come, or is said to have come."""

from __future__ import annotations

from actions.orders.message import Message
from actions.orders.reply import Reply
from actions.orders.situation import Situation
from actions.orders.tasks.damaged_item import WISHES, wish_options, wish_words
from actions.orders.tasks.order_status import order_card, status_text
from actions.orders.tasks.task import Option, Refusal, Task, explain, refuse
from actions.orders.windows import arrived_on, lost_from
from actions.orders.words import STATUS, carrier_of, day
from actions.sample.policy import load_policy
from actions.store.models import Order


class MissingParcel(Task):
    """Late enough it counts as lost; delivered, the carrier is asked; else it is on its way."""

    name = "missing_parcel"
    volunteered = ("wish",)

    def suits(self, situation: Situation, order: Order) -> bool:
        """What is under way or arrived within the last month."""
        arrived = arrived_on(order)
        if order.status in ("placed", "packed", "dispatched"):
            return True
        return order.status == "delivered" and arrived is not None and (situation.today - arrived).days <= 30

    def refusal(self, situation: Situation) -> Refusal | None:
        """Closed, reported already, or not late enough: then where it is, and from when it counts as lost."""
        order, language = situation.its_order, situation.language
        if order.status in ("cancelled", "returned"):
            status = STATUS[order.status][language]
            return explain(situation, "missing_parcel_closed", number=order.number, status=status)
        reported = [case for case in situation.cases("missing") if case.status == "open"]
        if reported:
            return refuse(situation, "already_open", reference=reported[0].reference)
        if order.status == "delivered" or situation.today >= lost_from(order):
            return None
        waiting = situation.say("missing_parcel_waiting", lost=day(lost_from(order), language))
        text = (
            f"{status_text(situation, order)} {waiting}"
            if language == "en"
            else status_text(situation, order) + waiting
        )
        return Refusal(Reply(text, [], [order_card(situation, order)]), offers_person=False)

    def wants(self, situation: Situation) -> list[str]:
        """What the customer would like instead of a lost parcel."""
        return [] if situation.its_order.status == "delivered" else ["wish"]

    def options(self, situation: Situation, slot: str) -> list[Option]:
        """Sent again, or the money."""
        return wish_options(situation) if slot == "wish" else super().options(situation, slot)

    def read(self, situation: Situation, slot: str, message: Message) -> str | None:
        """In the customer's own words."""
        if slot == "wish":
            return next((w for w, pattern in WISHES.items() if Option(w, "", pattern).said_in(message.text)), None)
        return super().read(situation, slot, message)

    def summary(self, situation: Situation) -> str:
        """What will happen."""
        order, language = situation.its_order, situation.language
        arrived = arrived_on(order)
        if arrived:
            return situation.say(
                "missing_parcel_summary_delivered",
                carrier=carrier_of(order, language),
                number=order.number,
                arrived=day(arrived, language),
                days=load_policy()["delivery"]["enquiry_working_days"],
            )
        return situation.say(
            "missing_parcel_summary_lost",
            number=order.number,
            by=day(order.promised_by, language),
            lost=day(lost_from(order), language),
            wish=wish_words(situation),
        )

    def carry_out(self, situation: Situation) -> list[Reply]:
        """Report it."""
        order = situation.its_order
        delivered = order.status == "delivered"
        items = [item.sku for item in order.items]
        case = situation.open_case("missing", items, delivered=delivered, wish=situation.get("wish"))
        if delivered:
            days = load_policy()["delivery"]["enquiry_working_days"]
            return [Reply(situation.say("missing_parcel_done_delivered", reference=case.reference, days=days))]
        answer = load_policy()["contact"]["written_answer_working_days"]
        return [Reply(situation.say("missing_parcel_done_lost", reference=case.reference, answer=answer))]
