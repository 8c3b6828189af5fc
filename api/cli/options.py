"""The arguments and options that several commands share, each said once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TypedDict

import click

from api.cli.values import Day, Duration, Percent

A_PATH = click.Path(path_type=Path)
A_FOLDER = click.Path(path_type=Path, file_okay=False)
"""Where results go; a file in its place is refused before the work, not after."""
SNAPSHOT = click.argument("snapshot", type=A_PATH)
PLAN = click.argument("plan", type=A_PATH)
POLICY = click.option(
    "--policy", type=A_PATH, metavar="FILE", help="A policy.toml that replaces the snapshot's policy whole."
)
AS_OF = click.option(
    "--as-of", type=Day(), metavar="DATE", help="The snapshot's moment. [default: its own, else today]"
)
QUARANTINE = click.option(
    "--quarantine", is_flag=True, help="Leave faulty rows out, and whatever refers to them, and say which."
)
JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of text.")

TOP = click.option(
    "--top", type=click.IntRange(1, 1000), default=5, show_default=True, help="How many at most."
)
PUBLISHED = click.option(
    "--published",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="What `publish` wrote: people were told of it after the snapshot was taken.",
)

OUT = click.option(
    "--out", type=A_FOLDER, metavar="DIR", help="Write the plan's files there, and print a summary."
)
TIME_LIMIT = click.option(
    "--time-limit",
    type=Duration(),
    default="30s",
    show_default=True,
    help="Of the whole command: such as 30s, 2m or 1h.",
)
EFFORT = click.option(
    "--effort",
    type=click.IntRange(1, 1000),
    help="Work instead of time: the same plan on every machine.",
)
GAP = click.option(
    "--gap", type=Percent(), default="0", metavar="PERCENT", help="Stop a level at this proved gap."
)
MAX_MOVES = click.option(
    "--max-moves",
    type=click.IntRange(0, 100_000),
    default=0,
    show_default=True,
    help="Held cases that may be moved.",
)
PREVIOUS = click.option(
    "--previous",
    type=A_PATH,
    metavar="PLAN",
    help="Begin from an earlier plan, of this snapshot or another: it is found sooner.",
)
WORKERS = click.option(
    "--workers",
    type=click.IntRange(1, 256),
    help="Threads to search with. [default: all processors]",
)
SEED = click.option(
    "--seed", type=click.IntRange(0, 2**31 - 1), default=1, show_default=True, help="Seed of the search."
)


class Search(TypedDict):
    """How far to search, and what may be moved."""

    time_limit: float
    effort: int | None
    gap: float
    max_moves: int
    workers: int | None
    seed: int


class Again(TypedDict):
    """How to read a snapshot as it was read for a plan; the day is the plan's."""

    policy: Path | None
    quarantine: bool


class Source(Again):
    """How to read a snapshot."""

    as_of: date | None


class ForReplan(Search, Source):
    """All that `replan` may be told beside its snapshot, the earlier plan and where the results go."""


class ForPlan(ForReplan):
    """All that `plan` may be told beside its snapshot and where the results go."""

    previous: Path | None
