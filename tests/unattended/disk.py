"""Disks that can be filled: small ones of their own, for a file or for the tables of PostgreSQL."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import psycopg

from tests.databases import ADMIN

FULL_SECONDS: Final = 0.5


@contextmanager
def a_small_disk(megabytes: int) -> Iterator[Path | None]:
    """A folder that is a disk of its own, and soon full; None: only an administrator can make one."""
    folder = Path(tempfile.mkdtemp())  # where the user of PostgreSQL can come, as they cannot into pytest's
    folder.chmod(0o755)
    size = f"size={megabytes}m"
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)], capture_output=True)
    try:
        yield folder if made.returncode == 0 else None
    finally:
        if made.returncode == 0:
            subprocess.run(["umount", "-l", str(folder)], check=True, capture_output=True)
        folder.rmdir()


@contextmanager
def tables_in(folder: Path) -> Iterator[str | None]:
    """The name of a tablespace in a folder; None where PostgreSQL is elsewhere, or not ours to command."""
    place, name = folder / "tables", f"small_{uuid.uuid4().hex[:12]}"
    place.mkdir()
    with psycopg.connect(ADMIN, autocommit=True) as connection:
        try:
            shutil.chown(place, "postgres", "postgres")
            connection.execute(f"CREATE TABLESPACE {name} LOCATION '{place}'")
        except (LookupError, OSError, psycopg.Error):
            yield None
            return
        try:
            yield name
        finally:
            connection.execute(f"DROP TABLESPACE {name}")


@contextmanager
def filled(filler: Path | None) -> Iterator[None]:
    """The disk is full as long as the first tries of a message last; None: it is not.

    Parameters
    ----------
    filler : the file that fills it
    """
    if filler is None:
        yield
        return
    with filler.open("wb", buffering=0) as out, suppress(OSError):
        while True:
            out.write(b"0" * 4_096)
    timer = threading.Timer(FULL_SECONDS, lambda: filler.unlink(missing_ok=True))
    timer.start()
    try:
        yield
    finally:
        timer.join()
