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


_CASE = {"area": "Q1", "notified_on": "2026-01-05", "review_type": "initial"}
_HELD = {"reviewer_id": "R1", "allocated_on": "2026-02-01"}
MANY: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("cases", "missing-value", _CASE | {"area": None}),
    ("cases", "not-a-date", _CASE | {"notified_on": "05/01/2026"}),
    ("cases", "unknown-review-type", _CASE | {"review_type": "intial"}),
    ("cases", "out-of-range", _CASE | {"priority": 10}),
    ("cases", "not-a-number", _CASE | {"hold_days": "three"}),
    ("cases", "bad-boolean", _CASE | {"locked": "yes"}),
    ("cases", "bad-choice", _CASE | {"out_of_scope": "adult"}),
    ("cases", "half-position", _CASE | {"latitude": 51.5}),
    ("cases", "lead-incomplete", _CASE | {"reviewer_id": "R1"}),
    ("cases", "locked-without-lead", _CASE | {"locked": "true"}),
    ("cases", "second-is-lead", _CASE | _HELD | {"review_type": "focused", "second_reviewer_id": "R1"}),
    ("cases", "after-as-of", _CASE | {"notified_on": "2026-05-02"}),
    ("reviewers", "nan", {"areas": "Q1", "hours_per_week": "nan"}),
    ("reviewers", "formula-text", {"areas": "=Q1", "hours_per_week": 5}),
    ("absences", "dangling-reference", {"reviewer_id": "R0", "from": "2026-06-01", "to": "2026-06-02"}),
    ("absences", "reversed-dates", {"reviewer_id": "R1", "from": "2026-06-03", "to": "2026-06-02"}),
    ("declines", "formula-text", {"reviewer_id": "R1", "case_id": "C1", "reason": "@all"}),
    ("declines", "not-a-date", {"reviewer_id": "R1", "case_id": "C1", "on": "soon"}),
)


def test_a_thousand_faults_in_four_files_are_all_listed(tmp_path: Path) -> None:
    """Faults of 15 kinds and more spread over sound rows: each is listed once, at its own line."""
    document = {
        name: rows for name, rows in sound().items() if name in {"cases", "reviewers", "absences", "declines"}
    }
    expected = []
    for at in range(1_000):
        table, code, row = MANY[at % len(MANY)]
        key = {"cases": "case_id", "reviewers": "reviewer_id"}.get(table)
        document[table].append(row | ({key: f"N{at}"} if key else {}))
        expected.append((f"{table}.csv", len(document[table]) + 1, code))
    with pytest.raises(BadInput) as caught:
        read_snapshot(WRITERS["csv"](document, tmp_path), today=TODAY)
    assert sorted((str(one.file), one.line or 0, one.code) for one in caught.value.faults) == sorted(expected)
    assert len({code for _, _, code in expected}) >= 15
