import subprocess
import sys
import time

from sqlalchemy import func, select, text

from actions.sample.generate import generate, seed
from actions.store.database import open_database
from actions.store.models import Customer, Order, OrderItem, PageView, Product, Transaction
from textkit.settings import ROOT

DIGEST = """
import hashlib
from actions.sample.generate import generate
s = generate()
tables = (s.customers, s.orders, s.order_items, s.transactions, s.page_views)
print(hashlib.sha256(repr(tables).encode()).hexdigest())
"""


def digest(hash_seed):
    environment = {"PYTHONHASHSEED": hash_seed, "PATH": ""}
    done = subprocess.run([sys.executable, "-c", DIGEST], cwd=ROOT, env=environment, capture_output=True, check=True)
    return done.stdout


def test_the_same_seed_makes_the_same_rows_in_every_process():
    assert digest("1") == digest("2")


def test_another_seed_makes_other_rows(sample):
    other = generate(7)
    assert {row["number"] for row in other.orders} & {row["number"] for row in sample.orders} == {
        row["number"] for row in sample.orders if row["number"] in DEMO_NUMBERS
    }


DEMO_NUMBERS = (
    "LE-7K4M-Q2XP",
    "LE-R8TN-5VHC",
    "LE-E2UD-6NGS",
    "LE-3WFJ-X9DA",
    "LE-M6YB-2KPZ",
    "LE-9QXC-H4TV",
)


def test_there_is_enough_of_everything(sample):
    assert len(sample.customers) >= 240
    assert len(sample.orders) >= 900
    assert len(sample.page_views) >= 20_000
    kinds = {row["kind"] for row in sample.transactions}
    assert kinds == {"purchase", "refund", "gift_card", "pay_later_instalment"}


def test_seeding_fills_the_database_within_seconds(tmp_path, sample):
    database = open_database(f"sqlite:///{tmp_path}/shop.db")
    database.upgrade()
    began = time.process_time()
    assert database.seed_if_empty(seed)
    assert time.process_time() - began < 20  # of this process: a busy machine is not a slow one
    tables = {
        Product: sample.products,
        Customer: sample.customers,
        Order: sample.orders,
        OrderItem: sample.order_items,
        Transaction: sample.transactions,
        PageView: sample.page_views,
    }
    with database.read() as session:
        for table, rows in tables.items():
            assert session.scalar(select(func.count()).select_from(table)) == len(rows)
        assert session.execute(text("PRAGMA foreign_key_check")).all() == []
        order = session.get(Order, "LE-M6YB-2KPZ")
        assert (order.customer.name, order.status, order.total) == ("周岚", "packed", 109_800)
    database.close()
