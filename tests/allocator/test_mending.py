"""What to mend first: by what it holds up, each fault told once, with all that waits for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from allocator.errors import Fault
from allocator.intake import parse_snapshot
from allocator.intake.quarantine import LEANS
from allocator.mending import Group, Level, to_mend
from allocator.snapshot import Snapshot

DAY = date(2026, 11, 2)
PLACE = {"latitude": 51.5, "longitude": 0.1}
REVIEWERS = [{"reviewer_id": f"R{at}", "areas": ["QAA"], "hours_per_week": 20} for at in (1, 2)]


@dataclass(frozen=True)
class Row:
    """A row that is set aside."""

    number: int
    kind: str
    record_id: str | None
    row: Mapping[str, Any]
    faults: tuple[Fault, ...]
    area: str | None = "QAA"


def case(case_id: str = "C1", **fields: Any) -> dict[str, Any]:
    """A case that lacks nothing."""
    plain = {"area": "QAA", "notified_on": "2026-09-01", "review_type": "initial", "organisations": ["RYY"]}
    return {"case_id": case_id, **plain, **PLACE, **fields}


def of(*cases: Mapping[str, Any], **more: Any) -> Snapshot:
    """The queue as it is kept."""
    document = {"areas": [{"area": "QAA"}], "reviewers": REVIEWERS, "cases": list(cases), **more}
    return parse_snapshot(document, today=DAY).snapshot


def aside(number: int, code: str = "out-of-range", column: str = "priority", **fields: Any) -> Row:
    """A case that is set aside."""
    row = case(f"N{number}", **fields)
    return Row(number, "cases", f"N{number}", row, (Fault(code, f"`{column}` is wrong", column=column),))


def told(found: list[Group]) -> list[tuple[str, Level, int, int]]:
    """Key, level, rows and cases of each group."""
    return [(one.key, one.level, len(one.rows), len(one.concerns)) for one in found]


def test_a_queue_that_lacks_nothing_has_nothing_to_mend() -> None:
    """A case that waits for its evidence lacks none of it."""
    assert to_mend([], of(case())) == []


def test_what_holds_up_most_comes_first() -> None:
    """A case in no plan, hidden work, a declaration, what is assumed."""
    held = {"reviewer_id": "R1", "allocated_on": "2026-10-01"}
    queue = of(case(organisations=[]), case("C2", **held, evidence_received_on="2026-10-20"))
    rows = [aside(1, column="effort_hours", **held), aside(2)]
    assert told(to_mend(rows, queue)) == [
        ("cases.priority.out-of-range", Level.PLAN, 1, 1),
        ("cases.effort_hours.out-of-range", Level.WORK, 1, 1),
        ("lacks.organisations", Level.DECLARE, 0, 1),
        ("lacks.hours_left", Level.ASSUMED, 0, 1),
    ]


def test_of_what_holds_up_alike_what_is_overdue_comes_first() -> None:
    """However many others there are; a day that cannot be read leaves it open."""
    many = [aside(number) for number in (1, 2, 3)]
    late = aside(4, column="effort_hours", notified_on="2026-01-01")
    unclear = aside(5, "not-a-date", "notified_on", notified_on="soon")
    found = to_mend([*many, late, unclear], of())
    assert [one.key for one in found] == [
        "cases.effort_hours.out-of-range",
        "cases.priority.out-of-range",
        "cases.notified_on.not-a-date",
    ]
    assert [(one.overdue, one.unclear) for one in found] == [(1, 0), (0, 0), (0, 1)]


def test_what_waits_for_a_row_is_counted_with_it() -> None:
    """An absence keeps its reviewer out, and so their cases: one thing is to be mended."""
    away = Row(
        1, "absences", None, {"reviewer_id": "R9"}, (Fault("reversed-dates", "it ends first", column="to"),)
    )
    lean = Fault(LEANS, "a row of theirs was left out", column="reviewer_id")
    reviewer = Row(2, "reviewers", "R9", {"reviewer_id": "R9", "areas": ["QAA"]}, (lean,))
    theirs = Row(3, "cases", "N3", case("N3", reviewer_id="R9"), (lean,))
    (group,) = to_mend([away, reviewer, theirs], of())
    assert told([group]) == [("absences.to.reversed-dates", Level.PLAN, 1, 1)]
    assert group.says == "Absences: it ends first"


def test_an_absence_of_a_reviewer_who_is_kept_makes_them_look_freer() -> None:
    """With the cases that they have."""
    away = Row(
        1, "absences", None, {"reviewer_id": "R1"}, (Fault("reversed-dates", "it ends first", column="to"),)
    )
    full = case(reviewer_id="R1", allocated_on="2026-10-01", hours_left=3, evidence_received_on="2026-10-20")
    assert told(to_mend([away], of(full))) == [("absences.to.reversed-dates", Level.WORK, 1, 1)]


def test_a_row_whose_reason_is_gone_is_to_be_tried_again() -> None:
    """What it leaned on was dismissed, or is not the caller's to see."""
    row = Row(1, "cases", "N1", case("N1"), (Fault(LEANS, "x", column="area"),))
    (group,) = to_mend([row], of())
    assert group.key == f"cases.area.{LEANS}"
    assert group.how.endswith("try all rows again")


def test_a_correction_of_a_case_that_is_kept_holds_up_no_plan() -> None:
    """It is planned with what was known before."""
    row = Row(1, "cases", "C1", case(priority=12), (Fault("out-of-range", "x", column="priority"),))
    assert told(to_mend([row], of(case()))) == [("cases.priority.out-of-range", Level.ASSUMED, 1, 1)]


def test_independence_that_was_declared_lacks_nothing() -> None:
    """And where the policy holds such cases they are in no plan."""
    held = {
        "reviewer_id": "R1",
        "allocated_on": "2026-10-01",
        "hours_left": 2,
        "evidence_received_on": "2026-10-20",
    }
    queue = of(case(organisations=[], **held))
    assert to_mend([], queue, {("C1", "R1")}) == []
    strict = of(case(organisations=[]), policy={"conflict": {"unknown_organisations": "hold"}})
    assert told(to_mend([], strict)) == [("lacks.organisations", Level.PLAN, 0, 1)]


def test_a_holder_who_is_nobody_is_told() -> None:
    """The case would be given to somebody else."""
    queue = of(case(reviewer_id="R9", allocated_on="2026-10-01", evidence_received_on="2026-10-20"))
    assert told(to_mend([], queue)) == [("lacks.holder", Level.WORK, 0, 1)]
