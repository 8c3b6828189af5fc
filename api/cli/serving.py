"""`allocator serve`: HTTP on this machine."""

from __future__ import annotations

import signal
from contextlib import suppress

import click

from allocator.store import Database, schema
from api.cli.storing import DATABASE
from api.serve import serve
from api.settings import Settings


@click.command("serve", short_help="Answer HTTP on this machine.")
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=8000, show_default=True, help="0: any free one."
)
@click.option(
    "--jobs",
    type=click.IntRange(0, 256),
    default=1,
    show_default=True,
    help="Plans of the store made at the same time; 0: `allocator worker` makes them.",
)
@DATABASE
def command(port: int, jobs: int, database: str) -> None:
    """Answer HTTP on 127.0.0.1: plans and questions of a snapshot that is sent, and the calls of the store.

    The store is made in the database if there is none, and brought to this program's version. Its calls
    need a key: `allocator key make`. The whole of it is described at /openapi.json. Stop with Ctrl-C.
    """
    store = Database(database)
    schema.upgrade(store)
    signal.signal(signal.SIGTERM, _end)
    with suppress(KeyboardInterrupt):
        serve("127.0.0.1", port, Settings(jobs=jobs), store)


def _end(*_: object) -> None:
    """End in good order, as after a Ctrl-C."""
    raise KeyboardInterrupt
