"""Samples for the tests: made, written, and read back as a coordinator's files would be."""

from datetime import date
from pathlib import Path

from allocator.intake import Reading, read_snapshot
from allocator.sample import SampleSpec, make_sample, write_sample

LATER = date(2026, 11, 1)


def written(spec: SampleSpec, folder: Path) -> Path:
    """Return the folder into which a sample was written."""
    write_sample(make_sample(spec, spec.rng()), folder)
    return folder


def read_back(spec: SampleSpec, folder: Path) -> Reading:
    """Return the sample as intake reads it; BadInput if it has a fault."""
    return read_snapshot(written(spec, folder), today=LATER)


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder by name."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
