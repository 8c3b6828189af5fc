"""What goes into the store and out of it whole: `allocator import`, `backup`, `restore`, `downgrade`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, Unpack

import click

from allocator.intake import Reading, read_files, read_snapshot
from allocator.store import Database, Imported, Tx, import_tables, quarantine, schema
from allocator.store.backup import Saved, backup, restore
from allocator.store.counts import Counted, by_area
from allocator.store.downgrading import downgrade
from allocator.store.importing import checked_tables, keep_tables
from allocator.store.kinds import CASES
from allocator.store.policies import has_policy, put_policy
from api import clock
from api.cli import options, screen
from api.cli.options import Source
from api.cli.storing import ACTOR, DATABASE

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

    With --quarantine the sound rows are kept, and the others set aside in the store, to be mended there.

    What is there already under the same id is changed, and what is the same stays. The first policy that is
    given is kept too. Who has a case is not changed by it: a case changes hands by being published.
    """
    now = clock.now()
    reading = read_snapshot(snapshot, today=now.date(), **how)
    store = Database(database)
    schema.upgrade(store)
    with store.write(ACTOR, lambda: now) as tx:
        if not has_policy(tx.connection):
            put_policy(tx, reading.snapshot.policy.model_dump(mode="json"))
        if how.get("quarantine"):
            done, areas = _set_aside(tx, snapshot, reading.snapshot.as_of)
        else:
            done, areas = import_tables(tx, _tables(reading), reading.snapshot.as_of), {}
    _say(done, areas, store, as_json)


def _tables(reading: Reading) -> dict[str, list[Any]]:
    content = reading.snapshot.model_dump(mode="json", exclude_defaults=True)
    return {name: rows for name, rows in content.items() if isinstance(rows, list)}


def _set_aside(tx: Tx, snapshot: Path, day: date) -> tuple[Imported, Mapping[str, Counted]]:
    """What became of the rows as they stand in their files, some of which have faults; of cases by area."""
    files = sorted(snapshot.glob("*.csv")) if snapshot.is_dir() else [snapshot]
    given = read_files((one.name, one.read_bytes()) for one in files)
    found = checked_tables(tx.connection, given.rows, day, partial=True, known=given.known)
    done = keep_tables(tx, found, day, quarantine.of_rows(tx.connection, found, given.typed))
    return done, by_area(CASES, given.rows[CASES], found[CASES], done.set_aside) if CASES in found else {}


@click.command("backup", short_help="Write the whole store to one file.")
@click.argument("file", type=A_FILE)
@DATABASE
@options.JSON
def backup_command(file: Path, database: str, as_json: bool) -> None:
    """Write the store as it is at this moment to FILE, while others go on using it.

    The file is there whole or not at all. Note the head that is printed: it is of the store's audit. A store
    of an earlier program is written as it is, at its own revision.
    """
    _say_saved("saved", backup(Database(database), file, clock.now()), as_json)


@click.command("restore", short_help="Make a store from a backup.")
@click.argument("file", type=A_FILE)
@DATABASE
@options.JSON
def restore_command(file: Path, database: str, as_json: bool) -> None:
    """Put all of the backup FILE into a database that has no store yet, and check its audit."""
    _say_saved("restored", restore(Database(database), file), as_json)


@click.command("downgrade", short_help="Give the store the shape that an earlier program knows.")
@click.argument("revision")
@click.option("--lose", is_flag=True, help="Even if something is lost by it, which is listed.")
@DATABASE
@options.JSON
def downgrade_command(revision: str, lose: bool, database: str, as_json: bool) -> None:
    """Let an earlier program go on with the store: REVISION is what its backups say, such as 0012.

    Stop whatever uses the store, and take a backup. What the earlier program has no place for is lost: if
    there is any, it is listed and nothing is done, unless --lose says so.
    """
    store = Database(database)
    lost = downgrade(store, revision, lose)
    if as_json:
        screen.document({"revision": revision, "lost": {one.of: one.rows for one in lost}})
    else:
        screen.say(*(f"lost: {one}" for one in lost), f"{store.name}: at revision {revision}")


def _say(done: Imported, areas: Mapping[str, Counted], store: Database, as_json: bool) -> None:
    if as_json:
        more = {"counts": _json(done.counts), "cases_by_area": _json(areas)} if done.set_aside else {}
        screen.document({"database": store.name, "kept": dict(done.kept), **more})
        return
    screen.say(f"{store.name}: {', '.join(f'{count:,} {kind}' for kind, count in done.kept.items())}")
    if done.set_aside is None:
        return
    for kind, one in done.counts.items():
        screen.say(f"{kind}: {_in_words(one)}")
    for area, one in areas.items():
        screen.say(f"cases of {area or 'no area that can be read'}: {_in_words(one)}")


def _json(counts: Mapping[str, Counted]) -> dict[str, dict[str, int]]:
    return {name: dict(vars(one)) for name, one in counts.items()}


def _in_words(one: Counted) -> str:
    parts = {"kept": one.kept, "older": one.older, "set aside": one.set_aside}
    told = " + ".join(f"{number:,} {name}" for name, number in parts.items() if number or name != "older")
    return f"{one.received:,} read = {told}"


def _say_saved(word: str, saved: Saved, as_json: bool) -> None:
    if as_json:
        screen.document({"rows": saved.rows, "revision": saved.revision, "head": str(saved.head)})
    else:
        screen.say(
            f"{word}: {saved.rows:,} rows at revision {saved.revision}; head of the audit {saved.head}"
        )
