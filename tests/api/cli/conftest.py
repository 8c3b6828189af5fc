"""A small made-up queue, its plan, and a copy of it that cannot be read."""

import csv
import shutil
from pathlib import Path

import pytest

from api.cli import main

SMALL = ["--cases", "24", "--reviewers", "6"]
QUICK = ["--effort", "1"]


@pytest.fixture(scope="session")
def queue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a small made-up queue."""
    folder = tmp_path_factory.mktemp("queue")
    assert main(["sample", str(folder), *SMALL]) == 0
    return folder


@pytest.fixture(scope="session")
def planned(queue: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of that queue's plan."""
    folder = tmp_path_factory.mktemp("plan") / "out"
    assert main(["plan", str(queue), "--out", str(folder), *QUICK]) == 0
    return folder


@pytest.fixture
def broken(queue: Path, tmp_path: Path) -> Path:
    """Return a copy of the queue with one case that cannot be read."""
    folder = shutil.copytree(queue, tmp_path / "broken")
    with (folder / "cases.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    case = ["" for _ in header]
    for column, value in (("case_id", "BAD-1"), ("area", rows[0][1]), ("notified_on", "yesterday")):
        case[header.index(column)] = value
    case[header.index("review_type")] = rows[0][header.index("review_type")]
    with (folder / "cases.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerow(case)
    return folder


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
