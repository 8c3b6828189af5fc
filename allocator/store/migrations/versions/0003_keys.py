"""Keys of those who call, and the answers that their repeated calls get again.

Revision 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

from allocator.store.migrations.columns import document, moment, number, word

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing; the tables are there."""
    op.create_table(
        "keys",
        word("key_id", 16),
        word("secret_hash"),
        word("role", 16),
        document("areas"),
        word("reviewer_id", nullable=True),
        moment("made_at"),
        moment("expires_at"),
        moment("revoked_at", nullable=True),
        sa.PrimaryKeyConstraint("key_id", name="pk_keys"),
    )
    op.create_table(
        "repeats",
        word("actor", 128),
        word("repeat_key", 255),
        word("request_hash"),
        number("status"),
        document("headers"),
        sa.Column("body", sa.Text(), nullable=False),
        moment("answered_at"),
        sa.PrimaryKeyConstraint("actor", "repeat_key", name="pk_repeats"),
    )
    op.create_index("ix_repeats_answered", "repeats", ["answered_at"])


def downgrade() -> None:
    """Nothing; the tables are gone."""
    op.drop_table("repeats")
    op.drop_table("keys")
