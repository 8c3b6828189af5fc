"""The plan worked out by hand: nothing is wrong with it, and whatever is changed in it is found."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.audit import audit
from tests.allocator.audit import hand
from tests.allocator.audit.build import found

Path = tuple[str | int, ...]


def _at(document: Any, path: Path) -> Any:
    """Return what stands at a path."""
    for step in path:
        document = document[step]
    return document


def _after(path: Path, value: object, *, certificate: bool = False) -> set[tuple[str, str]]:
    """Return what is found when one value of the plan (or certificate) is another."""
    plan, proof = hand.plan(), hand.certificate()
    _at(proof if certificate else plan, path[:-1])[path[-1]] = value
    return found(audit(hand.SNAPSHOT, plan, proof))


def test_the_plan_worked_out_by_hand_is_right() -> None:
    """Every rule, date, hour, distance, count, level and bound."""
    assert audit(hand.SNAPSHOT, hand.plan(), hand.certificate()) == []


LEVELS = ("unallocated", "late", "cost")


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("name", ["value", "fixed", "bound"])
@pytest.mark.parametrize("by", [-1, 1])
def test_a_wrong_number_of_a_level_is_found(level: str, name: str, by: int) -> None:
    """One more or one less, at each level."""
    path = ("objective", level, name)
    wrong = _after(path, _at(hand.plan(), path) + by)
    assert level in {code for code, _ in wrong}


def test_a_finding_is_one_line_to_read() -> None:
    """Code, place and message."""
    plan = hand.plan() | {"as_of": "2026-11-03"}
    [finding] = audit(hand.SNAPSHOT, plan, hand.certificate())
    assert str(finding) == "digest: as_of: is '2026-11-03', the snapshot's is 2026-11-02"


def test_a_bound_above_the_value_is_found() -> None:
    """Whatever it is said to rest on."""
    assert ("cost", "objective.cost.bound") in _after(("objective", "cost", "bound"), 51)


def test_optimal_is_said_only_without_a_gap() -> None:
    """Of a level and of the plan."""
    assert _after(("objective", "cost", "proof"), "optimal") == {("cost", "objective.cost.proof")}
    assert _after(("solver", "proof"), "optimal") == {("shape", "solver.proof")}


@pytest.mark.parametrize(
    ("path", "value", "wrong"),
    [
        (("objective", "unallocated", "certified_bound"), 1160, "unallocated"),
        (("objective", "unallocated", "certified_bound"), None, "unallocated"),
        (("objective", "late", "certified_bound"), 853, "late"),
        (("objective", "cost", "certified_bound"), 48, "cost"),
        (("objective", "cost", "bounded_by"), "fixed", "cost"),
        (("objective", "cost", "bounded_by"), "guess", "cost"),
        (("objective", "cost", "gap"), 0.19, "cost"),
        (("objective", "cost"), None, "cost"),
        (("summary", "new"), 3, "summary"),
        (("summary", "unallocated"), {"on_hold": 2}, "summary"),
        (("summary", "eligible"), {"cases": 5, "in_time": 2, "late": 1}, "summary"),
        (("assignments", 0, "hours"), 14.01, "hours"),
        (("assignments", 0, "distance_km"), 11.2, "distance"),
        (("assignments", 0, "distance_km"), None, "distance"),
        (("assignments", 0, "start_on"), "2026-11-05", "dates"),
        (("assignments", 0, "finish_on"), "2026-12-27", "dates"),
        (("assignments", 0, "complete_by"), "2027-04-04", "dates"),
        (("assignments", 1, "on_time"), True, "dates"),
        (("assignments", 0, "change"), "moved", "shape"),
        (("assignments", 3, "previous_reviewer_id"), "R1", "shape"),
        (("assignments", 0, "reviewer_id"), "R7", "shape"),
        (("assignments", 0, "case_id"), "C7", "shape"),
        (("assignments", 0, "case_id"), "C5", "shape"),
        (("unassigned", 1, "reason_code"), "no_capacity", "reason_code"),
        (("workloads", 0, "state"), "full", "workloads"),
        (("workloads", 1, "workload_percent"), 72.7, "workloads"),
        (("workloads", 2, "workload_percent"), 0, "workloads"),
        (("snapshot_digest",), "0" * 64, "digest"),
        (("as_of",), "2026-11-03", "digest"),
        (("policy", "horizon"), {"weeks": 9, "day_job_weeks": 52}, "digest"),
        (("max_moves",), 1, "certificate"),
        (("max_moves",), -1, "shape"),
    ],
)
def test_a_wrong_value_is_found_where_it_is(path: Path, value: object, wrong: str) -> None:
    """Each kind of finding has its own code."""
    assert wrong in {code for code, _ in _after(path, value)}


def test_the_order_of_lines_is_part_of_the_plan() -> None:
    """Assignments by case then role, workloads by reviewer."""
    for table in ("assignments", "unassigned", "workloads"):
        plan = hand.plan()
        plan[table].reverse()
        assert audit(hand.SNAPSHOT, plan, hand.certificate())


def test_a_place_stands_once_and_in_one_table() -> None:
    """Twice, in both or in neither is damage."""
    plan = hand.plan()
    plan["assignments"].insert(0, plan["assignments"][0])
    assert ("shape", "case C1, lead") in found(audit(hand.SNAPSHOT, plan, None))
    plan = hand.plan()
    plan["unassigned"].insert(0, {**plan["unassigned"][0], "case_id": "C1"})
    assert ("shape", "case C1, lead") in found(audit(hand.SNAPSHOT, plan, None))
    plan = hand.plan()
    del plan["unassigned"][0]
    assert ("shape", "case C3, lead") in found(audit(hand.SNAPSHOT, plan, None))


def _paths(document: Any, here: Path = ()) -> list[Path]:
    """Return the path of every value in a document."""
    steps = document.items() if isinstance(document, dict) else enumerate(document)
    found_here = []
    for step, value in steps:
        found_here.append((*here, step))
        if isinstance(value, dict | list):
            found_here += _paths(value, (*here, step))
    return found_here


# What a change may leave true: free text, times, how it was solved, a weaker claim, and keys of the policy
# that are the shipped defaults.
_FREE = {"created_at", "reason", "remedy", "method", "seconds", "seed", "workers", "versions", "effort"}
_FREE |= {"warnings", "bounded_by", "proof", "policy"}
_JUNK = st.sampled_from(
    [
        None,
        True,
        False,
        0,
        1,
        -1,
        2**70,
        0.5,
        float("nan"),
        float("inf"),
        "",
        "R1",
        "C1",
        "lead",
        [],
        [1],
        {},
        {"a": 1},
    ]
)


def _changed(document: Any, path: Path, delete: bool, junk: object) -> bool:
    """Change one value in place; return whether that makes a difference."""
    holder, before = _at(document, path[:-1]), _at(document, path)
    if delete:
        del holder[path[-1]]
        return True
    holder[path[-1]] = junk
    return type(before) is not type(junk) or before != junk


@given(st.sampled_from(_paths(hand.plan())), st.booleans(), _JUNK)
def test_any_change_to_the_plan_is_found_and_none_breaks_the_audit(
    path: Path, delete: bool, junk: object
) -> None:
    """Every value of the plan is deleted or replaced by junk of every type."""
    plan = hand.plan()
    changed = _changed(plan, path, delete, junk)
    findings = audit(hand.SNAPSHOT, plan, hand.certificate())
    same = isinstance(junk, int | float) and not delete and _at(hand.plan(), path) == junk
    assert findings or not changed or same or _FREE & set(path)


@given(st.sampled_from(_paths(hand.certificate())), st.booleans(), _JUNK)
def test_no_change_to_the_certificate_breaks_the_audit(path: Path, delete: bool, junk: object) -> None:
    """What is left of it may still prove the same bound."""
    certificate = hand.certificate()
    _changed(certificate, path, delete, junk)
    audit(hand.SNAPSHOT, hand.plan(), certificate)


@pytest.mark.parametrize(
    "junk", [None, [], "plan", 1, {}, {"assignments": {}}, {"assignments": [None, 1, []]}]
)
def test_what_is_no_plan_at_all_is_a_finding(junk: object) -> None:
    """Neither as plan nor as certificate does anything break the audit."""
    assert audit(hand.SNAPSHOT, junk, junk)
    assert audit(hand.SNAPSHOT, hand.plan(), junk)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("unit",), 100),
        (("plan_id",), "another"),
        (("snapshot_digest",), "0"),
        (("max_moves",), False),
        (("levels", "unallocated", "bound"), 1160),
        (("levels", "unallocated", "kind"), "guess"),
        (("levels", "unallocated", "prices"), []),
        (("levels", "unallocated", "prices"), {"lead": {"C3": 0.5}}),
        (("levels", "unallocated", "prices"), {"lead": {"C2": 5}}),
        (("levels", "unallocated", "prices"), {"lead": {"C9": 5}}),
        (("levels", "unallocated", "second_needs_lead"), {"C2": 5}),
        (("levels", "unallocated", "admin"), {"QA": 5}),
        (("levels", "unallocated", "admin"), {"QA": -5}),
        (("levels", "unallocated", "contract_cases"), {"acme": 5}),
        (("levels", "unallocated", "open_cases"), {"R1": 5}),
        (("levels", "unallocated", "moves"), 7),
        (("levels", "late"), None),
        (("levels", "late", "kind"), "lagrangian"),
        (("levels", "late", "bound"), 853),
        (("levels", "cost", "bound"), 48),
        (("levels", "cost", "prices", "lead", "C1"), 10_000),
        (("levels", "cost", "prices", "second", "C2"), 38_000.5),
        (("levels", "cost", "higher_levels"), {}),
        (("levels", "cost", "higher_levels", "unallocated"), 1159),
        (("levels", "cost", "higher_levels", "unallocated", "at_most"), 1158),
        (("levels", "cost", "higher_levels", "unallocated", "at_most"), 1159 + 92),
        (("levels", "cost", "higher_levels", "late", "at_most"), 853),
        (("levels", "cost", "higher_levels", "late", "price"), -1),
        (("levels", "cost", "higher_levels", "late"), {"price": 100, "at_most": 900}),
        (("levels",), {}),
    ],
)
def test_a_wrong_certificate_is_found(path: Path, value: object) -> None:
    """A bound its prices do not give, a price for what is not there, another plan's certificate."""
    assert "certificate" in {code for code, _ in _after(path, value, certificate=True)}


