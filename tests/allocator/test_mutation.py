"""Whatever is taken out of the encoding, the audit notices: so neither can be wrong alone."""

from __future__ import annotations

import pytest

from allocator.encode import TERMS
from allocator.rules import RULES, codes_of, without
from tests.allocator.planning import findings, one_move_helps
from tests.allocator.wild import wild

SEEDS = range(150)


@pytest.mark.parametrize("code", sorted(codes_of(RULES)))
def test_the_audit_refuses_a_plan_made_without_a_rule(code: str) -> None:
    """Of some wild snapshot, for each rule; the finding names the rule, or the held case it lost."""
    moves = 2 if code == "locked" else 0
    expected = {code, "assignment", "locked"} if code == "held" else {code}
    found = (f for seed in SEEDS for f in findings(wild(seed), moves, without(code)))
    assert any(finding.code in expected for finding in found)


@pytest.mark.parametrize("term", sorted(TERMS))
def test_the_audit_refuses_a_plan_whose_value_lacks_a_term(term: str) -> None:
    """Of some wild snapshot, for each term of each level; the finding names the level."""
    level = {"lead": "unallocated", "second": "unallocated", "late": "late"}.get(term, "cost")
    snapshots = [one_move_helps()] if term == "move" else map(wild, SEEDS)
    found = (f for one in snapshots for f in findings(one, 1 if term == "move" else 0, terms=TERMS - {term}))
    assert any(finding.code == level for finding in found)


def test_the_audit_finds_nothing_when_nothing_is_left_out() -> None:
    """The same snapshots, with and without moves."""
    assert [f for seed in range(20) for moves in (0, 2) for f in findings(wild(seed), moves)] == []
