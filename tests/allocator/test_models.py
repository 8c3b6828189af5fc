"""The models: what they refuse, what they publish, and the digest that names a snapshot."""

import hashlib
import json
from datetime import date
from typing import Any

import jsonschema
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from allocator.cases import Case
from allocator.dates import add_months
from allocator.errors import BadInput, Fault, InternalFault
from allocator.intake import parse_snapshot
from allocator.intake.specs import ALONE, MODELS
from allocator.policy import Policy, Weights
from allocator.snapshot import Snapshot, snapshot_schema
from tests.allocator.intake.formats import TODAY, sound


def case(**columns: Any) -> Case:
    """Return a case with the given columns."""
    required: dict[str, Any] = {"case_id": "C1", "area": "Q1", "notified_on": "2026-01-05"}
    return Case.model_validate(required | {"review_type": "initial"} | columns)


def test_a_model_is_frozen_and_closed() -> None:
    """No field can be changed, none added."""
    with pytest.raises(ValidationError):
        case().case_id = "C2"  # type: ignore[misc]
    with pytest.raises(ValidationError):
        case(nhs_number="x")


def test_values_are_written_one_way() -> None:
    """Codes in capitals, labels in small letters, repeats dropped, positions to two decimals."""
    found = case(area=" q1 ", skills=["A", "a"], latitude=51.126, longitude=-0.001)
    assert (found.area, found.skills, found.latitude, str(found.longitude)) == ("Q1", ("a",), 51.13, "0.0")


@pytest.mark.parametrize(
    "columns",
    [{"priority": 10}, {"latitude": 91}, {"effort_hours": 0}, {"notified_on": "9999-12-31"},
     {"hours_left": "nan"}, {"case_id": ""}, {"reviewer_id": "a;b"}, {"hold_reason": "other reason"},
     {"case_id": "x" * 65}],
)  # fmt: skip
def test_values_out_of_range_are_refused(columns: dict[str, Any]) -> None:
    """By the model itself, whatever the way in."""
    with pytest.raises(ValidationError):
        case(**columns)


def every_model() -> list[type[BaseModel]]:
    """Return the models of rows, the snapshot and the policy with its parts."""
    parts = [field.annotation for field in Policy.model_fields.values()]
    nested = [part for part in parts if isinstance(part, type) and issubclass(part, BaseModel)]
    return [*MODELS.values(), *ALONE.values(), Snapshot, Policy, *nested]


@pytest.mark.parametrize("model", every_model(), ids=lambda model: model.__name__)
def test_every_field_is_described(model: type[BaseModel]) -> None:
    """The published schema explains each field."""
    assert all(field.description for field in model.model_fields.values())


def test_the_published_schema_takes_the_sound_document_and_refuses_slips() -> None:
    """JSON Schema 2020-12, valid in itself; `as_of` and `policy` may be left out."""
    schema = snapshot_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    document = sound()
    validator.validate(document | {"as_of": "2026-05-01", "policy": {"as_of": "2026-05-01"}})
    document["cases"][0]["priority"] = 12
    document["cases"][0]["notifed_on"] = "x"
    assert len(list(validator.iter_errors(document))) == 2


def test_the_digest_is_that_of_the_canonical_json() -> None:
    """Reckoned again from the dump, word for word as docs/input.md says."""
    snapshot = parse_snapshot(sound(), today=TODAY).snapshot
    document = snapshot.model_dump(mode="json", exclude_none=True)
    document["review_type_order"] = ["initial", "focused"]
    assert snapshot.digest() == hashlib.sha256(rfc8785.dumps(document)).hexdigest()
    assert document["absences"][0]["from"] == "2026-05-11"


def test_the_digest_changes_with_any_value() -> None:
    """One reason of one absence, the day, or one key of the policy."""
    snapshot = parse_snapshot(sound(), today=TODAY).snapshot
    document = sound()
    document["absences"][0]["reason"] = "other"
    others = [
        parse_snapshot(document, today=TODAY).snapshot,
        parse_snapshot(sound(), today=date(2026, 5, 2)).snapshot,
        parse_snapshot(sound(), policy={"weights": {"move": 51}}, today=TODAY).snapshot,
    ]
    assert len({snapshot.digest(), *(other.digest() for other in others)}) == 4


def test_a_snapshot_survives_its_own_json() -> None:
    """Dumped, read as a document, the same snapshot."""
    snapshot = parse_snapshot(sound(), today=TODAY).snapshot
    document = json.loads(snapshot.model_dump_json(exclude_none=True))
    assert parse_snapshot(document, today=TODAY).snapshot == snapshot


def test_bands_must_increase() -> None:
    """In share and in rate; a single band or none is fine."""
    for bands in ([[0.5, 1], [0.5, 2]], [[0.5, 2], [0.8, 2]], [[0.8, 1], [0.5, 2]]):
        with pytest.raises(ValidationError, match="bands must increase"):
            Weights.model_validate({"workload": bands})
    assert Weights.model_validate({"workload": []}).workload == ()


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [("2026-01-31", 1, "2026-02-28"), ("2024-01-31", 1, "2024-02-29"), ("2026-08-31", 6, "2027-02-28"),
     ("2026-12-15", 1, "2027-01-15"), ("2026-03-31", -1, "2026-02-28"), ("2026-05-05", 0, "2026-05-05")],
)  # fmt: skip
def test_months_are_clamped_to_the_months_end(day: str, months: int, expected: str) -> None:
    """As clocks and cooling-off periods count them."""
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(expected)


def test_months_outside_the_calendar_overflow() -> None:
    """Rather than end in a wrong year."""
    with pytest.raises(OverflowError, match="outside the calendar"):
        add_months(date(9999, 12, 1), 1)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.integers(0, 600), st.integers(0, 600))
def test_more_months_are_never_earlier(day: date, months: int, more: int) -> None:
    """add_months grows with its months, and moves by that many months exactly."""
    first, second = add_months(day, months), add_months(day, months + more)
    assert first <= second
    assert (first.year - day.year) * 12 + first.month - day.month == months


def test_errors_say_everything_in_their_text() -> None:
    """One line a fault; keys that are not given are left out."""
    fault = Fault("nan", "no number", "cases.csv", 7, column="hold_days", value="NaN", hint="a number")
    assert str(fault) == "cases.csv line 7, column hold_days: no number (value 'NaN'): a number"
    assert fault.as_dict() == {
        "code": "nan", "message": "no number", "file": "cases.csv", "line": 7, "column": "hold_days",
        "value": "NaN", "hint": "a number",
    }  # fmt: skip
    assert str(BadInput([fault, Fault("x", "y")])) == f"{fault}\ny"
    internal = InternalFault("abc", ["breach"])
    assert (internal.digest, internal.findings, str(internal).splitlines()[1]) == (
        "abc",
        ("breach",),
        "breach",
    )
