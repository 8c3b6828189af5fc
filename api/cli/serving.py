"""`allocator serve`: HTTP on this machine."""

from __future__ import annotations

from contextlib import suppress

import click

from api.serve import serve

_PORT = click.IntRange(0, 65_535)


@click.command("serve", short_help="Answer HTTP on this machine.")
@click.option(
    "--port", type=click.IntRange(0, 65_535), default=8000, show_default=True, help="0: any free one."
)
def command(port: int) -> None:
    """Answer HTTP on 127.0.0.1: POST /v1/plans takes a snapshot and gives a plan.

    The whole of it is described at /openapi.json. Stop with Ctrl-C.
    """
    with suppress(KeyboardInterrupt):
        serve("127.0.0.1", port)
