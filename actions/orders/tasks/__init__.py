"""The tasks by name; the name of a task is the intent that starts it."""

from __future__ import annotations

from actions.orders.tasks.cancel_order import CancelOrder
from actions.orders.tasks.change_address import ChangeAddress
from actions.orders.tasks.damaged_item import DamagedItem
from actions.orders.tasks.exchange_item import ExchangeItem
from actions.orders.tasks.gift_card_balance import GiftCardBalance
from actions.orders.tasks.invoice import Invoice
from actions.orders.tasks.missing_parcel import MissingParcel
from actions.orders.tasks.order_status import OrderStatus
from actions.orders.tasks.points_balance import PointsBalance
from actions.orders.tasks.refund_status import RefundStatus
from actions.orders.tasks.return_item import ReturnItem
from actions.orders.tasks.task import Task
from actions.orders.tasks.warranty_claim import WarrantyClaim

_ALL: tuple[Task, ...] = (
    OrderStatus(),
    CancelOrder(),
    ChangeAddress(),
    ReturnItem(),
    ExchangeItem(),
    RefundStatus(),
    MissingParcel(),
    DamagedItem(),
    WarrantyClaim(),
    Invoice(),
    GiftCardBalance(),
    PointsBalance(),
)
TASKS: dict[str, Task] = {task.name: task for task in _ALL}

__all__ = ["TASKS", "Task"]
