"""A customer's message as the form reads it."""

from __future__ import annotations

import dataclasses
import re
from datetime import date
from typing import Any

from rasa_sdk import Tracker

from actions.conversation import entity, latest_text
from actions.orders.verification import Contact
from actions.sample.policy import load_policy
from textkit.entities import extract

FORM = "task_form"
# What stands between the customer's message and the form's own run without being an answer to the message.
_NOT_AN_ANSWER = {FORM, "action_listen", "action_session_start", "action_extract_slots"}
_ORDER = re.compile(r"(?<![A-Za-z0-9])" + load_policy()["order_number"]["pattern"].strip("^$"), re.I)
LENGTH = len(load_policy()["order_number"]["example"])
SURE = 0.5  # a weaker intent is no word to go by in the middle of a task
_LETTER = re.compile(r"[^\W\d_]")
_FOUR_DIGITS = re.compile(r"(?<![\dA-Za-z-])\d{4}(?![\dA-Za-z-])")
_YEAR = re.compile(r"20[12]\d")
_OF_A_PHONE = re.compile(r"phone|mobile|digits|ending|tel\b|number ends|尾号|后四位|后4位|末四位|手机|电话", re.I)
_QUESTION = re.compile(
    r"[?？]|^\s*(?:(?:and|but|so|ok|wait|hang on)[, ]+)*(?:what|how|when|where|why|who|which|can|could|do|does|is"
    r"|are|will|would|should)\b|吗|呢|怎么|咋|如何|什么|多少|多久|几天|哪里|哪个|为什么|能不能|可不可以|是不是|要不要",
    re.I,
)
_YES = re.compile(
    r"\s*(?:(?:yes|yeah|yep|yup|ok|okay|sure|please|go ahead|do it|do that|confirm(?:ed)?|correct"
    r"|right|that's right|fine|please do|sounds good|absolutely)[\s,.!]*)+"
    r"|\s*(?:(?:是的?|对的?|好的?|好啊|可以|行|嗯+|确认|确定|没错|同意|要的?|没问题|办吧|就这样|麻烦了|请"
    r"|帮我办|取消吧|换吧|退吧|改吧)"
    r"[\s，,。！!吧呀]*)+",
    re.I,
)
_NO = re.compile(
    r"\s*(?:no|nope|nah|not? (?:thanks|thank you|yet|now)|don'?t|do not|please don'?t)"
    r"(?:[\s,.!]+(?:thanks?|thank you|please|don'?t))*[\s,.!]*"
    r"|\s*(?:不|不是|不要|不用|先不|不对|别|不行|没有)[了的吧啊]?[\s，,。！!谢]*",
    re.I,
)
_BEGINS_WITH_YES = re.compile(
    r"\s*(?:yes|yeah|yep|yup|sure|ok(?:ay)?|please do|go ahead|i have|i did|it has"
    r"|是的?|对|好|嗯|可以|确认|用过|做过|磨过|拆了|拆过|有用)",
    re.I,
)
_BEGINS_WITH_NO = re.compile(
    r"\s*(?:no\b|nope|nah|not\b|never|don'?t|unused|un-?opened|it hasn'?t|i haven'?t|不|没|未|别|还没|全新)", re.I
)
_BUT = re.compile(r"\bbut\b|except|however|only if|不过|但是?|可是|除了", re.I)
_NEVER_MIND = re.compile(
    r"never ?mind|forget (?:it|about it)|leave it|(?:^|[^\w])stop(?: it| this)?[\s.!]*$|don'?t bother"
    r"|^\s*cancel(?: (?:this|that|it))?[\s.!]*$|i don'?t want to (?:do this|any ?more)"
    r"|算了|不弄了|不办了|先不(?:办|弄|用|管)|不用(?:办|弄|管|麻烦)?了|^\s*取消[\s。！!]*$|不退了|不换了"
    r"|不改了|不取消了|不查了|当我没说",
    re.I,
)
_CORRECTS = re.compile(
    r"^\s*(?:no|not)\b|\bactually\b|i meant?\b|\binstead\b|\bsorry\b|\brather\b|\bwrong\b|\bother\b|\boops\b"
    r"|不是|其实|应该是|我是说|说错|弄错|搞错|换成|改成|不对|另一|另外",
    re.I,
)
_OTHER_ORDER = re.compile(
    r"(?:other|another|different|wrong) order|the other one|not (?:that|this) order"
    r"|(?:另一|另外|别的|其他|换一|换个|第二).{0,3}(?:订单|单)|不是这(?:个订单|个|单|一单)|搞错.{0,2}单",
    re.I,
)


@dataclasses.dataclass(frozen=True)
class Choice:
    """A pressed button of the form: the value of a slot, the task it was offered in and what it was about."""

    task: str | None
    slot: str | None
    value: str | None
    about: str | None


