"""Keys of those who call, and the answers that their repeated calls get again.

Revision 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _moment(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _word(name: str, length: int = 64, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _document(name: str) -> sa.Column[object]:
    kind = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    return sa.Column(name, kind, nullable=False)


def upgrade() -> None:
    """Nothing; the tables are there."""
    op.create_table(
        "keys",
        _word("key_id", 16),
        _word("secret_hash"),
        _word("role", 16),
        _document("areas"),
        _word("reviewer_id", nullable=True),
        _moment("made_at"),
        _moment("expires_at"),
        _moment("revoked_at", nullable=True),
        sa.PrimaryKeyConstraint("key_id", name="pk_keys"),
    )
    op.create_table(
        "repeats",
        _word("actor", 128),
        _word("repeat_key", 255),
        _word("request_hash"),
        sa.Column("status", sa.Integer(), nullable=False),
        _document("headers"),
        sa.Column("body", sa.Text(), nullable=False),
        _moment("answered_at"),
        sa.PrimaryKeyConstraint("actor", "repeat_key", name="pk_repeats"),
    )
    op.create_index("ix_repeats_answered", "repeats", ["answered_at"])


def downgrade() -> None:
    """Nothing; the tables are gone."""
    op.drop_table("repeats")
    op.drop_table("keys")
