"""`allocator audit`: whether the lines that tell who changed what are as they were written."""

from __future__ import annotations

import click

from allocator.store import Database, chain, schema
from allocator.store.chain import Head
from api.cli import options, screen
from api.cli.faults import Exit
from api.cli.storing import DATABASE


@click.group("audit", short_help="Verify the store's audit.")
def command() -> None:
    """What happened in the store: a line for each change, chained to the one before."""


@command.command("verify", short_help="Find lines that were changed or removed.")
@DATABASE
@click.option("--head", metavar="NUMBER:HASH", help="A head that was noted earlier: it must still be there.")
@options.JSON
def verify(database: str, head: str | None, as_json: bool) -> int:
    """Work out every line's hash again, and list what does not hold (exit 1).

    Note the head that is printed, where whoever has the database cannot change it: given back with --head,
    it shows that no line before it was changed, and none cut off the end.
    """
    noted = None if head is None else Head.of(head)
    store = Database(database)
    schema.found(store)
    with store.read() as connection:
        broken, last = list(chain.verify(connection, noted)), chain.head(connection)
    if as_json:
        listed = [{"line": one.number, "message": one.why} for one in broken]
        screen.document({"sound": not broken, "lines": last.number, "head": str(last), "broken": listed})
    else:
        screen.say(*(f"line {one.number}: {one.why}" for one in broken), _verdict(len(broken), last))
    return Exit.FAILED if broken else Exit.DONE


def _verdict(broken: int, head: Head) -> str:
    if broken:
        return "1 thing does not hold" if broken == 1 else f"{broken:,} things do not hold"
    return f"sound: {head.number:,} line{'s' * (head.number != 1)}; head {head}"
