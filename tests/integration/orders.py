"""Orders of the sample shop for the conversations, by what is true of them on the day at which its clock stands.

They are the same in every run: of each kind the first one by number that no other conversation has taken. The six of
demo.json are left alone, and so are orders of customers who have several of a kind, unless that is what is wanted.
"""

import contextlib
import json
import sqlite3
from pathlib import Path
from typing import Any

from actions.sample.demo import demo_orders

LATELY = "o.status = 'delivered' and o.delivered_at > '2026-11-10' and o.delivered_at < '2026-11-20 12:00'"
# An article of the order that is (or is not) of some kind.
HAS = "exists (select 1 from order_items i join products p on p.sku = i.sku where i.order_number = o.number and {})"
ONE_ITEM = "(select count(*) from order_items i where i.order_number = o.number) = 1"
SEVERAL = "(select count(*) from order_items i where i.order_number = o.number) = 2"
UNDER_WAY = "('placed', 'packed', 'dispatched')"
ALONE = f"(select count(*) from orders x where x.customer_id = o.customer_id and x.status in {UNDER_WAY}) = 1"
MACHINE = HAS.format("p.category in ('espresso-machines', 'grinders')")
PLAIN = "not " + HAS.format(
    "p.category in ('espresso-machines', 'grinders', 'refurbished', 'coffee', 'tea') or p.tags like '%clearance%'"
)
COFFEE = HAS.format("p.category = 'coffee'")
TIER = "c.club_tier <> 'gold'"
WHITE_TOO = "p.sku in ('GR-ROOK', 'GR-ROOKP', 'SC-WAG')"
KINDS = {
    "placed": f"o.status = 'placed' and {ALONE} and o.payment_method <> 'ember_later'",
    "packed": f"o.status = 'packed' and {ALONE}",
    "dispatched": f"o.status = 'dispatched' and {ALONE}",
    "arrived": f"{LATELY} and {ONE_ITEM} and {PLAIN} and {TIER}",
    "arrived_coffee": f"{LATELY} and {ONE_ITEM} and {COFFEE}",
    "arrived_machine": f"o.status = 'delivered' and o.placed_at > '2026-10-24' and {ONE_ITEM} and {MACHINE} and {TIER}",
    "several": f"o.status = 'delivered' and {SEVERAL} and {PLAIN} and {TIER}",
    "white_too": f"o.status = 'delivered' and {HAS.format(WHITE_TOO)} and {TIER}",
    "long_ago": f"o.status = 'delivered' and o.delivered_at < '2026-09-20' and {ONE_ITEM} and {PLAIN}",
    "machine_long_ago": f"o.status = 'delivered' and o.delivered_at < '2026-08-20' and {ONE_ITEM} and {MACHINE}",
    "cup_long_ago": "o.status = 'delivered' and o.delivered_at < '2026-08-20' and "
    + ONE_ITEM
    + " and "
    + HAS.format("p.category in ('cups', 'teaware')"),
    "old": "o.status = 'delivered' and o.placed_at < '2026-04-20' and " + ONE_ITEM,
    "new": "o.status = 'delivered' and o.placed_at > '2026-11-01' and " + ONE_ITEM,
    "returned": "o.status = 'returned' and exists (select 1 from transactions t where t.order_number = o.number"
    " and t.kind = 'refund' and t.status = 'succeeded' and t.method <> 'ember_later')",
    "cancelled": "o.status = 'cancelled' and o.payment_method <> 'ember_later'",
    "two": f"o.status in {UNDER_WAY}"
    f" and (select count(*) from orders x where x.customer_id = o.customer_id and x.status in {UNDER_WAY}) = 2",
}


class Orders:
    """Hands out orders; `taken` are those that another conversation has."""

    def __init__(self, business: Path) -> None:
        self._business = business
        self._taken = {row["order_number"] for row in demo_orders()}

    def take(self, kind: str, market: str, changes: dict[str, Any]) -> dict[str, str]:
        """Words to put into a conversation: `number`, `email`, `four`, `other` (the customer's other order)."""
        with contextlib.closing(sqlite3.connect(self._business, timeout=30)) as database:
            database.row_factory = sqlite3.Row
            query = (
                "select o.number, o.customer_id, c.email, c.phone, c.name from orders o join customers c"
                f" on c.id = o.customer_id where c.market = ? and {KINDS[kind]} order by o.number"
            )
            row = next(row for row in database.execute(query, [market]) if row["number"] not in self._taken)
            others = database.execute(
                f"select number from orders where customer_id = ? and number <> ? and status in {UNDER_WAY}",
                [row["customer_id"], row["number"]],
            ).fetchall()
            items = database.execute(
                "select p.name_en, p.name_zh from order_items i join products p on p.sku = i.sku"
                f" where i.order_number = ? order by {WHITE_TOO} desc, i.sku",
                [row["number"]],
            ).fetchall()
            for column, value in changes.items():
                database.execute(f"update orders set {column} = ? where number = ?", [value, row["number"]])
            database.commit()
        self._taken |= {row["number"], *(number for (number,) in others)}
        return {
            "number": row["number"],
            "email": row["email"],
            "four": row["phone"][-4:],
            "name": row["name"],
            "item": items[0]["name_zh" if market == "cn" else "name_en"],
            "second": items[-1]["name_zh" if market == "cn" else "name_en"],
            "other": others[0]["number"] if others else "",
        }

    def row(self, number: str) -> dict[str, Any]:
        """An order as it is now, with its refunds."""
        with contextlib.closing(sqlite3.connect(self._business, timeout=30)) as database:
            database.row_factory = sqlite3.Row
            found = dict(database.execute("select * from orders where number = ?", [number]).fetchone())
            kinds = database.execute("select kind, status from transactions where order_number = ?", [number])
            payments = [f"{kind} {status}" for kind, status in kinds]
        return {**found, "address": json.loads(found["address"]), "payments": sorted(payments)}

    def run(self, statement: str, *values: str) -> None:
        """Change the database behind the bot's back."""
        with contextlib.closing(sqlite3.connect(self._business, timeout=30)) as database:
            database.execute(statement, values)
            database.commit()
