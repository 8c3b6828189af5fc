"""What a certificate claims, the audit finds proved: by prices for each level, with moves or not."""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.audit import audit
from allocator.certify import certificate
from allocator.decode import decode
from allocator.encode import encode
from allocator.places import Area, Contract
from allocator.plan import LevelCertificate
from allocator.snapshot import Snapshot
from solver.greedy import greedy
from solver.outcome import Limits
from solver.relax import relax
from solver.search import Search
from tests.allocator.audit.build import found, proves
from tests.allocator.audit.test_bounds import _CASE, _REVIEWER, _levels_of_all_plans, _snapshot
from tests.allocator.build import case, reviewer, snapshot
from tests.allocator.planning import stamp
from tests.allocator.wild import wild
from tests.docs.pages import text_of

LEVELS = ("unallocated", "late", "cost")
STEPS = 20
Document = dict[str, Any]


def scarce(seed: int) -> Snapshot:
    """A wild snapshot with too few people."""
    return wild(seed, n_cases=12, n_reviewers=3)


def scarce_priced(seed: int, max_moves: int) -> tuple[Document, Document]:
    """The quick plan of a scarce snapshot and its certificate, to change freely."""
    return deepcopy(_scarce_priced(seed, max_moves))


@cache
def _scarce_priced(seed: int, max_moves: int) -> tuple[Document, Document]:
    return priced(scarce(seed), max_moves)


def priced(one: Snapshot, max_moves: int) -> tuple[Document, Document]:
    """A quick plan whose three levels are bounded by prices alone, and its certificate."""
    encoding = encode(one, max_moves)
    search = Search(encoding.problem, Limits(effort=1))
    greedy(search)
    for level in range(len(LEVELS)):
        relax(search, level, STEPS)
    outcome = search.outcome()
    plan = decode(encoding, outcome, stamp(one.digest()))
    return plan.as_document(), certificate(encoding, outcome.levels, plan).as_document()


def values(plan: Document) -> tuple[int, ...]:
    """The plan's points at each level."""
    return tuple(plan["objective"][name]["value"] for name in LEVELS)


def raised(plan: Document, proof: Document, name: str, bound: int) -> None:
    """Claim this bound by prices at a level, in the plan and in its certificate."""
    claim = plan["objective"][name]
    claim["bound"] = claim["certified_bound"] = proof["levels"][name]["bound"] = bound
    claim["gap"] = (claim["value"] - bound) / max(1, claim["value"] - claim["fixed"])


def test_what_is_claimed_is_proved_and_no_more() -> None:
    """Of wild snapshots, at every level, with and without moves; one more than is proved is refused."""
    seen: Counter[tuple[str, bool]] = Counter()
    for seed in range(25):
        for moves in (0, 2):
            one = scarce(seed)
            plan, proof = scarce_priced(seed, moves)
            assert audit(one, plan, proof) == []
            for level, name in enumerate(LEVELS):
                entry = proof["levels"][name]
                assert plan["objective"][name]["bounded_by"] != "search"
                if entry["kind"] != "lagrangian":
                    continue
                seen[name, moves > 0] += 1
                proved = proves(one, entry, values(plan)[:level], moves)
                assert proved == entry["bound"] or moves
                assert proved >= entry["bound"]
                raised(plan, proof, name, proved + 1)
                assert "certificate" in {finding.code for finding in audit(one, plan, proof)}
                raised(plan, proof, name, entry["bound"] - 1)
    assert all(seen[name, moves] > 2 for name in LEVELS for moves in (False, True))


@given(
    st.lists(_CASE, min_size=2, max_size=3),
    st.lists(_REVIEWER, min_size=1, max_size=2),
    st.booleans(),
    st.integers(0, 2),
)
def test_what_is_claimed_is_never_above_the_best(
    cases: list[Document], people: list[Document], held: bool, max_moves: int
) -> None:
    """Of all plans that are no worse at the higher levels, tried one by one; good prices come near."""
    one = _snapshot(cases, people, held, 1.0)
    plan, proof = priced(one, max_moves)
    assert audit(one, plan, proof) == []
    tried = _levels_of_all_plans(one, max_moves)
    for level, name in enumerate(LEVELS):
        higher = values(plan)[:level]
        as_good = [each for each in tried if all(a <= b for a, b in zip(each, higher, strict=False))]
        assert proof["levels"][name]["bound"] <= min(each[level] for each in as_good)


@pytest.mark.parametrize("name", LEVELS)
def test_without_its_prices_nothing_is_proved(name: str) -> None:
    """A bound beyond what no plan could avoid falls with them."""
    tried = 0
    for seed in range(25):
        one = scarce(seed)
        plan, proof = scarce_priced(seed, 0)
        if proof["levels"][name]["kind"] == "lagrangian":
            proof["levels"][name]["prices"] = {"lead": {}, "second": {}}
            assert ("certificate", f"levels.{name}") in found(audit(one, plan, proof))
            tried += 1
    assert tried > 2


def short_of(what: str) -> tuple[Snapshot, int]:
    """Two cases with time for both, but one too few of what they share; and how many may move."""
    cases, people, tables = [case("C1"), case("C2", priority=1)], [reviewer()], {}
    if what == "admin":
        tables = {"areas": (Area(area="QYG", admin_hours_per_week=0.7),)}
    elif what.startswith("contract"):
        people = [reviewer(provider="acme")]
        left: Document = {"cases_left": 1} if what == "contract_cases" else {"hours_left": 20.5}
        tables = {"contracts": (Contract(provider="acme", **left),)}
    else:
        held = {"reviewer_id": "R1", "allocated_on": date(2026, 10, 5), "hours_left": 5.0}
        cases = [case(f"C{n}", skills=("autism",), priority=n) for n in (1, 2)]
        cases += [case(f"C{n}", **held) for n in (3, 4)]
        people = [reviewer("R1", max_open_cases=2, skills=("autism",)), reviewer("R2")]
    return snapshot(cases, people, **tables), int(what in ("moves", "open_cases"))


@pytest.mark.parametrize("what", ["admin", "contract_cases", "contract_minutes", "moves", "open_cases"])
def test_what_is_scarce_and_shared_has_its_price(what: str) -> None:
    """It proves that one case has to wait; at no price nothing is proved."""
    one, moves = short_of(what)
    plan, proof = priced(one, moves)
    assert audit(one, plan, proof) == []
    assert plan["objective"]["unallocated"]["bounded_by"] == "prices"
    entry = proof["levels"]["unallocated"]
    assert entry[what]
    entry[what] = 0 if what == "moves" else {}
    assert ("certificate", "levels.unallocated") in found(audit(one, plan, proof))


def test_every_field_of_an_entry_has_its_place_in_the_docs() -> None:
    """What can be written is explained."""
    page = text_of("docs/model.md")
    assert [name for name in LevelCertificate.model_fields if f"`{name}" not in page] == []
