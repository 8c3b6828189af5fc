"""A rule, a role of a rule or a term left out of the encoding: the audit refuses the plan, and says which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from allocator.audit import Finding, audit
from allocator.certify import certificate
from allocator.decode import Stamp, decode
from allocator.encode import encode
from allocator.points import TERMS
from allocator.rules import RULES, Rule, without
from allocator.snapshot import Snapshot
from solver.outcome import Limits
from solver.solve import solve
from tests.allocator.wild import wild
from tests.system.documents import NOW
from tests.system.samples import sample
from tests.system.told import CODES

LEVEL_OF = {
    "lead": "unallocated",
    "second": "unallocated",
    "late": "late",
    "kilometre": "cost",
    "away_from_home_area": "cost",
    "move": "cost",
    "workload": "cost",
}
PLANS_WITH_MOVES = {"locked", "move"}
IMPLIED = {("assignment", "lead"), ("available", "second")}
"""Not to be seen: one person never fills two places of a case, and without time there is no capacity."""
BOTH_ROLES = [
    (rule.code, role)
    for rule in RULES
    for role in ("lead", "second")
    if rule.lead and rule.second and (rule.code, role) not in IMPLIED
]


def findings(
    one: Snapshot, moves: int, rules: Iterable[Rule] = RULES, terms: Iterable[str] = TERMS
) -> list[Finding]:
    """What the audit finds in a plan made with something left out."""
    encoding, digest = encode(one, moves, rules, terms), one.digest()
    outcome = solve(encoding.problem, Limits(effort=1))
    stamp = Stamp("0" * 32, NOW.isoformat(), digest, 1, 1, 1, {"allocator": "0"})
    plan = decode(encoding, outcome, stamp)
    proof = certificate(encoding, outcome.levels, plan)
    return audit(one, plan.as_document(), proof.as_document())


@cache
def generated(folder: Path) -> tuple[Snapshot, ...]:
    """Wild little ones with everything near its edge, then three made-up queues as coordinators have them."""
    queues = (sample(folder / str(seed), 25, 6, seed, load=1.5).snapshot for seed in range(1, 4))
    return (*(wild(seed) for seed in range(150)), *queues)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where made-up queues are written."""
    return tmp_path_factory.mktemp("queues")


def every_finding(folder: Path, moves: int, rules: Iterable[Rule], terms: Iterable[str]) -> Iterator[Finding]:
    """The findings of one snapshot after the other."""
    rules, terms = tuple(rules), frozenset(terms)
    for one in generated(folder):
        yield from findings(one, moves, rules, terms)


def test_every_rule_of_the_contract_can_be_left_out() -> None:
    """So that none goes untried below."""
    assert {rule.code for rule in RULES} == set(CODES)
    assert set(LEVEL_OF) == TERMS


@pytest.mark.parametrize("code", CODES)
def test_without_a_rule_the_audit_finds_that_rule_broken(folder: Path, code: str) -> None:
    """By its own code, whatever else it finds."""
    moves = 2 if code in PLANS_WITH_MOVES else 0
    assert any(f.code == code for f in every_finding(folder, moves, without(code), TERMS))


@pytest.mark.parametrize(("code", "role"), BOTH_ROLES)
def test_without_a_rule_for_one_role_the_audit_finds_it_broken_there(
    folder: Path, code: str, role: str
) -> None:
    """A rule that is forgotten for seconds, or for leads."""
    rules = [replace(rule, **{role: None}) if rule.code == code else rule for rule in RULES]  # type: ignore[arg-type]
    found = every_finding(folder, 0, rules, TERMS)
    assert any(f.code == code and role in f.where for f in found)


@pytest.mark.parametrize("term", sorted(TERMS))
def test_without_a_term_the_audit_finds_that_level_s_value_wrong(folder: Path, term: str) -> None:
    """The value itself, not only what is said of its bound."""
    moves = 2 if term in PLANS_WITH_MOVES else 0
    wrong = f"objective.{LEVEL_OF[term]}.value"
    assert any(f.where == wrong for f in every_finding(folder, moves, RULES, TERMS - {term}))


def test_with_nothing_left_out_the_audit_finds_nothing() -> None:
    """The same little snapshots, with and without moves."""
    assert [f for seed in range(20) for moves in (0, 2) for f in findings(wild(seed), moves)] == []
