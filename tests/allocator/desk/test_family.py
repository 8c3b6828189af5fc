"""`family`: what may be told as things stand, and nothing of anybody else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from allocator.desk import Desk, Publication, family
from allocator.errors import BadInput
from tests.allocator.build import case, reviewer, snapshot

HELD = {"reviewer_id": "R1", "allocated_on": date(2026, 10, 5), "hours_left": 10.0}


def told(*published: Publication, **tables: Any) -> tuple[str, ...]:
    """What may be told of C1."""
    return family(Desk(snapshot(**tables)).now(published), "C1")


def test_of_a_case_that_somebody_has() -> None:
    """That they may do it, that they are independent, and when it will be done."""
    (text,) = told(cases=[case(**HELD)])
    assert text == (
        "This review has a reviewer. The reviewer has the training that this review asks for. They work in "
        "the area that is responsible for it. They have no recorded connection with the organisations that "
        "gave care. It is planned to be complete by 30 November 2026."
    )


def test_a_publication_counts() -> None:
    """What was given since the queue was read is told, as if it had been there."""
    assert told(Publication("C1", "lead", "R1"))[0].startswith("This review has a reviewer.")


def test_who_does_not_meet_a_rule_any_more_is_not_said_to() -> None:
    """A case typed anew keeps a lead who may not lead that type, and who does not cover its area."""
    people = [reviewer(review_types=("initial",), areas=("QXX",))]
    (text, second) = told(cases=[case(review_type="focused", **HELD)], reviewers=people)
    assert "training" not in text
    assert "area" not in text
    assert second.startswith("This review has no second reviewer yet.")


def test_of_a_case_on_hold() -> None:
    """That it is paused, and no day."""
    (held,) = told(cases=[case(on_hold_since=date(2026, 10, 20), hold_reason="coroner", **HELD)])
    assert "It is paused at present" in held
    assert "complete by" not in held
    (waits,) = told(cases=[case(on_hold_since=date(2026, 10, 20))])
    assert waits.startswith("This review is paused at present")


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, "This review waits for a reviewer. It is looked at again"),
        ({"hours_per_week": 1.0}, "Those who could take it have no time for it yet."),
        ({"areas": ("QXX",)}, "Nobody who works in or near the area"),
    ],
)
def test_of_a_case_that_nobody_has(fields: dict[str, Any], why: str) -> None:
    """Why, where something stops everybody; where somebody could take it, no reason is made up."""
    (text,) = told(reviewers=[reviewer(**fields)])
    assert why in text
    assert "R1" not in text


def test_a_case_that_is_not_there() -> None:
    """It is refused."""
    with pytest.raises(BadInput):
        family(Desk(snapshot()).now(), "C9")
