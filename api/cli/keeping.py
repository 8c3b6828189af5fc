"""`allocator import`, `backup` and `restore`: what goes into the store and comes out of it whole."""

from __future__ import annotations

from pathlib import Path
from typing import Unpack

import click

from allocator.intake import read_snapshot
from allocator.store import Database, Imported, import_tables, schema
from allocator.store.backup import Saved, backup, restore
from allocator.store.policies import has_policy, put_policy
from api import clock
from api.cli import options, screen
from api.cli.options import Source
from api.cli.storing import ACTOR, DATABASE, opened

A_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("import", short_help="Put a snapshot into the store.")
@options.SNAPSHOT
@DATABASE
@options.POLICY
@options.AS_OF
@options.QUARANTINE
@options.JSON
def import_command(snapshot: Path, database: str, as_json: bool, **how: Unpack[Source]) -> None:
    """Put all of SNAPSHOT into the store, or with a fault nothing; the store is made if there is none.

    What is there already under the same id is changed, and what is the same stays. The first policy that is
    given is kept too. Who has a case is not changed by it: a case changes hands by being published.
    """
    now = clock.now()
    reading = read_snapshot(snapshot, today=now.date(), **how)
    content = reading.snapshot.model_dump(mode="json", exclude_defaults=True)
    tables = {name: rows for name, rows in content.items() if isinstance(rows, list)}
    store = Database(database)
    schema.upgrade(store)
    with store.write(ACTOR, lambda: now) as tx:
        if not has_policy(tx.connection):
            put_policy(tx, reading.snapshot.policy.model_dump(mode="json"))
        done = import_tables(tx, tables, reading.snapshot.as_of)
    _say(done, store, as_json)


@click.command("backup", short_help="Write the whole store to one file.")
@click.argument("file", type=A_FILE)
@DATABASE
@options.JSON
def backup_command(file: Path, database: str, as_json: bool) -> None:
    """Write the store as it is at this moment to FILE, while others go on using it.

    The file is there whole or not at all. Note the head that is printed: it is of the store's audit.
    """
    _say_saved("saved", backup(opened(database), file, clock.now()), as_json)


@click.command("restore", short_help="Make a store from a backup.")
@click.argument("file", type=A_FILE)
@DATABASE
@options.JSON
def restore_command(file: Path, database: str, as_json: bool) -> None:
    """Put all of the backup FILE into a database that has no store yet, and check its audit."""
    _say_saved("restored", restore(Database(database), file), as_json)


def _say(done: Imported, store: Database, as_json: bool) -> None:
    if as_json:
        screen.document({"database": store.name, "kept": dict(done.kept)})
    else:
        screen.say(f"{store.name}: {', '.join(f'{count:,} {kind}' for kind, count in done.kept.items())}")


def _say_saved(word: str, saved: Saved, as_json: bool) -> None:
    if as_json:
        screen.document({"rows": saved.rows, "revision": saved.revision, "head": str(saved.head)})
    else:
        screen.say(f"{word}: {saved.rows:,} rows; head of the audit {saved.head}")
