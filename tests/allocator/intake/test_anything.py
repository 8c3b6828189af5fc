"""Whatever comes in, there is a snapshot or a list of faults, and nothing else."""

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.errors import BadInput, Fault
from allocator.intake import parse_snapshot, read_snapshot
from allocator.intake.codes import CODES
from allocator.intake.specs import COLUMNS, TABLES
from tests.allocator.intake.formats import TODAY, sound

ODD_TEXT = st.text(st.characters(codec=None), max_size=12) | st.sampled_from(
    [
        "",
        " ",
        ";",
        "1e3",
        "nan",
        "-0",
        "٣",
        "2026-01-05",
        "9999-12-31",
        "true",
        "İ",
        "ß" * 64,
        "ŉ",
        "\ud800",
        "R1",
        "C1",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ODD_TEXT | st.just(10**400),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ODD_TEXT, inner, max_size=3),
    max_leaves=5,
)


def faults_of(path: Path) -> tuple[Fault, ...]:
    """Return the faults found at a path, none if it is sound."""
    try:
        read_snapshot(path, today=TODAY)
    except BadInput as error:
        return error.faults
    return ()


CELLS = st.sampled_from([(table, column) for table in TABLES for column in COLUMNS[table]])


def read(document: Any, quarantine: bool) -> None:
    """Read a document; any fault must have a known code, and be fit to print and to send."""
    try:
        reading = parse_snapshot(document, today=TODAY, quarantine=quarantine)
    except BadInput as error:
        found = error.faults
        assert found
    else:
        reading.snapshot.digest()
        found = reading.warnings
    for fault in found:
        assert fault.code in CODES
        json.dumps(fault.as_dict(), allow_nan=False).encode()
        str(fault).encode("utf-8")


@given(VALUES, st.booleans())
def test_any_value_is_a_snapshot_or_a_list_of_faults(value: Any, quarantine: bool) -> None:
    """At the top, or anywhere below the tables."""
    read(value, quarantine)
    read({"cases": value, "reviewers": [value], "policy": value, "as_of": value}, quarantine)
    read(
        {"cases": [], "reviewers": [], "policy": {"horizon": value, "review_types": {"initial": value}}},
        quarantine,
    )


@given(st.lists(st.tuples(CELLS, VALUES), min_size=1, max_size=3), st.booleans())
def test_any_value_in_any_column_is_a_snapshot_or_a_list_of_faults(
    puts: list[tuple[tuple[str, str], Any]], quarantine: bool
) -> None:
    """One to three cells of a sound document hold anything at all."""
    document = sound()
    for (table, column), value in puts:
        document[table][0][column] = value
    read(document, quarantine)


@given(st.binary(max_size=200), st.sampled_from(["cases.csv", "policy.toml", "s.json", "s.xlsx"]))
def test_any_bytes_are_a_snapshot_or_a_list_of_faults(data: bytes, name: str) -> None:
    """As a CSV file, a policy, a JSON file or a workbook."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / name
        path.write_bytes(data)
        with pytest.raises(BadInput) as caught:
            read_snapshot(path.parent if name in {"cases.csv", "policy.toml"} else path, today=TODAY)
        assert all(fault.code in CODES for fault in caught.value.faults)


@given(st.lists(st.lists(ODD_TEXT, max_size=4), max_size=4))
def test_any_cells_under_a_header_are_a_snapshot_or_a_list_of_faults(rows: list[list[str]]) -> None:
    """Quotes, commas and line ends wherever they fall."""
    text = "case_id,area,notified_on,review_type\n" + "\n".join(",".join(row) for row in rows)
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        (folder / "cases.csv").write_bytes(text.encode("utf-8", "replace"))
        (folder / "reviewers.csv").write_bytes(b"reviewer_id,areas,hours_per_week\n")
        assert all(fault.code in CODES for fault in faults_of(folder))
