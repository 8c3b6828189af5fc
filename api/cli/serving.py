"""`allocator serve`: HTTP on this machine."""

from __future__ import annotations

import threading

import click

from allocator.store import Database, schema
from api.cli.interrupt import until_told
from api.cli.storing import DATABASE
from api.serve import serve
from api.settings import load


@click.command("serve", short_help="Answer HTTP on this machine.")
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=8000, show_default=True, help="0: any free one."
)
@click.option(
    "--jobs",
    type=click.IntRange(0, 256),
    help="Plans of the store made at the same time; 0: `allocator worker` makes them. [default: 1]",
)
@DATABASE
def command(port: int, jobs: int | None, database: str) -> None:
    """Answer HTTP on 127.0.0.1: plans and questions of a snapshot that is sent, and the calls of the store.

    The store is made in the database if there is none, and brought to this program's version. Its calls
    need a key, `allocator key make`, or somebody who has signed in, `allocator invite`. The whole of it is
    described at /openapi.json; docs/operations.md lists what the environment may set. Stop with Ctrl-C.
    """
    settings, ended = load(jobs), threading.Event()
    store = Database(database)
    schema.upgrade(store)
    with until_told(ended):
        serve("127.0.0.1", port, ended, settings, store)
