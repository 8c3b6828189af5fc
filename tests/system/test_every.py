"""Small snapshots with every assignment tried: the best that the audit allows is what the plan says it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.examples import dear
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


small = settings(dear(), suppress_health_check=list(HealthCheck))


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


KINDS: dict[str, st.SearchStrategy[tuple[Document, int]]] = {
    "everything the contract allows": st.tuples(
        documents(most_cases=4, most_reviewers=3, least=3).map(first_willing), st.just(0)
    ),
    "limits, links, bands and lateness decide": st.tuples(
        documents(most_cases=3, most_reviewers=3, least=3).map(willing), st.just(0)
    ),
    "held leads may change hands": st.tuples(
        documents(most_cases=3, most_reviewers=3, least=3).map(willing), st.integers(1, 2)
    ),
    "minutes that round to nothing, hours beyond five years, limits of none, clocks of a month": st.tuples(
        extreme_documents(most_cases=4, most_reviewers=3, least=3).map(first_willing),
        st.sampled_from([0, 0, 1]),
    ),
}


@small
@given(st.one_of(*KINDS.values()))
def test_the_plan_is_the_best_of_all(drawn: tuple[Document, int]) -> None:
    """Snapshots of up to four cases and three reviewers, of every kind in turn."""
    compare(*drawn)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_the_plan_is_the_best_of_all_of_its_kind(kind: str) -> None:
    """The same, kind by kind."""
    small(given(KINDS[kind])(lambda drawn: compare(*drawn)))()
