"""Events, whom they are sent to, what has become of each, and what is done from time to time.

Revision 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op

from allocator.store.migrations.columns import document, moment, number, own_number, word

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing; the tables are there."""
    _events()
    _webhooks()
    op.create_table(
        "risks",
        word("case_id"),
        word("risk", 32),
        sa.Column("due", sa.Date(), nullable=False),
        moment("told_at"),
        sa.PrimaryKeyConstraint("case_id", "risk", name="pk_risks"),
    )
    op.create_table(
        "duties",
        word("duty", 32),
        moment("done_at"),
        sa.PrimaryKeyConstraint("duty", name="pk_duties"),
    )


def _events() -> None:
    op.create_table(
        "events",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        word("event_id", 32),
        moment("at"),
        word("kind", 48),
        word("subject"),
        word("area", nullable=True),
        document("data"),
        sa.PrimaryKeyConstraint("number", name="pk_events"),
    )
    op.create_index("ix_events_area", "events", ["area", "number"])
    op.create_index("ix_events_subject", "events", ["subject", "number"])
    op.create_index("ix_events_at", "events", ["at"])


def _webhooks() -> None:
    op.create_table(
        "webhooks",
        word("webhook_id", 16),
        sa.Column("url", sa.Text(), nullable=False),
        document("areas"),
        document("kinds"),
        word("secret", 128),
        word("old_secret", 128, nullable=True),
        moment("old_until", nullable=True),
        number("reached"),
        number("failures"),
        moment("tried_at"),
        moment("resume_at", nullable=True),
        moment("made_at"),
        moment("ended_at", nullable=True),
        sa.PrimaryKeyConstraint("webhook_id", name="pk_webhooks"),
    )
    op.create_table(
        "deliveries",
        own_number("delivery"),
        word("webhook_id", 16),
        number("event"),
        word("subject"),
        word("state", 16),
        number("attempt"),
        moment("due_at"),
        word("lease", 16, nullable=True),
        moment("lease_until", nullable=True),
        moment("tried_at", nullable=True),
        number("status", nullable=True),
        word("problem", nullable=True),
        sa.PrimaryKeyConstraint("delivery", name="pk_deliveries"),
        sa.ForeignKeyConstraint(["webhook_id"], ["webhooks.webhook_id"], name="fk_deliveries_webhook_id"),
        sa.ForeignKeyConstraint(["event"], ["events.number"], name="fk_deliveries_event"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_deliveries_event", "deliveries", ["event"])
    op.create_index("ix_deliveries_state", "deliveries", ["state", "due_at"])
    op.create_index("uq_deliveries_webhook_id", "deliveries", ["webhook_id", "subject", "event"], unique=True)


def downgrade() -> None:
    """Nothing; the tables are gone."""
    for table in ("duties", "risks", "deliveries", "webhooks", "events"):
        op.drop_table(table)
