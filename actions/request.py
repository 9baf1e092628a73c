"""Requests that concern an order or an account, and messages that may mean either of two."""

from __future__ import annotations

import json
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import PERSON, answer_question
from actions.conversation import language_of, latest_text, offering
from knowledge.follow_up import continues

TITLES: dict[str, dict[str, str]] = {
    "order_status": {"en": "Where my order is", "zh": "查订单到哪了"},
    "cancel_order": {"en": "Cancel an order", "zh": "取消订单"},
    "change_order": {"en": "Change an order", "zh": "修改订单内容"},
    "change_address": {"en": "Change the address", "zh": "修改收货地址"},
    "return_item": {"en": "Return something", "zh": "退货"},
    "exchange_item": {"en": "Exchange something", "zh": "换货"},
    "refund_status": {"en": "Where my refund is", "zh": "查退款进度"},
    "missing_parcel": {"en": "A parcel is missing", "zh": "包裹没收到"},
    "damaged_item": {"en": "Something came damaged or wrong", "zh": "收到的东西有破损或发错"},
    "warranty_claim": {"en": "Something stopped working", "zh": "东西坏了要保修"},
    "invoice": {"en": "An invoice or receipt", "zh": "开发票"},
    "product_price": {"en": "What something costs", "zh": "问价格"},
    "product_stock": {"en": "Whether something is in stock", "zh": "问有没有货"},
    "recommend": {"en": "A suggestion of what to buy", "zh": "推荐商品"},
    "compare": {"en": "Compare products", "zh": "商品对比"},
    "store_hours": {"en": "Stores and opening hours", "zh": "门店和营业时间"},
    "gift_card_balance": {"en": "What is left on a gift card", "zh": "礼品卡余额"},
    "points_balance": {"en": "My club points", "zh": "会员积分"},
    "pay_later": {"en": "Paying later", "zh": "分期付款"},
    "account_access": {"en": "I cannot get into my account", "zh": "登录不了账号"},
    "unsubscribe": {"en": "No more advertising", "zh": "不再接收推广信息"},
    "delete_my_data": {"en": "Delete my data", "zh": "删除个人资料"},
}
NEITHER = {"en": "Something else", "zh": "都不是"}


class ActionRequest(Action):
    """What the documents say about a request, and a person to carry it out."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_request"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Answer where the documents can, and offer a person in any case: the bot changes no order by itself."""
        answer, events = await answer_question(dispatcher, tracker, says_unknown=False)
        buttons = [{"title": PERSON[language_of(tracker)], "payload": "/human"}]
        response = "utter_request_unknown" if answer.abstained else "utter_request"
        dispatcher.utter_message(response=response, buttons=buttons)
        return [*(event for event in events if event.get("name") != "offer"), SlotSet("offer", "person")]


class ActionClarify(Action):
    """Asks which of two things is meant."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_clarify"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """A button for each, with the message it is about; a follow-up, or what has no title, is a question."""
        language, previous = language_of(tracker), tracker.get_slot("last_question")
        if previous and continues(latest_text(tracker), language):  # "and on the Bastion?"
            _, events = await answer_question(dispatcher, tracker)
            return events
        found = tracker.latest_message.get("candidates") or []
        candidates = [name for name in found if name in TITLES]
        if len(candidates) < 2:
            _, events = await answer_question(dispatcher, tracker)
            return events
        content = json.dumps({"question": latest_text(tracker)}, ensure_ascii=False)
        buttons = [{"title": TITLES[name][language], "payload": f"/{name}{content}"} for name in candidates]
        buttons.append({"title": NEITHER[language], "payload": f"/ask{content}"})
        dispatcher.utter_message(response="utter_clarify", buttons=buttons)
        return []


class ActionOfferPerson(Action):
    """The customer has been offered a person."""

    def name(self) -> str:
        """Its name in the domain."""
        return "action_offer_person"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        """A yes will accept it."""
        upset = (tracker.latest_message.get("intent") or {}).get("name") == "upset"
        return offering(tracker, "person", "negative_sentiment" if upset else tracker.get_slot("offer_reason"))
