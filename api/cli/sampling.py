"""`allocator sample`: a made-up snapshot of any size."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TypedDict, Unpack

import click

from allocator.intake import read_snapshot
from allocator.sample import Description, GeographyFiles, SampleSpec, describe, make_sample, write_sample
from api import clock
from api.cli import options, screen
from api.cli.values import Day

_SPEC = SampleSpec()
_MAP_FILES = click.Path(path_type=Path, exists=True, dir_okay=False)


class _Wanted(TypedDict):
    """What sort of snapshot is asked for."""

    cases: int
    reviewers: int
    areas: int
    load: float
    seed: int
    files: tuple[Path, Path] | None
    as_of: date | None


def _spec(wanted: _Wanted) -> SampleSpec:
    try:
        return SampleSpec(
            cases=wanted["cases"],
            reviewers=wanted["reviewers"],
            areas=wanted["areas"],
            load=wanted["load"],
            seed=wanted["seed"],
            as_of=wanted["as_of"] or _SPEC.as_of,
            map=GeographyFiles(*wanted["files"]) if wanted["files"] else None,
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from error


@click.command("sample", short_help="Write a made-up snapshot of any size.")
@click.argument("directory", metavar="DIR", type=options.A_FOLDER)
@click.option("--cases", default=_SPEC.cases, show_default=True, help="How many cases.")
@click.option("--reviewers", default=_SPEC.reviewers, show_default=True, help="How many reviewers.")
@click.option(
    "--areas", default=_SPEC.areas, show_default=True, help="How many areas; of a map, neighbouring ones."
)
@click.option(
    "--map",
    "files",
    type=(_MAP_FILES, _MAP_FILES),
    metavar="AREAS.csv ORGANISATIONS.csv",
    help="Real geography instead of a made-up one.",
)
@click.option("--load", default=_SPEC.load, show_default=True, help="Work ÷ capacity.")
@click.option("--seed", default=_SPEC.seed, show_default=True, help="Another seed, another queue.")
@click.option("--describe", "described", is_flag=True, help="Print how hard the snapshot is.")
@click.option("--as-of", type=Day(), metavar="DATE", help=f"The snapshot's moment. [default: {_SPEC.as_of}]")
@options.JSON
def command(directory: Path, described: bool, as_json: bool, **wanted: Unpack[_Wanted]) -> None:
    """Write a made-up snapshot into DIR; no real case and no real person is in it.

    The same options give the same files.
    """
    spec = _spec(wanted)
    tables = make_sample(spec, spec.rng())
    write_sample(tables, directory)
    rows = {name: tables.rows(name) for name in tables.tables}
    _print(directory, rows, _describe(directory) if described else None, as_json)


def _describe(directory: Path) -> Description:
    return describe(read_snapshot(directory, today=clock.now().date()).snapshot)


def _print(directory: Path, rows: dict[str, int], description: Description | None, as_json: bool) -> None:
    if as_json:
        figures = {"description": description.as_dict()} if description else {}
        screen.document({"directory": str(directory), "rows": rows, **figures})
        return
    screen.say(f"{directory}: " + ", ".join(f"{count:,} {name}" for name, count in rows.items() if count))
    if description:
        screen.say(*str(description).splitlines())
