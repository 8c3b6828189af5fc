"""What the commands of `allocator scenario` have in common."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

import click

from api.cli import interrupt, options
from api.cli.values import FileOrShipped
from scenarios.cluster import sent
from scenarios.files import shipped
from scenarios.run import Stopped

T = TypeVar("T")
FEW_CASES: Final = 500_000
"""Simulated in a second or two, in which another process does not more than start."""
FILE = click.argument("file", type=FileOrShipped(shipped))
OUT = click.option("--out", type=options.A_FOLDER, metavar="DIR", help="Write the files there.")
WORKERS = click.option(
    "--workers",
    type=click.IntRange(1, 256),
    help="How much runs at once. [default: all processors, or one for little]",
)


def cancellable(work: Callable[[Callable[[], bool]], T]) -> T:
    """What the work gives, here or on the cluster that was named; after a Ctrl-C it is told to stop."""
    there = click.get_current_context().find_object(Cluster)

    def run(stopped: Callable[[], bool]) -> T:
        with sent(there.workers if there else None):
            return work(stopped)

    return interrupt.cancellable(run)


def unless_stopped(work: Callable[[Callable[[], bool]], T]) -> T:
    """What the work gives; a Ctrl-C ends the command, for half a search says nothing."""
    try:
        return cancellable(work)
    except Stopped:
        raise click.Abort from None


@dataclass(frozen=True)
class Cluster:
    """How many a cluster runs at once; None: there is none."""

    workers: int | None


def processes(given: int | None, cases: float = math.inf) -> int:
    """How many to run it in: as asked; else all, or one where few cases are done before others start."""
    there = click.get_current_context().find_object(Cluster)
    many = there.workers if there else None
    return given or many or (1 if cases < FEW_CASES else os.cpu_count() or 1)


def save(path: Path, text: str) -> None:
    """Nothing; a file holds the text, the same bytes on every system."""
    path.write_text(text, encoding="utf-8", newline="\n")
