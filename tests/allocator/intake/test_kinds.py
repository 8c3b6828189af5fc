"""Every kind of bad input, in every format where it can occur, says exactly what is wrong and where."""

from pathlib import Path
from typing import Any

import pytest

from allocator.errors import BadInput, Fault
from allocator.intake import read_snapshot
from allocator.intake.codes import CODES
from tests.allocator.intake.formats import TODAY, WRITERS, Document, sound
from tests.allocator.intake.kinds import KINDS, Kind

HEADERS = {"unknown-column", "personal-data-column"}


def spoilt(kind: Kind) -> Document:
    """Return the sound document with the slip in it."""
    document = sound()
    document[kind.table][kind.row] |= kind.put
    if kind.code == "area-has-successors":
        document["areas"] += [{"area": "Q3"}]
        document["areas"][1]["successors"] = ["Q1", "Q3"]
        document["cases"] = document["cases"][:2]
        document["interests"].pop()
    return document


def place(kind: Kind, form: str) -> str:
    """Return where the fault is to stand, in that format's words."""
    row = kind.row if kind.at is None else kind.at
    if form == "json":
        return f"snapshot.json /{kind.table}/{row}/{kind.column}"
    line = 1 if kind.code in HEADERS else row + 2
    return f"{kind.table}{'.csv' if form == 'csv' else ''} line {line}, column {kind.column}"


def shown(value: Any, form: str) -> str:
    """Return a value as a fault of that format shows it."""
    if form == "csv":
        return repr(str(value).lower())
    return repr(float(value)) if form == "xlsx" and not isinstance(value, bool) else repr(value)


def message(kind: Kind, form: str) -> str:
    """Return the exact line that is to be reported."""
    value = kind.put.get(kind.column)
    if kind.code == "half-position":
        value = sound()["cases"][0]["latitude"]
    given = {"{value}": shown(value, form) if isinstance(value, (int, float)) else ""}
    given["{list}"] = "'[…]'" if form == "json" else repr("; ".join(value)) if isinstance(value, list) else ""
    given["{first}"] = (
        "entry 0 (value " + repr(value) + ")" if form == "json" else f"line 2 (value {value!r})"
    )
    text = kind.message
    for slot, word in given.items():
        text = text.replace(slot, word)
    return f"{place(kind, form)}: {text}"


CASES = [(kind, form) for kind in KINDS for form in kind.formats]


@pytest.mark.parametrize(("kind", "form"), CASES, ids=[f"{k.code}-{k.column}-{f}" for k, f in CASES])
def test_each_kind_of_bad_input_gives_its_exact_message(kind: Kind, form: str, tmp_path: Path) -> None:
    """The slip's own line is among the faults, word for word, and nothing was loaded."""
    path = WRITERS[form](spoilt(kind), tmp_path)
    with pytest.raises(BadInput) as caught:
        read_snapshot(path, today=TODAY)
    lines = [str(fault) for fault in caught.value.faults]
    assert message(kind, form) in lines
    assert all(fault.code in CODES for fault in caught.value.faults)
    assert _found(caught.value.faults, kind).code == kind.code


def _found(faults: tuple[Fault, ...], kind: Kind) -> Fault:
    """Return the fault of the kind's code."""
    return next(fault for fault in faults if fault.code == kind.code)


def test_there_are_at_least_25_kinds_in_any_format() -> None:
    """Twenty-five kinds, counted by code, occur in CSV, in workbooks and in JSON."""
    for form in WRITERS:
        assert len({kind.code for kind in KINDS if form in kind.formats}) >= 25


@pytest.mark.parametrize("form", WRITERS)
def test_all_faults_are_reported_at_once(form: str, tmp_path: Path) -> None:
    """One document with a slip in each of twenty places: twenty faults, in the order of the tables."""
    document = sound()
    document["cases"] = [
        {"case_id": f"D{at}", "area": "QX", "notified_on": "x", "review_type": "y"} for at in range(5)
    ]
    del document["declines"], document["interests"]
    document["absences"] = [document["absences"][0] | {"reviewer_id": "R9"}] * 5
    with pytest.raises(BadInput) as caught:
        read_snapshot(WRITERS[form](document, tmp_path), today=TODAY)
    codes = [fault.code for fault in caught.value.faults]
    assert (
        codes == ["not-a-date", "dangling-reference", "unknown-review-type"] * 5 + ["dangling-reference"] * 5
    )