@dataclasses.dataclass(frozen=True)
class Message:
    """The latest message; not `fresh` when it has been answered already and the form only takes up its thread."""

    text: str
    intent: str
    fresh: bool
    found: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    choice: Choice | None = None
    second: str | None = None
    network: str | None = None
    page_product: str | None = None
    after_a_break: bool = False

    def values(self, name: str) -> list[Any]:
        """What the message names of this kind."""
        return [item["value"] for item in self.found if item.get("entity") == name]

    @property
    def order_number(self) -> str | None:
        """The order that it names."""
        named = next((str(value) for value in self.values("order_number") if len(str(value)) == LENGTH), None)
        plain = _ORDER.search(self.text)
        return named or (plain.group().upper() if plain else None)

    def contact(self, *, asked: bool) -> Contact | None:
        """The e-mail address or the digits that it gives; bare digits only when they were asked for."""
        for address in self.values("email"):
            return Contact("email", str(address).lower())
        for number in self.values("phone"):
            return Contact("phone", str(number)[-4:])
        if asked or self.order_number or _OF_A_PHONE.search(self.text):
            text = self.text
            for item in self.found:
                if item.get("entity") == "order_number":
                    text = text.replace(str(item.get("text")), " ")
            text = _ORDER.sub(" ", text)
            digits = [found for found in _FOUR_DIGITS.findall(text) if asked or not _YEAR.fullmatch(found)]
            if digits:
                return Contact("phone", digits[-1])
        return None

    @property
    def only_identifies(self) -> bool:
        """Whether it holds an order number and no word beside what says whose: it is about no other task then."""
        text = self.text
        for item in self.found:
            if item.get("entity") in ("order_number", "email", "phone"):
                text = text.replace(str(item.get("text")), " ")
        return self.order_number is not None and not _LETTER.search(_ORDER.sub(" ", text))

    @property
    def asks(self) -> bool:
        """Whether it reads like a question."""
        return bool(_QUESTION.search(self.text))

    @property
    def yes(self) -> bool:
        """Whether it agrees."""
        if self.intent == "affirm" or _YES.fullmatch(self.text):
            return True
        return bool(_BEGINS_WITH_YES.match(self.text)) and not self.asks and not _BUT.search(self.text)

    @property
    def no(self) -> bool:
        """Whether it declines."""
        if self.intent == "deny" or _NO.fullmatch(self.text):
            return True
        return bool(_BEGINS_WITH_NO.match(self.text)) and not self.asks

    @property
    def declines(self) -> bool:
        """Whether it does nothing but decline."""
        return self.intent == "deny" or bool(_NO.fullmatch(self.text))

    @property
    def gives_up(self) -> bool:
        """Whether the customer does not want to go on."""
        return bool(_NEVER_MIND.search(self.text))

    @property
    def corrects(self) -> bool:
        """Whether it takes something back that was said before."""
        return bool(_CORRECTS.search(self.text))

    @property
    def wants_another_order(self) -> bool:
        """Whether it is not about the order in hand."""
        return bool(_OTHER_ORDER.search(self.text))


def read_message(tracker: Tracker) -> Message:
    """The latest message of `tracker`."""
    latest = tracker.latest_message
    metadata = latest.get("metadata") or {}
    understood = latest.get("intent") or {}
    intent = str(understood.get("name") or "")
    if tracker.get_slot("requested_slot") and intent != "ask" and (understood.get("confidence") or 0) < SURE:
        intent = "unclear"
    choice = None
    if intent == "choose":
        choice = Choice(*(entity(tracker, name) for name in ("task", "slot", "value", "about")))
    text, found = latest_text(tracker), latest.get("found") or []
    about = entity(tracker, "question")
    if about:  # a button that says which of two things a message meant: the message is what counts
        text = about
        found = [dataclasses.asdict(item) for item in extract(about, date.today(), None, None)]
    network, product = metadata.get("network"), metadata.get("product")
    return Message(
        text=text,
        intent=intent,
        fresh=_fresh(tracker.events),
        found=[item for item in found if isinstance(item, dict)],
        choice=choice,
        second=latest.get("second_request"),
        network=network if isinstance(network, str) else None,
        page_product=product if isinstance(product, str) else None,
        after_a_break=_after_a_break(tracker.events),
    )


def _fresh(events: list[dict[str, Any]]) -> bool:
    for event in reversed(events):
        if event.get("event") == "user":
            return True
        if event.get("event") == "action" and event.get("name") not in _NOT_AN_ANSWER:
            return False
    return True


def _after_a_break(events: list[dict[str, Any]]) -> bool:
    """Whether the session began with this message."""
    users = 0
    for event in reversed(events):
        users += event.get("event") == "user"
        if event.get("event") == "session_started":
            return bool(users <= 1)
        if users > 1:
            return False
    return False
