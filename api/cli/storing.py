"""What the commands of the store share: which database, and who asks."""

from __future__ import annotations

import click

from allocator.errors import BadInput, Fault
from allocator.store import Database, schema
from allocator.store.callers import Caller, Role

ACTOR = "command-line"
"""Who does what is done here: whoever may use this machine and its database."""
DATABASE = click.option(
    "--database",
    envvar="DATABASE_URL",
    default="sqlite:///allocator.db",
    show_default=True,
    metavar="URL",
    help="sqlite:///FILE or postgresql://USER@HOST/NAME; else what DATABASE_URL says.",
)
ROLE = click.option(
    "--role", type=click.Choice([str(role) for role in Role]), required=True, help="What they may do."
)
AREAS = click.option(
    "--area", "areas", multiple=True, metavar="CODE", help="Where; may be given again. [default: all]"
)
REVIEWER = click.option("--reviewer", "reviewer_id", metavar="ID", help="Who they are: of the role reviewer.")


def where(caller: Caller) -> str:
    """What somebody may do, and where, in a line."""
    whose = f" {caller.reviewer_id}" if caller.reviewer_id else ""
    return f"{caller.role}{whose}, {', '.join(caller.areas) or 'all areas'}"


def opened(url: str) -> Database:
    """A database that has a store.

    Raises
    ------
    BadInput
        It has none.
    """
    database = Database(url)
    if schema.revision_of(database) is None:
        hint = "`allocator import` makes one, and `allocator restore` does from a backup"
        raise BadInput(
            [Fault("no-store", "there is no store in this database", value=database.name, hint=hint)]
        )
    return database
