"""Small snapshots with every assignment tried: the best that the audit allows is what the plan says it is."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.system.documents import PLAIN, Document, is_proved, plan_of, snapshot_of, values_of
from tests.system.draws import AREAS, SKILLS, documents
from tests.system.every import Judge
from tests.system.extremes import extreme_documents

MOST = 500
"""Assignments of a snapshot that are tried at most."""


ABLE = {"skills": list(SKILLS), "areas": list(AREAS), "review_types": [], "organisations": []}


def first_willing(one: Document) -> Document:
    """The same where one reviewer may take nearly everything: with nobody, there is mostly nothing to try."""
    first, *others = one["reviewers"]
    return {**one, "reviewers": [{**first, **ABLE, "starts_on": None, "leaves_on": None}, *others]}


def willing(one: Document) -> Document:
    """The same where nearly everyone may take everything, so that only limits and dates are in the way."""
    people = [{**row, **ABLE, "starts_on": None, "leaves_on": None} for row in one["reviewers"]]
    return {**one, "reviewers": people, "interests": []}


small = settings(suppress_health_check=list(HealthCheck))


def compare(one: Document, max_moves: int) -> None:
    """Fail unless the plan has the best values of all assignments, proved, and claims nothing beyond them."""
    judge = Judge(snapshot_of(one), max_moves)
    assume(3 < judge.size() <= MOST)
    tried = sorted(judge.allowed())
    plan = plan_of(one, replace(PLAIN, max_moves=max_moves))
    assert is_proved(plan)
    assert values_of(plan) == tried[0]
    levels = plan.objective.unallocated, plan.objective.late, plan.objective.cost
    assert all(level.fixed <= level.bound == level.value for level in levels)


@small
@given(documents(most_cases=4, most_reviewers=3, least=3).map(first_willing))
def test_the_plan_is_the_best_of_all(one: Document) -> None:
    """Snapshots of up to four cases and three reviewers, with everything the contract allows."""
    compare(one, 0)


@small
@given(documents(most_cases=3, most_reviewers=3, least=3).map(willing))
def test_the_plan_is_the_best_of_all_where_people_are_willing(one: Document) -> None:
    """Where limits, links, bands and lateness decide, and not who may do what."""
    compare(one, 0)


@small
@given(documents(most_cases=3, most_reviewers=3, least=3).map(willing), st.integers(1, 2))
def test_the_plan_is_the_best_of_all_that_move_some_work(one: Document, max_moves: int) -> None:
    """The same where held leads may change hands."""
    compare(one, max_moves)


@small
@given(
    extreme_documents(most_cases=4, most_reviewers=3, least=3).map(first_willing), st.sampled_from([0, 0, 1])
)
def test_the_plan_is_the_best_of_all_at_the_ends_of_what_is_allowed(one: Document, max_moves: int) -> None:
    """Minutes that round to nothing, hours beyond five years, limits of none, clocks of a month."""
    compare(one, max_moves)
