"""Plans that are to be made, and how far each is.

Revision 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

from allocator.store.migrations.columns import document, moment, number, word

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing; the table is there."""
    op.create_table(
        "jobs",
        word("job_id", 16),
        word("actor", 128),
        word("lane"),
        document("areas"),
        document("options"),
        sa.Column("snapshot", sa.LargeBinary(), nullable=True),
        sa.Column("sent", sa.Boolean(), nullable=False),
        word("state", 16),
        number("attempt"),
        word("lease", 16, nullable=True),
        moment("lease_until", nullable=True),
        sa.Column("asked_to_stop", sa.Boolean(), nullable=False),
        moment("made_at"),
        moment("started_at", nullable=True),
        moment("ended_at", nullable=True),
        document("progress", nullable=True),
        number("plan", nullable=True),
        document("problem", nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("job_id", name="pk_jobs"),
        sa.ForeignKeyConstraint(["plan"], ["plans.plan"], name="fk_jobs_plan"),
    )
    op.create_index("ix_jobs_state", "jobs", ["state", "made_at"])


def downgrade() -> None:
    """Nothing; the table is gone."""
    op.drop_table("jobs")
