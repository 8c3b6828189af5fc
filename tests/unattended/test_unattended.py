"""Nobody watches: what is told comes late, twice and torn, processes die, and all ends as if none had."""

from __future__ import annotations

import logging
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.databases import KINDS, an_empty
from tests.unattended.trial import tried
from tests.unattended.world import KILLS, World

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked for in /proc")


@contextmanager
def a_world(kind: str, folder: Path) -> Iterator[World]:
    """A service over a new database, which is gone afterwards."""
    name = f"unattended-{uuid.uuid4().hex[:8]}"
    with an_empty(kind, folder) as database:
        url = database.engine.url.render_as_string(hide_password=False)
        if kind == "postgresql":
            url += f"&application_name={name}"
        world = World(url, folder, name)
        try:
            yield world
        finally:
            world.close()


@contextmanager
def a_small_disk(folder: Path, megabytes: int) -> Iterator[bool]:
    """Whether a folder is a disk of its own now, and soon full: only an administrator can make it one."""
    size = f"size={megabytes}m"
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)], capture_output=True)
    try:
        yield made.returncode == 0
    finally:
        if made.returncode == 0:
            subprocess.run(["umount", "-l", str(folder)], check=True, capture_output=True)


@pytest.mark.parametrize("kind", KINDS)
def test_a_stream_and_everything_that_breaks(kind: str, tmp_path: Path) -> None:
    """Ten breaks in three hundred; on SQLite the disk is full for a while, where it can be made so."""
    with a_small_disk(tmp_path, 64) as is_small, a_world(kind, tmp_path) as world:
        filler = tmp_path / "filler" if is_small and kind == "sqlite" else None
        report = tried(world, seed=8, messages=300, breaks=10, filler=filler)
    logging.getLogger("unattended").info("%s: %s", kind, report)
    assert sum(report.killed.values()) == 10
    assert set(report.killed) == set(KILLS)
    assert report.cut > 0
    assert report.published > 0


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_go_live_and_fifty_breaks(kind: str, tmp_path: Path) -> None:
    """Five thousand notifications."""
    with a_small_disk(tmp_path, 512) as is_small, a_world(kind, tmp_path) as world:
        filler = tmp_path / "filler" if is_small and kind == "sqlite" else None
        report = tried(world, seed=88, messages=5_000, breaks=50, filler=filler)
    logging.getLogger("unattended").info("%s: %s", kind, report)
    assert sum(report.killed.values()) == 50
    assert report.published > 0
