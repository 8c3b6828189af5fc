"""Files of published counts: what is sound is read by day, what cannot be is refused with its key."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from allocator.errors import BadInput
from scenarios.counts import counts_of, read_counts, shipped_counts

ROW = {"on": "2018-12-31", "notified": 40, "source": "a paper"}
MORE = {"on": "2018-12-31", "completed": 10, "unallocated": 12, "within": 2, "source": "another"}


def document(*rows: dict[str, Any]) -> dict[str, Any]:
    """A file of some rows."""
    return {"counts": list(rows)}


def faults(*rows: dict[str, Any]) -> dict[str, str]:
    """The code of each fault by its pointer; none where it is sound."""
    try:
        counts_of(document(*rows))
    except BadInput as error:
        return {fault.pointer or "": fault.code for fault in error.faults}
    return {}


def test_figures_come_by_day_each_with_its_rounding_and_source() -> None:
    """Two publications may speak of one day; a day that stands later in the file may be an earlier one."""
    found = counts_of(document(MORE, ROW, {**ROW, "on": "2017-11-30", "notified": 0}))
    assert [(one.on, one.figure, one.cases, one.within) for one in found] == [
        (date(2017, 11, 30), "notified", 0, 0),
        (date(2018, 12, 31), "notified", 40, 0),
        (date(2018, 12, 31), "completed", 10, 2),
        (date(2018, 12, 31), "unallocated", 12, 2),
    ]
    assert [one.pointer for one in found[1:3]] == ["/counts/1/notified", "/counts/0/completed"]


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([], {"/counts": "bad-value"}),
        ([{**ROW, "notified": -1}], {"/counts/0/notified": "bad-value"}),
        ([{**ROW, "on": "2018-13-01"}], {"/counts/0/on": "bad-value"}),
        ([{**ROW, "source": ""}], {"/counts/0/source": "bad-value"}),
        ([{**ROW, "open": 3}], {"/counts/0/open": "unknown-key"}),
        ([{"on": "2018-12-31", "source": "x"}], {"/counts/0": "bad-value"}),
        ([ROW, MORE, {**ROW, "notified": 41}], {"/counts/2/notified": "duplicate"}),
        ([ROW, {**MORE, "completed": 43}], {"/counts/1/completed": "bad-value"}),
        ([ROW, {**MORE, "completed": 42}], {}),
        ([{**ROW, "notified": 0}], {}),
    ],
)
def test_what_cannot_be_is_refused_with_its_key(rows: list[dict[str, Any]], wrong: dict[str, str]) -> None:
    """More completed than were notified cannot be, unless rounding explains it."""
    assert faults(*rows) == wrong


def test_the_shipped_counts_are_sound_and_those_of_2019_lie_apart() -> None:
    """What the forecast is fitted on knows nothing of the year that is foretold."""
    files = shipped_counts()
    fitted, came = read_counts(files["england-2018"]), read_counts(files["england-2019"])
    assert max(one.on for one in fitted) == date(2018, 12, 31)
    assert {one.on for one in came} == {date(2019, 12, 31)}
    assert {one.figure: one.cases for one in came} == {
        "notified": 7145, "completed": 3195, "in_progress": 1923, "unallocated": 2027,
    }  # fmt: skip


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    """With its name."""
    path = tmp_path / "counts.toml"
    path.write_text("counts = 3")
    with pytest.raises(BadInput) as raised:
        read_counts(path)
    assert raised.value.faults[0].file == "counts.toml"
