"""Nobody watches: what is told comes late, twice and torn, processes die, and all ends as if none had."""

from __future__ import annotations

import logging
import sys
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.databases import KINDS, an_empty
from tests.unattended.disk import a_small_disk, tables_in
from tests.unattended.trial import Report, tried
from tests.unattended.world import KILLS, World

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked for in /proc")


@contextmanager
def a_world(kind: str, folder: Path, megabytes: int) -> Iterator[tuple[World, Path | None]]:
    """A service over a new database, which is gone afterwards, and the file that fills the store's disk.

    There is none where a small disk cannot be made. Of PostgreSQL its tables are on it, and its log is not.
    """
    name = f"unattended-{uuid.uuid4().hex[:8]}"
    with ExitStack() as stack:
        disk = stack.enter_context(a_small_disk(megabytes))
        small = stack.enter_context(tables_in(disk)) if disk and kind == "postgresql" else None
        on_disk = disk if kind == "sqlite" else disk if small else None
        database = stack.enter_context(an_empty(kind, disk if disk and kind == "sqlite" else folder))
        url = database.engine.url
        if kind == "postgresql":
            where = f" -cdefault_tablespace={small}" if small else ""
            more = {"application_name": name, "options": f"{url.query['options']}{where}"}
            url = url.update_query_dict(more)
        world = World(url.render_as_string(hide_password=False), folder, name)
        try:
            yield world, on_disk and on_disk / "filler"
        finally:
            world.close()


def broken(kind: str, folder: Path, megabytes: int, how: tuple[int, int, int]) -> Report:
    """What a trial was of a seed, so many messages and so many breaks; the disk is full where it can be."""
    seed, messages, breaks = how
    with a_world(kind, folder, megabytes) as (world, filler):
        report = tried(world, seed, messages, breaks, filler)
    logging.getLogger("unattended").info("%s: %s", kind, report)
    assert sum(report.killed.values()) == breaks
    assert bool(report.turned_away) == (filler is not None)
    assert report.published > 0
    return report


@pytest.mark.thorough
@pytest.mark.parametrize("kind", KINDS)
def test_a_stream_and_everything_that_breaks(kind: str, tmp_path: Path) -> None:
    """Ten breaks in three hundred; the disk is full for a while, where it can be made so."""
    report = broken(kind, tmp_path, 64, (8, 300, 10))
    assert set(report.killed) == set(KILLS)
    assert report.cut > 0


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_go_live_and_fifty_breaks(kind: str, tmp_path: Path) -> None:
    """Five thousand notifications."""
    broken(kind, tmp_path, 512, (88, 5_000, 50))
