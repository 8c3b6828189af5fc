"""Made-up queues for the tests: read back from their files, as a coordinator's would be."""

from __future__ import annotations

from pathlib import Path

from allocator.intake import Reading, read_snapshot
from allocator.sample import SampleSpec, make_sample, write_sample
from tests.system.documents import AS_OF


def sample_folder(folder: Path, cases: int, reviewers: int, seed: int = 1, load: float = 1.0) -> Path:
    """The folder of a made-up queue."""
    spec = SampleSpec(cases=cases, reviewers=reviewers, seed=seed, load=load)
    write_sample(make_sample(spec, spec.rng()), folder)
    return folder


def sample(folder: Path, cases: int, reviewers: int, seed: int = 1, load: float = 1.0) -> Reading:
    """The queue itself; it says its own day."""
    return read_snapshot(sample_folder(folder, cases, reviewers, seed, load), today=AS_OF)
