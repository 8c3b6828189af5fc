"""Plans with their lines, what was published of them, declarations and consents.

Revision 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _moment(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _document(name: str, nullable: bool = False) -> sa.Column[object]:
    kind = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    return sa.Column(name, kind, nullable=nullable)


def _word(name: str, length: int = 64, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.String(length), nullable=nullable)


def _number(name: str, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def upgrade() -> None:
    """Nothing; the tables are there."""
    op.create_table(
        "plans",
        sa.Column("plan", sa.Integer(), autoincrement=True, nullable=False),
        _word("plan_id"),
        _document("areas"),
        _moment("made_at"),
        _moment("known_at"),
        sa.Column("as_of", sa.Date(), nullable=False),
        _number("parent", nullable=True),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.Column("certificate", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("plan", name="pk_plans"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "plan_lines",
        _number("plan"),
        _word("case_id"),
        _word("role", 8),
        _word("advised"),
        _word("reviewer_id"),
        _word("previous_reviewer_id", nullable=True),
        _word("state", 16),
        _word("reason", nullable=True),
        _document("basis"),
        _document("before", nullable=True),
        _number("publication", nullable=True),
        sa.ForeignKeyConstraint(["plan"], ["plans.plan"], name="fk_plan_lines_plan"),
        sa.PrimaryKeyConstraint("plan", "case_id", "role", name="pk_plan_lines"),
    )
    op.create_index("ix_plan_lines_case", "plan_lines", ["case_id"])
    op.create_table(
        "publications",
        sa.Column("publication", sa.Integer(), autoincrement=True, nullable=False),
        _number("plan"),
        _moment("published_at"),
        _word("actor", 128),
        _moment("undone_at", nullable=True),
        sa.ForeignKeyConstraint(["plan"], ["plans.plan"], name="fk_publications_plan"),
        sa.PrimaryKeyConstraint("publication", name="pk_publications"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "declarations",
        _word("case_id"),
        _word("reviewer_id"),
        _moment("declared_at"),
        _word("actor", 128),
        sa.PrimaryKeyConstraint("case_id", "reviewer_id", name="pk_declarations"),
    )
    op.create_table(
        "consents",
        sa.Column("consent", sa.Integer(), autoincrement=True, nullable=False),
        _word("lender"),
        _word("borrower"),
        _word("case_id", nullable=True),
        _moment("given_at"),
        _moment("ended_at", nullable=True),
        sa.PrimaryKeyConstraint("consent", name="pk_consents"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_consents_lender", "consents", ["lender", "borrower"])
    with op.batch_alter_table("holdings") as holdings:
        holdings.add_column(_number("publication", nullable=True))
        holdings.add_column(_moment("accepted_at", nullable=True))


def downgrade() -> None:
    """Nothing; the tables are as they were."""
    with op.batch_alter_table("holdings") as holdings:
        holdings.drop_column("accepted_at")
        holdings.drop_column("publication")
    for table in ("consents", "declarations", "publications", "plan_lines", "plans"):
        op.drop_table(table)
