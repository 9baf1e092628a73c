"""kill -9 of either server at random, while customers change their orders: each change whole, once, or not at all."""

import contextlib
import re
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.integration.conftest import Frontdesk
from tests.integration.test_kill import AT_A_TIME, SECONDS, insist, kill_at_random, open_session

CUSTOMERS = 100  # for each of the two servers
REFERENCE = re.compile(r"R-[A-Z2-9]{6}")
LINES = {
    ("cancel", "en"): ["cancel order {number} please, {email}", "yes"],
    ("cancel", "zh"): ["订单{number}帮我取消，邮箱{email}", "好的"],
    ("address", "en"): [
        "change the address of order {number}, my email is {email}",
        "14 High Street, Leeds LS1 4AB",
        "yes",
    ],
    ("address", "zh"): ["订单{number}要改收货地址，邮箱{email}", "上海市静安区愚园路88号5楼", "好的"],
}


@pytest.fixture(scope="module")
def shaken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Frontdesk]:
    running = Frontdesk(tmp_path_factory.mktemp("killed"))
    running.start()
    yield running
    running.stop()


def read(server: Frontdesk, query: str, *values: object) -> list[dict[str, Any]]:
    with contextlib.closing(sqlite3.connect(server.business, timeout=30)) as database:
        database.row_factory = sqlite3.Row
        return [dict(row) for row in database.execute(query, values)]


def new_orders(server: Frontdesk) -> list[dict[str, Any]]:
    """Orders of as many customers, paid and not yet packed; every market's language."""
    chosen = read(
        server,
        "select o.number, c.email, c.market from orders o join customers c on c.id = o.customer_id"
        " where o.status = 'delivered' and o.payment_method <> 'ember_later' and exists (select 1 from transactions t"
        " where t.order_number = o.number and t.kind = 'purchase' and t.status = 'succeeded')"
        " and not exists (select 1 from transactions t where t.order_number = o.number and t.kind = 'refund')"
        " and c.market <> 'eu' group by o.customer_id order by o.number limit ?",
        CUSTOMERS,
    )
    assert len(chosen) == CUSTOMERS
    numbers = [row["number"] for row in chosen]
    with contextlib.closing(sqlite3.connect(server.business, timeout=30)) as database:
        marks = ",".join("?" * len(numbers))
        unsent = "update orders set status = 'placed', dispatched_at = null, delivered_at = null where number in"
        database.execute(f"{unsent} ({marks})", numbers)
        database.commit()
    return chosen


def change(server: Frontdesk, kind: str, order: dict[str, Any]) -> tuple[str, list[list[str]]]:
    """One customer who changes one order; the conversation and the texts of its replies."""
    customer = open_session(server)
    language = "zh" if order["market"] == "cn" else "en"
    told = []
    for n, line in enumerate(LINES[kind, language]):
        replies = insist(customer, line.format(**order), f"message-{order['number']}-{n}")
        told.append([str(reply["text"]) for reply in replies])
    return customer.id, told


@pytest.mark.parametrize("module", ["bot.engine", "actions"])
def test_a_kill_leaves_no_order_half_changed(shaken: Frontdesk, module: str) -> None:
    orders = new_orders(shaken)
    kinds = ["cancel" if n % 2 else "address" for n in range(len(orders))]
    ends = threading.Event()
    with ThreadPoolExecutor(AT_A_TIME + 1) as pool:
        killer = pool.submit(kill_at_random, shaken, module, ends)
        tasks = [pool.submit(change, shaken, kind, order) for kind, order in zip(kinds, orders, strict=True)]
        changed = [task.result(SECONDS) for task in tasks]
        ends.set()
        assert killer.result(90) >= 2
    for kind, order, (conversation, replies) in zip(kinds, orders, changed, strict=True):
        cases = read(shaken, "select * from cases where order_number = ?", order["number"])
        told = {reference for text in replies[-1] for reference in REFERENCE.findall(text)}
        assert [(case["kind"], case["conversation_id"]) for case in cases] == [(kind, conversation)], (order, replies)
        assert told == {cases[0]["reference"]}
        (row,) = read(shaken, "select status, address from orders where number = ?", order["number"])
        refunds = read(shaken, "select * from transactions where order_number = ? and kind = 'refund'", order["number"])
        if kind == "cancel":
            assert (row["status"], len(refunds)) == ("cancelled", 1)
        else:
            assert (row["status"], len(refunds)) == ("placed", 0)
            assert "14 High Street" in row["address"] or "愚园路88号5楼" in row["address"]
