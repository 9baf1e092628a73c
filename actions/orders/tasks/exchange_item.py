"""Exchanges an article for another colour or size."""

from __future__ import annotations

import re

from sqlalchemy import select, update

from actions.orders.message import Message
from actions.orders.reply import Reply, choose
from actions.orders.situation import Situation
from actions.orders.tasks.task import Option, Refusal, Task, explain, item_options, read_item, refuse
from actions.orders.windows import arrived_on, exchange_until
from actions.orders.words import STATUS, day, money, name_of
from actions.sample.policy import load_policy
from actions.store.models import Order, OrderItem, Product

RESERVED_DAYS = load_policy()["exchange"]["reserved_days"]
_COLOURS_ZH = {"black": "黑", "white": "白", "steel": "钢|不锈钢", "silver": "银", "grey": "灰", "clear": "透明"}


class ExchangeItem(Task):
    """Reserves the other one and registers the exchange."""

    name = "exchange_item"

    def suits(self, situation: Situation, order: Order) -> bool:
        """What was delivered lately."""
        until = exchange_until(order)
        return order.status == "delivered" and until is not None and situation.today <= until

    def refusal(self, situation: Situation) -> Refusal | None:
        """The market, the order's state, the window, use, what is left, and one exchange each."""
        order, language = situation.its_order, situation.language
        back = choose(situation.say("button_return"), task="return_item", slot="order_number", value=order.number)
        if order.status in ("placed", "packed", "dispatched"):
            days = load_policy()["exchange"]["within_days"]
            return explain(situation, "return_item_not_arrived", number=order.number, days=days)
        if order.status != "delivered":
            status = STATUS[order.status][language]
            return explain(situation, "return_item_closed", number=order.number, status=status)
        if situation.market == "eu":
            return refuse(situation, "exchange_item_eu", back)
        item = self._item(situation)
        if item is None:
            return None
        until, arrived = exchange_until(order), arrived_on(order)
        name = name_of(item.product, language)
        before = [c for c in situation.cases("exchange") if item.sku in c.items]
        if before:
            return refuse(situation, "exchange_item_again", back, item=name, reference=before[0].reference)
        if until is None or arrived is None or situation.today > until:
            values = {
                "arrived": day(arrived, language) if arrived else "",
                "until": day(until, language) if until else "",
            }
            days = load_policy()["exchange"]["within_days"]
            return refuse(situation, "exchange_item_late", item=name, days=days, **values)
        if situation.get("used") == "yes":
            fee = money(load_policy()["returns"]["used_machine_fee"][order.currency], order.currency)
            return refuse(situation, "exchange_item_used", back, item=name, fee=fee)
        if not self._others(situation):
            return refuse(situation, "exchange_item_none", back, item=name)
        return None

    def wants(self, situation: Situation) -> list[str]:
        """The article, the other one, whether it is unused."""
        return ["item", "variant", "used"]

    def options(self, situation: Situation, slot: str) -> list[Option]:
        """Articles, and others of the same kind that are in stock."""
        if slot == "item":
            return [o for o in item_options(situation) if self._family(situation, o.value)] or item_options(situation)
        if slot == "variant":
            language = situation.language
            return [Option(p.sku, name_of(p, language), _how_it_is_called(p)) for p in self._others(situation)]
        return super().options(situation, slot)

    def read(self, situation: Situation, slot: str, message: Message) -> str | None:
        """An article by its name; the other one by its name or colour."""
        if slot == "item":
            return read_item(situation, message) or super().read(situation, slot, message)
        if slot == "variant":
            skus = {p.sku for p in self._others(situation)}
            named = next((str(v) for v in message.values("product") if v in skus), None)
            return named or super().read(situation, slot, message)
        return super().read(situation, slot, message)

    def summary(self, situation: Situation) -> str:
        """What for what, and the difference in price."""
        order, language = situation.its_order, situation.language
        item, other = self._pair(situation)
        more = _price(other, order) - _price(item.product, order)
        if more:
            name = "exchange_pay" if more > 0 else "exchange_back"
            difference = situation.say(name, amount=money(abs(more), order.currency))
        else:
            difference = situation.say("exchange_same_price")
        return situation.say(
            "exchange_item_summary",
            item=name_of(item.product, language),
            variant=name_of(other, language),
            number=order.number,
            difference=difference,
        )

    def carry_out(self, situation: Situation) -> list[Reply]:
        """Take one off the shelf, if there is one left, and register it."""
        order, language = situation.its_order, situation.language
        item, other = self._pair(situation)
        shelf = Product.stock_kunshan if situation.market == "cn" else Product.stock_bristol
        taken = update(Product).where(Product.sku == other.sku, shelf > 0).values({shelf: shelf - 1})
        if situation.session.execute(taken.returning(Product.sku)).first() is None:
            return [Reply(situation.say("exchange_gone", variant=name_of(other, language)))]
        more = _price(other, order) - _price(item.product, order)
        case = situation.open_case("exchange", [item.sku], variant=other.sku, difference=more)
        values = {"reference": case.reference, "variant": name_of(other, language), "days": RESERVED_DAYS}
        return [Reply(situation.say("exchange_item_done", **values))]

    def _item(self, situation: Situation) -> OrderItem | None:
        wanted = situation.get("item")
        return next((item for item in situation.its_order.items if item.sku == wanted), None)

    def _pair(self, situation: Situation) -> tuple[OrderItem, Product]:
        item = self._item(situation)
        other = next((p for p in self._others(situation) if p.sku == situation.get("variant")), None)
        if item is None or other is None:
            raise ValueError("an exchange needs an article and another one")
        return item, other

    def _others(self, situation: Situation) -> list[Product]:
        sku = situation.get("item")
        return self._family(situation, sku) if sku else []

    def _family(self, situation: Situation, sku: str) -> list[Product]:
        """The same article in other colours and sizes, where the customer's warehouse has them."""
        ours = next((p for p in situation.products() if p.sku == sku), None)
        if ours is None:
            return []
        same = select(Product).where(Product.category == ours.category, Product.sku != ours.sku)
        found = [p for p in situation.session.scalars(same.order_by(Product.sku)) if _stem(p) == _stem(ours)]
        cn = situation.market == "cn"
        return [p for p in found if p.status == "active" and (p.stock_kunshan if cn else p.stock_bristol) > 0]


def _stem(product: Product) -> str:
    return product.name_en.split(",")[0]


def _price(product: Product, order: Order) -> int:
    return product.price_cny_fen if order.currency == "CNY" else product.price_gbp_pence


def _how_it_is_called(product: Product) -> str:
    """Its colour, its size and its other names, as a pattern."""
    words = [str(alias).lower() for aliases in product.aliases.values() for alias in aliases]
    colour = str(product.attributes.get("colour") or "")
    patterns = [re.escape(word) for word in words]
    if colour:
        patterns += [rf"\b{re.escape(word)}\b" for word in {colour, colour.split()[-1], colour.split()[0]}]
    chinese = re.search(r"（(.+?)）", product.name_zh)
    patterns += [re.escape(chinese[1]), re.escape(chinese[1].rstrip("色"))] if chinese else []
    patterns += [_COLOURS_ZH[colour]] if colour in _COLOURS_ZH and not chinese else []
    size = product.attributes.get("size")
    patterns += [rf"\b{size}\b", rf"{size} ?号"] if size else []
    return "|".join(patterns)
