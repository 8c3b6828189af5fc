"""What is loaded all the same, but said."""

# ruff: noqa: E501 - messages are compared whole, and are read best on one line

from typing import Any

import pytest

from allocator.intake import parse_snapshot
from allocator.intake.codes import WARNINGS
from allocator.intake.privacy import is_like_nhs_number, looks_personal
from tests.allocator.intake.formats import TODAY, Document, sound


def warnings_of(document: Document) -> list[str]:
    """Return the lines of the warnings of a document that is otherwise sound."""
    found = parse_snapshot(document, today=TODAY).warnings
    assert all(one.code in WARNINGS for one in found)
    return [f"{one.code}: {one}" for one in found]


def changed(table: str, row: int, **columns: Any) -> Document:
    """Return the sound document with some cells changed."""
    document = sound()
    document[table][row] |= columns
    return document


def test_a_holder_who_is_not_in_reviewers_is_warned_of_and_the_case_stays() -> None:
    """The contract releases such a case; an absence for them would be a fault."""
    document = changed("cases", 1, reviewer_id="R7", second_reviewer_id="R8")
    assert warnings_of(document) == [
        "unknown-holder: /cases/1/reviewer_id: `R7` is not in reviewers: the case is released (value 'R7')",
        "unknown-holder: /cases/1/second_reviewer_id: `R8` is not in reviewers: the case is released (value 'R8')",
    ]
    assert parse_snapshot(document, today=TODAY).snapshot.cases[1].reviewer_id == "R7"


def test_names_that_bind_nothing_are_warned_of_once_with_a_count() -> None:
    """An excluded leaver, a provider without contract, an organisation that the table does not have."""
    document = changed("cases", 0, excluded_reviewers=["R7"])
    document["cases"][1] |= {"excluded_reviewers": ["R7"], "organisations": ["NEW"]}
    document["reviewers"][0]["provider"] = "other"
    assert warnings_of(document) == [
        "unknown-organisation: /cases/1/organisations: `NEW` is not in organisations (value '[…]')",
        "unknown-excluded: /cases/0/excluded_reviewers: `R7` is not in reviewers: nothing to exclude "
        "(2 rows) (value '[…]')",
        "unknown-provider: /reviewers/0/provider: `other` is not in contracts: "
        "no contract limits this reviewer (value 'other')",
    ]


def test_the_same_row_twice_is_warned_of() -> None:
    """Declines, absences and interests have no id of their own."""
    document = sound()
    for name in ("absences", "declines", "interests"):
        document[name].append(dict(document[name][0]))
    assert [line[:40] for line in warnings_of(document)] == [
        f"duplicate-row: /{place}: the row says the same"[:40]
        for place in ("absences/1", "declines/1", "interests/2")
    ]


def test_ids_like_nhs_numbers_are_warned_of_without_repeating_them() -> None:
    """9434765919 passes the check; its neighbour does not."""
    document = changed("cases", 3, case_id="943 476 5919")
    document["cases"].append(document["cases"][3] | {"case_id": "9434765918"})
    assert warnings_of(document) == [
        "nhs-number-like: /cases/3/case_id: a case_id looks like an NHS number: use the case system's own id"
    ]
    document["cases"] += [document["cases"][3] | {"case_id": code} for code in ("4010232137", "1234567890")]
    assert "2 case_ids look like an NHS number (entries 3, 5): " in warnings_of(document)[0]


@pytest.mark.parametrize("digits", ["9434765919", "943-476-5919", "943 476 5919", "4010232137", "9876543210"])
def test_ids_that_pass_the_check_of_nhs_numbers_are_known(digits: str) -> None:
    """Modulus 11 over the first nine digits, weights ten to two, with or without spaces."""
    assert is_like_nhs_number(digits)


@pytest.mark.parametrize(
    "digits", ["9434765918", "943476591", "94347659l9", "1234567890", "٩٤٣٤٧٦٥٩١٩", "C1", ""]
)
def test_other_ids_do_not_pass(digits: str) -> None:
    """A wrong digit, nine digits, a letter, a check of ten (never valid), other scripts' digits."""
    assert not is_like_nhs_number(digits)


def test_closed_areas_are_mapped_with_one_warning_each() -> None:
    """A chain of single successors is followed to its end; a reviewer there is warned of, not mapped."""
    document = sound()
    document["areas"] += [{"area": "OLD", "successors": ["MID"]}, {"area": "MID", "successors": ["Q2"]}]
    document["cases"][0]["area"] = document["cases"][2]["area"] = "old"
    document["reviewers"][1]["areas"] = ["MID", "Q2"]
    assert warnings_of(document) == [
        "closed-area-mapped: /cases/0/area: area `OLD` is closed: 2 cases were read as Q2 (value 'old')",
        "closed-area-covered: /reviewers/1/areas: area `MID` is closed, so no case is there (value '[…]'): give Q2",
    ]
    snapshot = parse_snapshot(document, today=TODAY).snapshot
    assert [case.area for case in snapshot.cases] == ["Q2", "Q2", "Q2", "Q2"]
    assert snapshot.reviewers[1].areas == ("MID", "Q2")


@pytest.mark.parametrize(
    "column",
    ["name", "nhs_number", "date_of_birth", "cause_of_death", "address", "postcode", "NHS No", "DOB", "First Name",
     "surname", "patient_surname_2", "Post Code", "e-mail", "Full name"],
)  # fmt: skip
def test_columns_that_look_like_personal_data_are_known_however_spelt(column: str) -> None:
    """Capitals, spaces and underscores do not hide them."""
    assert looks_personal(column)


@pytest.mark.parametrize(
    "column", ["case_id", "hours", "named_nurse_count", "area_code", "notified", "reason"]
)
def test_other_unknown_columns_are_not_taken_for_personal_data(column: str) -> None:
    """They are unknown columns, no more."""
    assert not looks_personal(column)
