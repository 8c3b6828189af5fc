"""Every line at once: a floor is never above the price that planning with the pair finds."""

from __future__ import annotations

import pytest

from allocator.explain import every_line
from allocator.explain.weighing import Weighing
from allocator.held import Role
from tests.allocator.build import case, reviewer, snapshot
from tests.allocator.planning import allocated
from tests.allocator.wild import wild


@pytest.mark.parametrize("seed", range(30))
def test_floors_are_at_most_the_exact_price(seed: int) -> None:
    """Of every pair that is priced exactly; and every place has its line, in both texts."""
    one = wild(seed, n_cases=6, n_reviewers=4)
    made = allocated(one)
    weighing = Weighing.of(one, *made.documents)
    found = every_line(one, *made.documents)
    assert len(found.lines) == len(made.plan.assignments) + len(made.plan.unassigned)
    for line in found.lines:
        assert line.reason
        assert line.reason_public
        row, role = weighing.encoding.facts.case_row[line.case_id], Role[line.role.upper()]
        others = {other.reviewer_id: other.at_least for other in line.others}
        priced = {a.reviewer_id: a for a in weighing.alternatives(row, role, 60.0, effort=1)}
        assert set(others) == set(priced)
        for name, alternative in priced.items():
            exact = alternative.prices["unallocated"].found
            if alternative.proof == "exact" and exact is not None:
                assert 0 <= others[name] <= exact


def test_the_least_comes_first_and_a_kept_place_has_nobody_else() -> None:
    """R2 could have C1 for nothing; R1, who has it, is nobody else."""
    held = case("C2", reviewer_id="R1", allocated_on="2026-10-05", hours_left=2.0)
    one = snapshot([case(), held], [reviewer(), reviewer("R2")])
    first, second = every_line(one, *allocated(one).documents).lines
    assert [other.reviewer_id for other in first.others] == [{"R1": "R2", "R2": "R1"}[str(first.reviewer_id)]]
    assert second.others == ()
