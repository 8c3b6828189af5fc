"""Planted faults are such as reading lists, one for one."""

import json
from pathlib import Path

import pytest

from allocator.errors import BadInput
from allocator.intake import read_snapshot
from allocator.sample import SampleSpec, make_sample, write_sample
from benchmarks import reading
from benchmarks._faults import KINDS, plant

SPEC = SampleSpec(cases=400, reviewers=60, areas=3)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a sound snapshot."""
    write_sample(make_sample(SPEC, SPEC.rng()), tmp_path)
    return tmp_path


def test_every_planted_fault_is_listed(folder: Path) -> None:
    """Each kind, planted twice, is listed by file, line, column and code; at least 15 kinds in 4 files."""
    planted = plant(folder, 2 * len(KINDS))
    with pytest.raises(BadInput) as bad:
        read_snapshot(folder, today=SPEC.as_of)
    listed = {(fault.file, fault.line, fault.column, fault.code) for fault in bad.value.faults}
    assert [one for one in planted if (one.file, one.line, one.column, one.code) not in listed] == []
    assert len({one.code for one in planted}) >= 15
    assert len({one.file for one in planted}) == 4
    assert len({(one.file, one.line) for one in planted}) == len(planted)


def test_more_faults_than_rows_are_refused(folder: Path) -> None:
    """Faults share no row, or they could hide each other."""
    with pytest.raises(ValueError, match=r"has too few rows for"):
        plant(folder, 5_000)


@pytest.mark.usefixtures("in_this_process")
def test_the_benchmark_counts_what_was_missed(capsys: pytest.CaptureFixture[str]) -> None:
    """Three rows: written, read, and read with faults, none of them missed."""
    assert reading.main(["--cases", "400", "--reviewers", "60", "--faults", "44"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["method"] for row in rows] == ["sample", "read", "list-faults"]
    assert (rows[2]["planted"], rows[2]["missed"], rows[2]["kinds"], rows[2]["files"]) == (44, 0, 20, 4)
    assert rows[2]["lines"] >= 44
