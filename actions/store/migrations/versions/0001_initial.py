"""The first schema."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

MOMENT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Creates all tables, those that others refer to first."""
    _create_products()
    _create_customers()
    _create_orders()
    _create_order_items()
    _create_transactions()
    _create_page_views()
    _create_tickets()
    _create_feedback()
    _create_unanswered_questions()


def downgrade() -> None:
    """Drops all tables."""
    for table in (
        "unanswered_questions",
        "feedback",
        "tickets",
        "page_views",
        "transactions",
        "order_items",
        "orders",
        "customers",
        "products",
    ):
        op.drop_table(table)


def _create_products() -> None:
    op.create_table(
        "products",
        sa.Column("sku", sa.String(32), nullable=False),
        sa.Column("category", sa.String(48), nullable=False),
        sa.Column("name_en", sa.String(200), nullable=False),
        sa.Column("name_zh", sa.String(200), nullable=False),
        sa.Column("description_en", sa.Text, nullable=False),
        sa.Column("description_zh", sa.Text, nullable=False),
        sa.Column("attributes", JSON, nullable=False),
        sa.Column("aliases", JSON, nullable=False),
        sa.Column("tags", JSON, nullable=False),
        sa.Column("compatible_with", JSON, nullable=False),
        sa.Column("price_gbp_pence", sa.Integer, nullable=False),
        sa.Column("price_cny_fen", sa.Integer, nullable=False),
        sa.Column("stock_bristol", sa.Integer, nullable=False),
        sa.Column("stock_kunshan", sa.Integer, nullable=False),
        sa.Column("released", sa.Date, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("sku", name="pk_products"),
        sa.CheckConstraint("status IN ('active', 'discontinued', 'preorder')", name=op.f("ck_products_status")),
        sa.CheckConstraint(
            "price_gbp_pence >= 0 AND price_cny_fen >= 0 AND stock_bristol >= 0 AND stock_kunshan >= 0",
            name=op.f("ck_products_not_negative"),
        ),
    )
    op.create_index("ix_products_category", "products", ["category"])


def _create_customers() -> None:
    op.create_table(
        "customers",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("phone", sa.String(16), nullable=False),
        sa.Column("market", sa.String(2), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("club_tier", sa.String(8), nullable=False),
        sa.Column("points", sa.Integer, nullable=False),
        sa.Column("birth_year", sa.Integer, nullable=True),
        sa.Column("city", sa.String(80), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_customers"),
        sa.UniqueConstraint("email", name="uq_customers_email"),
        sa.CheckConstraint("market IN ('uk', 'eu', 'cn')", name=op.f("ck_customers_market")),
        sa.CheckConstraint("language IN ('en', 'zh')", name=op.f("ck_customers_language")),
        sa.CheckConstraint("club_tier IN ('spark', 'glow', 'gold')", name=op.f("ck_customers_club_tier")),
        sa.CheckConstraint("points >= 0", name=op.f("ck_customers_not_negative")),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_customers_email_lower")),
    )
    op.create_index("ix_customers_phone", "customers", ["phone"])


def _create_orders() -> None:
    op.create_table(
        "orders",
        sa.Column("number", sa.String(12), nullable=False),
        sa.Column("customer_id", sa.Integer, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("placed_at", MOMENT, nullable=False),
        sa.Column("promised_by", sa.Date, nullable=False),
        sa.Column("dispatched_at", MOMENT, nullable=True),
        sa.Column("delivered_at", MOMENT, nullable=True),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("shipping_method", sa.String(32), nullable=False),
        sa.Column("shipping_cost", sa.Integer, nullable=False),
        sa.Column("discount", sa.Integer, nullable=False),
        sa.Column("payment_method", sa.String(24), nullable=False),
        sa.Column("address", JSON, nullable=False),
        sa.Column("carrier", sa.String(48), nullable=True),
        sa.Column("tracking_number", sa.String(32), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_orders"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_orders_customer_id"),
        sa.CheckConstraint(
            "status IN ('placed', 'packed', 'dispatched', 'delivered', 'cancelled', 'returned')",
            name=op.f("ck_orders_status"),
        ),
        sa.CheckConstraint("currency IN ('GBP', 'CNY')", name=op.f("ck_orders_currency")),
        sa.CheckConstraint("shipping_cost >= 0 AND discount >= 0", name=op.f("ck_orders_not_negative")),
    )
    op.create_index("ix_orders_customer_id_placed_at", "orders", ["customer_id", "placed_at"])
    op.create_index("ix_orders_status_promised_by", "orders", ["status", "promised_by"])
    op.create_index("ix_orders_placed_at", "orders", ["placed_at"])
    op.create_index("ix_orders_tracking_number", "orders", ["tracking_number"])


def _create_order_items() -> None:
    op.create_table(
        "order_items",
        sa.Column("order_number", sa.String(12), nullable=False),
        sa.Column("sku", sa.String(32), nullable=False),
        sa.Column("quantity", sa.Integer, nullable=False),
        sa.Column("unit_price", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("order_number", "sku", name="pk_order_items"),
        sa.ForeignKeyConstraint(["order_number"], ["orders.number"], name="fk_order_items_order_number"),
        sa.ForeignKeyConstraint(["sku"], ["products.sku"], name="fk_order_items_sku"),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_order_items_quantity")),
        sa.CheckConstraint("unit_price >= 0", name=op.f("ck_order_items_not_negative")),
    )
    op.create_index("ix_order_items_sku", "order_items", ["sku"])


def _create_transactions() -> None:
    op.create_table(
        "transactions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("customer_id", sa.Integer, nullable=False),
        sa.Column("order_number", sa.String(12), nullable=True),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("amount", sa.Integer, nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("method", sa.String(24), nullable=False),
        sa.Column("instrument", sa.String(32), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("device", sa.String(24), nullable=True),
        sa.Column("ip_country", sa.String(2), nullable=True),
        sa.Column("status", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_transactions"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_transactions_customer_id"),
        sa.ForeignKeyConstraint(["order_number"], ["orders.number"], name="fk_transactions_order_number"),
        sa.CheckConstraint(
            "kind IN ('purchase', 'refund', 'gift_card', 'pay_later_instalment')", name=op.f("ck_transactions_kind")
        ),
        sa.CheckConstraint(
            "status IN ('authorised', 'succeeded', 'declined', 'reversed', 'scheduled')",
            name=op.f("ck_transactions_status"),
        ),
        sa.CheckConstraint("channel IN ('web', 'app', 'subscription', 'store')", name=op.f("ck_transactions_channel")),
        sa.CheckConstraint("currency IN ('GBP', 'CNY')", name=op.f("ck_transactions_currency")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_transactions_not_negative")),
    )
    op.create_index("ix_transactions_customer_id_at", "transactions", ["customer_id", "at"])
    op.create_index("ix_transactions_order_number", "transactions", ["order_number"])
    op.create_index("ix_transactions_at", "transactions", ["at"])


def _create_page_views() -> None:
    op.create_table(
        "page_views",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("customer_id", sa.Integer, nullable=False),
        sa.Column("sku", sa.String(32), nullable=True),
        sa.Column("page", sa.String(64), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("seconds", sa.Integer, nullable=False),
        sa.Column("device", sa.String(24), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_page_views"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_page_views_customer_id"),
        sa.ForeignKeyConstraint(["sku"], ["products.sku"], name="fk_page_views_sku"),
        sa.CheckConstraint("(sku IS NULL) <> (page IS NULL)", name=op.f("ck_page_views_sku_or_page")),
        sa.CheckConstraint("seconds >= 0", name=op.f("ck_page_views_not_negative")),
    )
    op.create_index("ix_page_views_customer_id_at", "page_views", ["customer_id", "at"])
    op.create_index("ix_page_views_sku_at", "page_views", ["sku", "at"])


def _create_tickets() -> None:
    op.create_table(
        "tickets",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("reference", sa.String(8), nullable=False),
        sa.Column("conversation_id", sa.String(128), nullable=False),
        sa.Column("reason", sa.String(24), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("status", sa.String(8), nullable=False),
        sa.Column("transcript", JSON, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("idempotency_key", sa.String(128), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_tickets"),
        sa.UniqueConstraint("reference", name="uq_tickets_reference"),
        sa.UniqueConstraint("idempotency_key", name="uq_tickets_idempotency_key"),
        sa.CheckConstraint(
            "reason IN ('customer_request', 'missing_knowledge', 'unsupported_request', 'policy_restriction', "
            "'tool_failure', 'pending_clarification', 'usage_limit', 'negative_sentiment', 'risk_review')",
            name=op.f("ck_tickets_reason"),
        ),
        sa.CheckConstraint("language IN ('en', 'zh')", name=op.f("ck_tickets_language")),
        sa.CheckConstraint("status IN ('open', 'pending', 'closed')", name=op.f("ck_tickets_status")),
    )
    op.create_index("ix_tickets_conversation_id", "tickets", ["conversation_id"])
    op.create_index("ix_tickets_status_created_at", "tickets", ["status", "created_at"])


def _create_feedback() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("conversation_id", sa.String(128), nullable=False),
        sa.Column("answer_id", sa.String(64), nullable=False),
        sa.Column("vote", sa.String(4), nullable=False),
        sa.Column("comment", sa.Text, nullable=True),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("citations", JSON, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
        sa.UniqueConstraint("conversation_id", "answer_id", name="uq_feedback_conversation_id_answer_id"),
        sa.CheckConstraint("vote IN ('up', 'down')", name=op.f("ck_feedback_vote")),
    )
    op.create_index("ix_feedback_vote_created_at", "feedback", ["vote", "created_at"])


def _create_unanswered_questions() -> None:
    op.create_table(
        "unanswered_questions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("conversation_id", sa.String(128), nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("score", sa.Double, nullable=True),
        sa.Column("passages", JSON, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_unanswered_questions"),
        sa.CheckConstraint("language IN ('en', 'zh')", name=op.f("ck_unanswered_questions_language")),
        sa.CheckConstraint("status IN ('open', 'answered', 'ignored')", name=op.f("ck_unanswered_questions_status")),
    )
    op.create_index("ix_unanswered_questions_conversation_id", "unanswered_questions", ["conversation_id"])
    op.create_index("ix_unanswered_questions_status_created_at", "unanswered_questions", ["status", "created_at"])
