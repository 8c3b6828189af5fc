"""The store's shape in a database, and how it gets from one version of the program to the next."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from allocator.store.database import Database
from allocator.store.tables import metadata

FOLDER = Path(__file__).with_name("migrations")
HEAD = "head"
VERSION_TABLE = "alembic_version"


def upgrade(database: Database, revision: str = HEAD) -> None:
    """Nothing; the database has the shape of a revision, whatever earlier one it had, or none."""
    with database.shape() as connection:
        upgrade_on(connection, revision)


def upgrade_on(connection: Connection, revision: str) -> None:
    """Nothing; the same in a transaction that has begun."""
    command.upgrade(_config(connection), revision)


def revision_of(database: Database) -> str | None:
    """The revision of the database's shape; None where there is no store in it yet."""
    if not database.is_there:
        return None
    with database.read() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def revisions() -> tuple[str, ...]:
    """Every revision there is, the first one first."""
    script = ScriptDirectory(str(FOLDER))
    return tuple(reversed([one.revision for one in script.walk_revisions()]))


def differences(database: Database) -> list[object]:
    """What the database's shape lacks, or has too much, of what the program's tables say."""
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config
