"""The tables. Importing this package makes `Base.metadata` complete."""

from actions.store.base import Base
from actions.store.models.case import Case
from actions.store.models.clock import ShopClock
from actions.store.models.customer import Customer
from actions.store.models.effect import Effect
from actions.store.models.feedback import Feedback
from actions.store.models.gift_card import GiftCard
from actions.store.models.order import Order, OrderItem
from actions.store.models.page_view import PageView
from actions.store.models.product import Product
from actions.store.models.proof import Proof, VerificationAttempt
from actions.store.models.question import UnansweredQuestion
from actions.store.models.ticket import Ticket
from actions.store.models.transaction import Transaction

__all__ = [
    "Base",
    "Case",
    "Customer",
    "Effect",
    "Feedback",
    "GiftCard",
    "Order",
    "OrderItem",
    "PageView",
    "Product",
    "Proof",
    "ShopClock",
    "Ticket",
    "Transaction",
    "UnansweredQuestion",
    "VerificationAttempt",
]
