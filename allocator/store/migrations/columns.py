"""The kinds of column that migrations make; a migration that needs another kind brings it along."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql


def moment(name: str, nullable: bool = False) -> sa.Column[object]:
    """A moment, in UTC."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def document(name: str, nullable: bool = False) -> sa.Column[object]:
    """A JSON document."""
    kind = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
    return sa.Column(name, kind, nullable=nullable)


def word(name: str, length: int = 64, nullable: bool = False) -> sa.Column[object]:
    """An id or a code."""
    return sa.Column(name, sa.String(length), nullable=nullable)


def number(name: str, nullable: bool = False) -> sa.Column[object]:
    """A whole number."""
    return sa.Column(name, sa.Integer(), nullable=nullable)


def own_number(name: str) -> sa.Column[object]:
    """A whole number that the database gives, and never twice."""
    return sa.Column(name, sa.Integer(), autoincrement=True, nullable=False)


def unique_while_empty(name: str, table: str, columns: list[str], column: str) -> None:
    """Nothing; of the rows where a column is empty no two are alike in the others."""
    where = sa.text(f"{column} IS NULL")
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)
