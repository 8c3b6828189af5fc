"""Each cell of each rule's mask is closed exactly when the audit finds that breach in the one-line plan."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from allocator.arcs import masks
from allocator.facts import Facts, gather
from allocator.held import Held, Role, who_stays
from allocator.rules import RULES
from tests.examples import dear
from tests.system.documents import Document, snapshot_of
from tests.system.draws import documents
from tests.system.told import Told, broken_rules

WANTS_A_LEAD = "a new second, but no lead"
CELLS = 5


def kept(facts: Facts, held: Held) -> Told:
    """Every held place with whoever stays there."""
    return {
        f"{case.case_id} {role.label}": facts.reviewers[held.of(role)[row]].reviewer_id
        for role in Role
        for row, case in enumerate(facts.cases)
        if held.of(role)[row] >= 0
    }


def found_in(facts: Facts, told: Told) -> set[str]:
    """The codes of what the audit finds that no other line could mend: of a contract only that it ended."""
    findings = [f for f in broken_rules(facts.snapshot, told) if f.message != WANTS_A_LEAD]
    return {f.code for f in findings if f.code != "contract" or "it ended" in f.message}


@dear()
@given(documents(), st.data())
def test_each_mask_cell_is_closed_exactly_when_the_audit_finds_that_breach(
    one: Document, data: st.DataObject
) -> None:
    """For leads and seconds: every rule that asks something of a pair, in cells drawn by chance."""
    facts = gather(snapshot_of(one))
    held = who_stays(facts)
    stays = kept(facts, held)
    assert found_in(facts, stays) == set()
    for role in Role:
        asked = masks(facts, held, role, RULES)
        kinds = facts.policy.review_types
        seats = [
            (row, who)
            for row, case in enumerate(facts.cases)
            for who in range(facts.n_reviewers)
            if held.of(role)[row] < 0 and (role is Role.LEAD or kinds[case.review_type].second)
        ]
        for row, who in data.draw(st.permutations(seats))[:CELLS]:
            place = f"{facts.cases[row].case_id} {role.label}"
            codes = found_in(facts, {**stays, place: facts.reviewers[who].reviewer_id})
            closed = {code for code, mask in asked.items() if not mask(np.array([row]))[0, who]}
            assert codes & set(asked) == closed
