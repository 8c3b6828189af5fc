"""The store's shape in a database, and how it gets from one version of the program to the next."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from allocator.errors import BadInput, Fault
from allocator.store.database import Database
from allocator.store.tables import metadata

FOLDER = Path(__file__).with_name("migrations")
HEAD = "head"
VERSION_TABLE = "alembic_version"


def upgrade(database: Database, revision: str = HEAD) -> None:
    """Nothing; the database has the shape of a revision, whatever earlier one it had, or none.

    Raises
    ------
    BadInput
        `store-later`: a later program has changed its shape.
    """
    with database.shape() as connection:
        not_later(_revision_on(connection))
        upgrade_on(connection, revision)


def upgrade_on(connection: Connection, revision: str) -> None:
    """Nothing; the same in a transaction that has begun."""
    command.upgrade(_config(connection), revision)


def downgrade_on(connection: Connection, revision: str) -> None:
    """Nothing; the shape is of an earlier revision again, in a transaction that has begun."""
    command.downgrade(_config(connection), revision)


def revision_of(database: Database) -> str | None:
    """The revision of the database's shape; None where there is no store in it yet."""
    if not database.is_there:
        return None
    with database.read() as connection:
        return _revision_on(connection)


def found(database: Database) -> str:
    """The revision of the shape of a database that has a store.

    Raises
    ------
    BadInput
        `no-store`
    """
    revision = revision_of(database)
    if revision is None:
        hint = "`allocator import` makes one, and `allocator restore` does from a backup"
        message = "there is no store in this database"
        raise BadInput([Fault("no-store", message, value=database.name, hint=hint)])
    return revision


def is_ours(database: Database) -> None:
    """Nothing, where the database has a store of this program's shape.

    Raises
    ------
    BadInput
        `no-store`, `store-earlier`, `store-later`
    """
    revision = found(database)
    not_later(revision)
    if revision != revisions()[-1]:
        message = f"the store is of an earlier program (revision {revision})"
        hint = "start `allocator serve` first, which brings it to this one"
        raise BadInput([Fault("store-earlier", message, value=database.name, hint=hint)])


def not_later(revision: str | None) -> None:
    """Nothing, where this program knows a shape.

    Raises
    ------
    BadInput
        `store-later`
    """
    if revision is not None and revision not in revisions():
        message = f"the store is of a later program (revision {revision})"
        hint = f"with that program `allocator downgrade {revisions()[-1]}`, or restore a backup from before"
        raise BadInput([Fault("store-later", message, hint=hint)])


def revisions() -> tuple[str, ...]:
    """Every revision there is, the first one first."""
    script = ScriptDirectory(str(FOLDER))
    return tuple(reversed([one.revision for one in script.walk_revisions()]))


def differences(database: Database) -> list[object]:
    """What the database's shape lacks, or has too much, of what the program's tables say."""
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


def _revision_on(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config
