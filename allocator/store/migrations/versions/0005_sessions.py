"""People who sign in, by an invite or at an identity provider.

Revision 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

from allocator.store.migrations.columns import document, moment, number, word

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing; the tables are there."""
    op.create_table(
        "invites",
        word("invite_id", 16),
        word("secret_hash"),
        word("role", 16),
        document("areas"),
        word("reviewer_id", nullable=True),
        moment("made_at"),
        moment("expires_at"),
        moment("used_at", nullable=True),
        sa.PrimaryKeyConstraint("invite_id", name="pk_invites"),
    )
    op.create_table(
        "sessions",
        word("session_id", 16),
        word("secret_hash"),
        word("actor", 128),
        word("role", 16),
        document("areas"),
        word("reviewer_id", nullable=True),
        moment("made_at"),
        moment("seen_at"),
        moment("expires_at"),
        number("idle_seconds"),
        moment("ended_at", nullable=True),
        sa.PrimaryKeyConstraint("session_id", name="pk_sessions"),
    )
    op.create_table(
        "sign_ins",
        word("state"),
        word("verifier", 128),
        word("nonce"),
        moment("expires_at"),
        sa.PrimaryKeyConstraint("state", name="pk_sign_ins"),
    )


def downgrade() -> None:
    """Nothing; the tables are gone."""
    op.drop_table("sign_ins")
    op.drop_table("sessions")
    op.drop_table("invites")
