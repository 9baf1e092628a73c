"""What the conversation about orders needs: proofs and tries, cases, gift cards, the shop's clock."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Creates the tables."""
    _create_proofs()
    _create_verification_attempts()
    _create_cases()
    _create_gift_cards()
    op.create_table(
        "shop_clock",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("stands_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_shop_clock"),
    )


def downgrade() -> None:
    """Drops them."""
    for table in ("shop_clock", "gift_cards", "cases", "verification_attempts", "proofs"):
        op.drop_table(table)


def _create_proofs() -> None:
    op.create_table(
        "proofs",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("conversation_id", sa.String(128), nullable=False),
        sa.Column("customer_id", sa.Integer, nullable=False),
        sa.Column("order_number", sa.String(12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_proofs"),
        sa.UniqueConstraint("conversation_id", name="uq_proofs_conversation_id"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_proofs_customer_id"),
        sa.ForeignKeyConstraint(["order_number"], ["orders.number"], name="fk_proofs_order_number"),
    )


def _create_verification_attempts() -> None:
    op.create_table(
        "verification_attempts",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("conversation_id", sa.String(128), nullable=False),
        sa.Column("network", sa.String(64), nullable=True),
        sa.Column("order_number", sa.String(12), nullable=True),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("succeeded", sa.Boolean, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_verification_attempts"),
        sa.CheckConstraint("kind IN ('email', 'phone', 'gift_card')", name=op.f("ck_verification_attempts_kind")),
    )
    for column in ("conversation_id", "network", "order_number"):
        op.create_index(f"ix_verification_attempts_{column}_at", "verification_attempts", [column, "at"])
    op.create_index("ix_verification_attempts_at", "verification_attempts", ["at"])


def _create_cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("reference", sa.String(8), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("conversation_id", sa.String(128), nullable=False),
        sa.Column("customer_id", sa.Integer, nullable=False),
        sa.Column("order_number", sa.String(12), nullable=False),
        sa.Column("items", JSON, nullable=False),
        sa.Column("details", JSON, nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("reference", name="uq_cases_reference"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_cases_customer_id"),
        sa.ForeignKeyConstraint(["order_number"], ["orders.number"], name="fk_cases_order_number"),
        sa.CheckConstraint(
            "kind IN ('return', 'exchange', 'warranty', 'damaged', 'missing', 'invoice', 'address', 'cancel')",
            name=op.f("ck_cases_kind"),
        ),
        sa.CheckConstraint("status IN ('open', 'done', 'withdrawn')", name=op.f("ck_cases_status")),
    )
    op.create_index("ix_cases_status_created_at", "cases", ["status", "created_at"])
    for column in ("conversation_id", "customer_id", "order_number"):
        op.create_index(f"ix_cases_{column}", "cases", [column])


def _create_gift_cards() -> None:
    op.create_table(
        "gift_cards",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("code_digest", sa.String(64), nullable=False),
        sa.Column("last_four", sa.String(4), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("balance", sa.Integer, nullable=False),
        sa.Column("expires_on", sa.Date, nullable=True),
        sa.Column("status", sa.String(8), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_gift_cards"),
        sa.UniqueConstraint("code_digest", name="uq_gift_cards_code_digest"),
        sa.CheckConstraint("currency IN ('GBP', 'CNY')", name=op.f("ck_gift_cards_currency")),
        sa.CheckConstraint("status IN ('active', 'blocked')", name=op.f("ck_gift_cards_status")),
        sa.CheckConstraint("balance >= 0", name=op.f("ck_gift_cards_not_negative")),
    )
