"""Plans with their lines, what was published of them, declarations and consents.

Revision 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

from allocator.store.migrations.columns import document, moment, number, own_number, word

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing; the tables are there."""
    _make_plans()
    _make_publications()
    with op.batch_alter_table("holdings") as holdings:
        holdings.add_column(number("publication", nullable=True))
        holdings.add_column(moment("accepted_at", nullable=True))


def _make_plans() -> None:
    op.create_table(
        "plans",
        own_number("plan"),
        word("plan_id"),
        document("areas"),
        moment("made_at"),
        moment("known_at"),
        sa.Column("as_of", sa.Date(), nullable=False),
        number("parent", nullable=True),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("plan", name="pk_plans"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "plan_lines",
        number("plan"),
        word("case_id"),
        word("role", 8),
        word("advised"),
        word("reviewer_id"),
        word("previous_reviewer_id", nullable=True),
        word("state", 16),
        word("reason", nullable=True),
        document("basis"),
        document("before", nullable=True),
        number("publication", nullable=True),
        sa.ForeignKeyConstraint(["plan"], ["plans.plan"], name="fk_plan_lines_plan"),
        sa.PrimaryKeyConstraint("plan", "case_id", "role", name="pk_plan_lines"),
    )
    op.create_index("ix_plan_lines_case", "plan_lines", ["case_id"])


def _make_publications() -> None:
    op.create_table(
        "publications",
        own_number("publication"),
        number("plan"),
        moment("published_at"),
        word("actor", 128),
        moment("undone_at", nullable=True),
        sa.ForeignKeyConstraint(["plan"], ["plans.plan"], name="fk_publications_plan"),
        sa.PrimaryKeyConstraint("publication", name="pk_publications"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "declarations",
        word("case_id"),
        word("reviewer_id"),
        moment("declared_at"),
        word("actor", 128),
        sa.PrimaryKeyConstraint("case_id", "reviewer_id", name="pk_declarations"),
    )
    op.create_table(
        "consents",
        own_number("consent"),
        word("lender"),
        word("borrower"),
        word("case_id", nullable=True),
        moment("given_at"),
        moment("ended_at", nullable=True),
        sa.PrimaryKeyConstraint("consent", name="pk_consents"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_consents_lender", "consents", ["lender", "borrower"])


def downgrade() -> None:
    """Nothing; the tables are as they were."""
    with op.batch_alter_table("holdings") as holdings:
        holdings.drop_column("accepted_at")
        holdings.drop_column("publication")
    for table in ("consents", "declarations", "publications", "plan_lines", "plans"):
        op.drop_table(table)
