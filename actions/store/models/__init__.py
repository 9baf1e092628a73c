"""The tables. Importing this package makes `Base.metadata` complete."""

from actions.store.base import Base
from actions.store.models.customer import Customer
from actions.store.models.effect import Effect
from actions.store.models.feedback import Feedback
from actions.store.models.order import Order, OrderItem
from actions.store.models.page_view import PageView
from actions.store.models.product import Product
from actions.store.models.question import UnansweredQuestion
from actions.store.models.ticket import Ticket
from actions.store.models.transaction import Transaction

__all__ = [
    "Base",
    "Customer",
    "Effect",
    "Feedback",
    "Order",
    "OrderItem",
    "PageView",
    "Product",
    "Ticket",
    "Transaction",
    "UnansweredQuestion",
]
