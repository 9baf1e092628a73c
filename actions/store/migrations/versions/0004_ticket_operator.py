"""Who has a ticket, since when, until when; one open ticket a conversation."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

MOMENT = sa.DateTime(timezone=True)
NOT_CLOSED = sa.text("status <> 'closed'")
# Every request for a person used to open a ticket; the last one has the whole conversation.
CLOSE_EARLIER = """
    UPDATE tickets SET status = 'closed', closed_at = updated_at
    WHERE status <> 'closed'
      AND id NOT IN (SELECT max(id) FROM tickets WHERE status <> 'closed' GROUP BY conversation_id)
"""


def upgrade() -> None:
    """Adds the columns and the index."""
    op.add_column("tickets", sa.Column("operator", sa.String(80), nullable=True))
    op.add_column("tickets", sa.Column("taken_at", MOMENT, nullable=True))
    op.add_column("tickets", sa.Column("closed_at", MOMENT, nullable=True))
    op.execute(CLOSE_EARLIER)
    op.create_index(
        "uq_tickets_open_conversation_id",
        "tickets",
        ["conversation_id"],
        unique=True,
        sqlite_where=NOT_CLOSED,
        postgresql_where=NOT_CLOSED,
    )


def downgrade() -> None:
    """Drops them."""
    op.drop_index("uq_tickets_open_conversation_id", "tickets")
    for column in ("closed_at", "taken_at", "operator"):
        op.drop_column("tickets", column)
