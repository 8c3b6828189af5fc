"""What the commands of the store share: which database, and who asks."""

from __future__ import annotations

import click

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
    """A database that has a store of this program's shape.

    Raises
    ------
    BadInput
        It has none, or that of an earlier or a later program.
    """
    database = Database(url)
    schema.is_ours(database)
    return database