@pytest.mark.parametrize("level", LEVELS)
def test_a_certificate_that_proves_less_is_not_the_plan_s(level: str) -> None:
    """Even where the prices prove more than the certificate claims, plan and certificate say the same."""
    path = ("levels", level, "bound")
    assert _after(path, _at(hand.certificate(), path) - 1, certificate=True)


def test_what_is_proved_by_search_has_to_be_believed() -> None:
    """At any level, if the plan says so too; not if the plan calls it certified."""
    for level in LEVELS:
        plan, proof = hand.plan(), hand.certificate()
        claim, entry = plan["objective"][level], proof["levels"][level]
        entry |= {"kind": "search"}
        assert level in {code for code, _ in found(audit(hand.SNAPSHOT, plan, proof))}
        claim |= {"bounded_by": "search", "certified_bound": None}
        assert audit(hand.SNAPSHOT, plan, proof) == []
        entry |= {"bound": entry["bound"] + 1}
        assert ("certificate", f"levels.{level}") in found(audit(hand.SNAPSHOT, plan, proof))


@pytest.mark.parametrize("max_moves", [0, 1])
def test_every_plan_comes_with_a_certificate(max_moves: int) -> None:
    """With moves it is the same, but that it says so."""
    plan = hand.plan() | {"max_moves": max_moves}
    proof = hand.certificate() | {"max_moves": max_moves}
    assert audit(hand.SNAPSHOT, plan, proof) == []
    assert ("certificate", "certificate") in found(audit(hand.SNAPSHOT, plan, None))
