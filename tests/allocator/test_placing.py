"""What a plan does for each area is counted once, of the cases asked for."""

from __future__ import annotations

from allocator.placing import placing, together


def filled(case_id: str, change: str, on_time: bool | None = True, role: str = "lead") -> dict[str, object]:
    """A row of assignments."""
    return {"case_id": case_id, "role": role, "change": change, "on_time": on_time}


def empty(case_id: str, code: str, role: str = "lead") -> dict[str, object]:
    """A row of unassigned."""
    return {"case_id": case_id, "role": role, "reason_code": code}


def test_each_row_is_counted_in_its_area() -> None:
    """Leads by what becomes of them, seconds apart, other cases not at all."""
    assignments = [
        filled("C1", "new"),
        filled("C2", "new", False),
        filled("C2", "new", False, "second"),
        filled("C3", "kept", None),
        filled("C4", "moved", False),
        filled("C8", "moved", False),
        filled("C9", "moved"),
        filled("C5", "kept", True, "second"),
        filled("X", "new"),
    ]
    unassigned = [empty("C6", "on_hold"), empty("C7", "skill"), empty("C7", "assignment", "second")]
    area_of = {f"C{at}": "QAA" if at < 4 else "QBB" for at in range(1, 10)}
    found = placing(assignments, unassigned, area_of, {"C8", "C9"})
    assert found["QAA"].model_dump(exclude_defaults=True) == {
        "placed": 2, "placed_late": 1, "moved": 0, "moved_late": 0, "moved_waiting": 0,
        "moved_waiting_late": 0, "kept": 1, "kept_late": 0, "without": 0, "on_hold": 0, "seconds": 1,
        "seconds_without": 0,
    }  # fmt: skip
    assert (found["QBB"].moved_late, found["QBB"].without, found["QBB"].on_hold) == (2, 1, 1)
    assert (found["QBB"].moved, found["QBB"].moved_waiting, found["QBB"].moved_waiting_late) == (3, 2, 1)
    assert found["QBB"].seconds_without == 1
    total = together(found.values())
    assert (total.placed, total.moved, total.without) == (2, 3, 1)
    assert together([]) == total.model_copy(update=dict.fromkeys(type(total).model_fields, 0))
