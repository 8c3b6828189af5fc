"""`allocator scenario fill`: a scenario filled from a snapshot or the store, and from completed reviews."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import NamedTuple, Unpack

import click

from allocator.errors import BadInput
from allocator.inflow import Inflow
from allocator.known import unknown
from allocator.snapshot import Snapshot
from allocator.store import queue
from allocator.store.inflow import inflow
from api import clock
from api.cli import options, screen
from api.cli.planfile import read_source
from api.cli.storing import AREAS, DATABASE, opened
from scenarios.files import read_scenario
from scenarios.fill import EACH, Filled, Filling, fill, filled_text, read_fragment

A_FILE = click.Path(path_type=Path, dir_okay=False)
GROUPS = "groups."


class _From(options.Source):
    """What a scenario is filled from."""

    snapshot: Path | None
    is_stored: bool
    database: str
    areas: tuple[str, ...]
    calibrated: Path | None


class Known(NamedTuple):
    """What there is: a snapshot, and what was notified where that is kept."""

    snapshot: Snapshot | None = None
    inflow: Inflow | None = None


@click.command("fill", short_help="Fill a scenario from a snapshot, the store, or completed reviews.")
@click.argument("file", metavar="SCENARIO", type=A_FILE)
@click.option("--from", "snapshot", type=options.A_PATH, metavar="SNAPSHOT", help="What there is now.")
@click.option("--store", "is_stored", is_flag=True, help="What there is now is in the store.")
@DATABASE
@AREAS
@click.option("--calibrated", type=A_FILE, metavar="FILE", help="The scenario.toml that `calibrate` wrote.")
@click.option("--out", type=A_FILE, metavar="FILE", help="Write the scenario there. [default: print it]")
@options.POLICY
@options.AS_OF
@options.QUARANTINE
@options.JSON
def command(file: Path, out: Path | None, as_json: bool, **how: Unpack[_From]) -> None:
    """Put what is known in place of what SCENARIO says, and tell where each value comes from.

    A snapshot (as `plan` reads it) or the store tells of areas, what is open and how old it is, skills, and
    who is there; the store also of what is notified a year. What is not known keeps the scenario's own value.
    """
    _check(how)
    scenario = read_scenario(file)
    fragment = read_fragment(how["calibrated"]) if how["calibrated"] else None
    areas = tuple(area.upper() for area in how["areas"])
    known = _known(how, areas)
    found = fill(scenario, known.snapshot, areas, known.inflow, fragment)
    text = filled_text(found, is_json=(out or file).suffix.lower() == ".json")
    if out:
        out.write_text(text, encoding="utf-8", newline="\n")
    if as_json:
        screen.document(_document(found))
    elif out:
        _say(found, out)
    else:
        click.echo(text, nl=False)


def _check(how: _From) -> None:
    """Nothing, if it is said what from, once, and all that is said is of that."""
    is_read = how["snapshot"] is not None
    if is_read and how["is_stored"]:
        raise click.UsageError("--from and --store: give one of them")
    if not is_read and not how["is_stored"] and how["calibrated"] is None:
        raise click.UsageError("say what from: --from SNAPSHOT, --store, or --calibrated FILE")
    if not is_read and (how["policy"] or how["quarantine"]):
        raise click.UsageError("--policy and --quarantine are of a snapshot: give --from")
    if not is_read and not how["is_stored"] and (how["areas"] or how["as_of"]):
        raise click.UsageError("--area and --as-of are of what there is now: give --from or --store")


def _known(how: _From, areas: tuple[str, ...]) -> Known:
    """What there is, of the areas that are asked for.

    Raises
    ------
    BadInput
        There is no such area; or the snapshot, or the store, cannot be read.
    """
    known = Known()
    if how["snapshot"] is not None:
        reading = read_source(how["snapshot"], how)
        for row in reading.rejected:
            screen.aside(f"left out: {row.faults[0]}")
        known = Known(reading.snapshot)
    elif how["is_stored"]:
        day = how["as_of"] or clock.now().date()
        with opened(how["database"]).read() as connection:
            known = Known(queue(connection, day, areas=areas).snapshot, inflow(connection, day, areas))
    if known.snapshot is not None:
        there = {one.area for one in known.snapshot.areas} | {one.area for one in known.snapshot.cases}
        there |= {area for one in known.snapshot.reviewers for area in one.areas}
        faults = [unknown("area", area, there) for area in areas if area not in there]
        if faults:
            raise BadInput(faults)
    return known


def _document(found: Filling) -> dict[str, object]:
    told = found.model_dump(mode="json", exclude={"scenario"})
    return {"scenario": found.scenario.model_dump(mode="json", exclude_unset=True), **told}


def _say(found: Filling, out: Path) -> None:
    screen.heading("Filled in")
    rows = [row for key, some in groupby(found.filled, key=_shown) for row in [_row(key, list(some))]]
    screen.table(("key", "value", "from"), rows)
    screen.heading("As the scenario has it")
    screen.table(("key", "why"), [(one.key, one.why) for one in found.kept])
    screen.say("", f"Written to {out}")


def _shown(one: Filled) -> str:
    """The key of a row: a group's keys stand in one."""
    is_of_one = one.key.startswith(GROUPS) and not one.key.startswith(EACH)
    return one.key.rpartition(".")[0] if is_of_one else one.key


def _row(key: str, some: list[Filled]) -> tuple[str, str, str]:
    if len(some) == 1:
        return some[0].key, _short(some[0].value), some[0].source
    first, *rest = (f"{one.key.rpartition('.')[2]} {_short(one.value)}" for one in some)
    return key, first, "; ".join(rest)


def _short(value: object) -> str:
    """A value in few words: of a long list how many it has."""
    if isinstance(value, dict):
        return f"{sum(len(one) for one in value.values())} in {len(value)} areas"
    if isinstance(value, list):
        return f"{len(value)} of them" if len(value) > 4 else ", ".join(map(str, value)) or "none"
    return f"{value:g}" if isinstance(value, float) else str(value).lower()
