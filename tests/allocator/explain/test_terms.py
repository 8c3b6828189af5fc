"""Points term by term: what each place counts adds up to what the plan counts."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from allocator.encode import encode
from allocator.explain import Explanation, explain
from allocator.snapshot import Snapshot
from allocator.totals import bands
from tests.allocator.build import case, reviewer, snapshot
from tests.allocator.planning import planned
from tests.allocator.wild import wild


def explained(one: Snapshot) -> tuple[dict[str, Any], list[Explanation]]:
    """A snapshot's plan, and every case in scope explained."""
    plan = planned(one).as_document()
    return plan, [explain(one, plan, c.case_id) for c in one.cases if c.out_of_scope is None]


@pytest.mark.parametrize("seed", range(40))
def test_terms_add_up_to_the_plans_levels(seed: int) -> None:
    """Level by level; of the workload bands, which do not add up place by place, the whole is taken."""
    one = wild(seed, n_cases=7, n_reviewers=4)
    plan, told = explained(one)
    terms = [term for each in told for place in each.places for term in place.points]
    found = dict.fromkeys(plan["objective"], 0)
    for term in terms:
        if term.term != "workload":
            found[term.level] += term.points
    facts = encode(one).facts
    given = np.zeros(facts.n_reviewers, np.int64)
    for line in plan["workloads"]:
        hours = line["held_hours"] + line["new_hours"]
        given[facts.reviewer_row[line["reviewer_id"]]] = round(60 * hours)
    found["cost"] += int(bands(facts).points(np.arange(facts.n_reviewers), given).sum())
    assert found == {level: points["value"] for level, points in plan["objective"].items()}


@pytest.mark.parametrize("seed", range(40))
def test_a_family_reads_of_nobody_else(seed: int) -> None:
    """No id, no code and no number but a day's; and no word that only we know."""
    one = wild(seed, n_cases=7, n_reviewers=4)
    _, told = explained(one)
    ids = {c.case_id for c in one.cases} | {r.reviewer_id for r in one.reviewers}
    ids |= {c.area for c in one.cases} | {code for c in one.cases for code in c.organisations}
    for text in (place.reason_public for each in told for place in each.places):
        assert text.endswith(".")
        assert not ids & set(re.findall(r"[\w-]+", text))
        numbers = re.sub(r"\b\d{1,2} [A-Z][a-z]+ \d{4}\b", "", text)
        assert not re.search(r"\d", numbers), text
        assert not re.search(r"horizon|capacity|workload|policy|conflict|lead\b", text), text


def test_urgency_says_what_it_is_made_of() -> None:
    """Weeks, priority and the two days that passed."""
    waited = case(notified_on="2026-03-02", priority=2, skills=("autism",))
    one = snapshot([waited], [reviewer()])
    (term,) = explain(one, planned(one).as_document(), "C1").places[0].points
    assert (term.level, term.points) == ("unallocated", 100 + 7 * 35 + 200 + 200 + 400)
    assert term.sentence == (
        "urgency 1145 (100 + 7 × 35 weeks + 100 × priority 2 + 200 as it is past its day to be allocated "
        "+ 400 as its last safe start has come) × 14 ÷ 14 h"
    )


def test_a_second_counts_half() -> None:
    """As the contract's level 1 does."""
    one = snapshot([case(review_type="focused")], [reviewer()])
    second = explain(one, planned(one).as_document(), "C1").places[1]
    assert second.reviewer_id is None
    assert second.points[0].term == "second"
    assert second.points[0].points == planned(one).objective.unallocated.value
