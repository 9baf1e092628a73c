"""Starts a return."""

from __future__ import annotations

from actions.orders.message import Message
from actions.orders.reply import Reply, choose
from actions.orders.situation import Situation
from actions.orders.tasks.task import Option, Refusal, Task, explain, item_options, read_item, refuse
from actions.orders.windows import arrived_on, return_until
from actions.orders.words import STATUS, day, delivery_place, money, name_of
from actions.sample.policy import load_policy
from actions.store.models import Order, Product

OUR_FAULT = ("fault", "wrong_item")
REASONS = {
    "wrong_item": r"wrong (?:item|thing|colour|color|size|one)|not what i ordered|发错|送错|不是我(?:买|要|订)的",
    "fault": r"fault|defect|broken|damag|doesn'?t work|not working|stopped|leak|质量"
    r"|坏|破|漏|故障|瑕疵|不能用|有问题",
    "changed_mind": r"chang(?:ed?|ing) my mind|don'?t (?:want|need|like)|no longer|too (?:big|small|loud)|不想要"
    r"|不需要|不喜欢|买多|后悔|不合适|太大|太小|用不上",
    "other": r"\bother\b|其他|别的",
}


class ReturnItem(Task):
    """Registers what comes back, what it costs and about how much is refunded."""

    name = "return_item"
    volunteered = ("reason",)

    def suits(self, situation: Situation, order: Order) -> bool:
        """What has been delivered and can still come back."""
        if order.status != "delivered" or order.delivered_at is None:
            return False
        return any(situation.today <= return_until(order, item.product) for item in order.items)

    def refusal(self, situation: Situation) -> Refusal | None:
        """The order's state, the window, what cannot come back, and what has been registered already."""
        order, language = situation.its_order, situation.language
        if order.status == "placed":
            button = choose(
                situation.say("button_cancel"), task="cancel_order", slot="order_number", value=order.number
            )
            return explain(situation, "return_item_placed", button, number=order.number)
        if order.status in ("packed", "dispatched"):
            days = load_policy()["returns"]["days"]
            return explain(situation, "return_item_not_arrived", number=order.number, days=days)
        if order.status != "delivered":
            status = STATUS[order.status][language]
            return explain(situation, "return_item_closed", number=order.number, status=status)
        if situation.get("item") is None:
            late = [p for p in situation.products() if situation.today > return_until(order, p)]
            return self._too_late(situation, late[0]) if len(late) == len(order.items) else None
        return self._refusal_of_items(situation)

    def _refusal_of_items(self, situation: Situation) -> Refusal | None:
        chosen = self._chosen(situation)
        registered = [c for c in situation.cases("return", "exchange") if {p.sku for p in chosen} & set(c.items)]
        if registered:
            return refuse(situation, "already_open", reference=registered[0].reference)
        for product in chosen:
            if situation.today > return_until(situation.its_order, product):
                return self._too_late(situation, product)
        if situation.get("reason") in OUR_FAULT:
            return None
        names = "、" if situation.language == "zh" else ", "
        never = [p for p in chosen if "final_clearance" in p.tags]
        if never and len(never) == len(chosen):
            items = names.join(name_of(p, situation.language) for p in never)
            return refuse(situation, "return_item_never", items=items)
        if situation.get("opened") == "yes" and not self._sent(situation):
            items = names.join(name_of(p, situation.language) for p in chosen)
            return refuse(situation, "return_item_opened", items=items)
        return None

    def _too_late(self, situation: Situation, product: Product) -> Refusal:
        order, language = situation.its_order, situation.language
        arrived, until = arrived_on(order), return_until(order, product)
        rules = load_policy()["returns"]
        days = rules["unopened_coffee_days"] if product.category == "coffee" else rules["days"]
        return refuse(
            situation,
            "return_item_late",
            choose(situation.say("button_warranty"), task="warranty_claim", slot="order_number", value=order.number),
            item=name_of(product, language),
            arrived=day(arrived, language) if arrived else "",
            days=days,
            until=day(until, language),
        )

    def wants(self, situation: Situation) -> list[str]:
        """The article and the reason; whether it was opened or used only where that counts."""
        wanted = ["item", "reason"]
        if situation.get("item") and situation.get("reason") not in (None, *OUR_FAULT):
            chosen = self._chosen(situation)
            if any(_spoilt_once_opened(p) for p in chosen):
                wanted.append("opened")
            if any(p.category in load_policy()["returns"]["used_machine_categories"] for p in chosen):
                wanted.append("used")
        return wanted

    def options(self, situation: Situation, slot: str) -> list[Option]:
        """Articles and reasons to choose from."""
        if slot == "item":
            return item_options(situation, all_of_them=True)
        if slot == "reason":
            shown = ("changed_mind", "fault", "wrong_item", "other")
            return [Option(r, situation.say(f"reason_{r}"), REASONS[r]) for r in shown]
        return super().options(situation, slot)

    def read(self, situation: Situation, slot: str, message: Message) -> str | None:
        """An article by its name, a reason by its words."""
        if slot == "item" and (sku := read_item(situation, message)):
            return sku
        if slot == "reason":
            return next((r for r, pattern in REASONS.items() if Option(r, "", pattern).said_in(message.text)), None)
        return super().read(situation, slot, message)

    def summary(self, situation: Situation) -> str:
        """What goes back, what that costs, what comes of it."""
        order, rules = situation.its_order, load_policy()["returns"]
        first, last = rules["refund_working_days"]
        sent, kept = self._sent(situation), self._kept(situation)
        joint = "、" if situation.language == "zh" else ", "
        cost = self._label_words(situation)
        if self._cleaning(situation):
            cost += situation.say("return_cost_cleaning", fee=money(self._cleaning(situation), order.currency))
        if kept:
            left = joint.join(name_of(p, situation.language) for p in kept)
            cost += situation.say("return_without_opened", items=left)
        return situation.say(
            "return_item_summary",
            items=joint.join(name_of(p, situation.language) for p in sent),
            number=order.number,
            cost=cost,
            amount=money(self._refund(situation), order.currency),
            first=first,
            last=last,
        )

    def carry_out(self, situation: Situation) -> list[Reply]:
        """Register it."""
        order, language = situation.its_order, situation.language
        sent = self._sent(situation)
        until = min(return_until(order, product) for product in sent)
        case = situation.open_case(
            "return",
            [product.sku for product in sent],
            reason=situation.get("reason"),
            used=situation.get("used"),
            label=self._label(situation),
            cleaning=self._cleaning(situation),
            refund=self._refund(situation),
            until=until.isoformat(),
        )
        return [
            Reply(
                situation.say(
                    f"return_item_done_{situation.market}",
                    reference=case.reference,
                    until=day(until, language),
                    carrier=delivery_place(situation.market, language),
                    address=load_policy()["returns"]["addresses"]["cn" if situation.market == "cn" else "uk"],
                )
            )
        ]

    def _chosen(self, situation: Situation) -> list[Product]:
        item = situation.get("item")
        return [p for p in situation.products() if item in ("all", p.sku)]

    def _kept(self, situation: Situation) -> list[Product]:
        if situation.get("opened") != "yes" or situation.get("reason") in OUR_FAULT:
            return []
        return [p for p in self._chosen(situation) if _spoilt_once_opened(p)]

    def _sent(self, situation: Situation) -> list[Product]:
        kept = {p.sku for p in self._kept(situation)}
        return [p for p in self._chosen(situation) if p.sku not in kept]

    def _label(self, situation: Situation) -> int:
        """What the label takes off the refund."""
        rules, order = load_policy()["returns"], situation.its_order
        gold = situation.customer is not None and situation.customer.club_tier == "gold"
        arrived = arrived_on(order)
        if situation.get("reason") in OUR_FAULT or gold or situation.market == "eu" or arrived is None:
            return 0
        if situation.market == "cn" and (situation.today - arrived).days <= rules["cn_free_return_days"]:
            return 0
        return int(rules["label"][situation.market][order.currency])

    def _label_words(self, situation: Situation) -> str:
        label = self._label(situation)
        if label:
            return situation.say("return_cost_label", fee=money(label, situation.its_order.currency))
        own = situation.market == "eu" and situation.get("reason") not in OUR_FAULT
        return situation.say("return_cost_own" if own else "return_cost_free")

    def _cleaning(self, situation: Situation) -> int:
        fees: dict[str, int] = load_policy()["returns"]["used_machine_fee"]
        return fees[situation.its_order.currency] if situation.get("used") == "yes" else 0

    def _refund(self, situation: Situation) -> int:
        """As it was paid, after discounts; the delivery too when all of it comes back in time."""
        order, rules = situation.its_order, load_policy()["returns"]
        sent = {p.sku for p in self._sent(situation)}
        goods = sum(item.quantity * item.unit_price for item in order.items if item.sku in sent)
        paid = goods - (order.discount * goods // order.goods if order.goods else 0)
        arrived = arrived_on(order)
        whole = len(sent) == len(order.items)
        soon = arrived and (situation.today - arrived).days <= rules["delivery_refunded"]["whole_order_within_days"]
        paid += order.shipping_cost if whole and soon else 0
        return max(0, paid - self._label(situation) - self._cleaning(situation))


def _spoilt_once_opened(product: Product) -> bool:
    rules = load_policy()["returns"]
    return (
        product.category in rules["not_returnable_once_opened_categories"]
        or product.sku in rules["not_returnable_once_opened_skus"]
    )
