"""Disks that can be filled: small ones of their own, for a file or for the tables of PostgreSQL."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import psycopg

from tests.databases import ADMIN

NOTICED: Final = 10
"""So often messages are turned away before there is room again: what is written meanwhile is small."""


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


class Disk:
    """A disk that gets full, and is full until that was noticed so often.

    Parameters
    ----------
    filler : the file that fills it; None: it never gets full
    """

    def __init__(self, filler: Path | None) -> None:
        self.filler, self.noticed = filler, 0

    def fill(self) -> None:
        """Nothing is left of it, unless it was noticed often enough; what others gave back is taken too."""
        if self.filler is None or self.noticed >= NOTICED:
            return
        with self.filler.open("ab", buffering=0) as out, suppress(OSError):
            while True:
                out.write(b"0" * 4_096)

    def free(self) -> None:
        """There is room again."""
        if self.filler is not None:
            self.filler.unlink(missing_ok=True)

    def is_noticed(self) -> None:
        """Somebody was turned away: if it was full, that counts, and after so many there is room again."""
        if self.filler is not None and self.filler.exists():
            self.noticed += 1
            if self.noticed >= NOTICED:
                self.free()
