"""What holds of every plan, whatever the snapshot: whole documents by chance, read, planned and checked."""

from __future__ import annotations

import random
from copy import deepcopy
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.allocate import Allocation
from allocator.audit import audit
from allocator.export import files
from tests.examples import dear
from tests.system.documents import (
    PLAIN,
    Document,
    allocation_of,
    is_proved,
    plan_of,
    reviewer,
    snapshot_of,
    values_of,
)
from tests.system.draws import AREAS, SKILLS, documents

MOVES = st.sampled_from([0, 0, 1, 3])
TABLES = ("cases", "reviewers", "absences", "declines", "interests", "areas", "organisations", "contracts")


def csv_files(allocation: Allocation) -> dict[str, bytes]:
    """The three CSV files of a plan."""
    return {name: content for name, content in files(allocation).items() if name.endswith(".csv")}


@dear()
@given(documents(), MOVES, st.randoms(use_true_random=False))
def test_every_plan_is_sound_and_proved_whatever_the_order(
    one: Document, max_moves: int, rng: random.Random
) -> None:
    """No internal fault, no finding, the best there is; rows shuffled: same digest, values and files."""
    request = replace(PLAIN, max_moves=max_moves)
    found, snapshot = allocation_of(one, request), snapshot_of(one)
    assert audit(snapshot, found.plan.as_document(), found.certificate.as_document()) == []
    assert is_proved(found.plan)
    shuffled = deepcopy(one)
    for table in TABLES:
        rng.shuffle(shuffled[table])
    again = allocation_of(shuffled, request)
    assert again.plan.snapshot_digest == snapshot.digest()
    assert values_of(again.plan) == values_of(found.plan)
    assert csv_files(again) == csv_files(found)


@dear()
@given(documents(), st.data(), MOVES)
def test_more_people_and_more_hours_never_make_it_worse(
    one: Document, data: st.DataObject, max_moves: int
) -> None:
    """Level by level: one more reviewer, or one more hour a week for one there is."""
    hours, areas = data.draw(st.integers(0, 30)), data.draw(st.sampled_from([AREAS, AREAS[:1]]))
    another = reviewer("VX", areas=list(areas), hours_per_week=hours, skills=list(SKILLS))
    larger = {**one, "reviewers": [*one["reviewers"], another]}
    longer = deepcopy(one)
    data.draw(st.sampled_from(longer["reviewers"]))["hours_per_week"] += 1
    request = replace(PLAIN, max_moves=max_moves)
    before = values_of(plan_of(one, request))
    assert values_of(plan_of(larger, request)) <= before
    assert values_of(plan_of(longer, request)) <= before


@pytest.mark.slow  # shuffled rows are the same snapshot, so the first test asks it of every example already
@given(documents(), st.integers(0, 99), MOVES)
def test_the_same_seed_and_effort_give_the_same_files(one: Document, seed: int, max_moves: int) -> None:
    """Byte for byte, a second time in the same process."""
    request = replace(PLAIN, seed=seed, max_moves=max_moves)
    assert csv_files(allocation_of(one, request)) == csv_files(allocation_of(one, request))


@pytest.mark.slow
@given(documents(), st.integers(2, 99), MOVES)
def test_another_seed_never_gives_other_values(one: Document, seed: int, max_moves: int) -> None:
    """A proved optimum fixes the values."""
    plain, other = (plan_of(one, replace(PLAIN, seed=s, max_moves=max_moves)) for s in (1, seed))
    assert values_of(plain) == values_of(other)


@pytest.mark.slow
@given(documents(), st.sampled_from(["absences", "contracts"]), MOVES)
def test_without_a_table_that_only_forbids_it_is_never_worse(
    one: Document, table: str, max_moves: int
) -> None:
    """Nobody away, no contract to keep to."""
    request = replace(PLAIN, max_moves=max_moves)
    assert values_of(plan_of({**one, table: []}, request)) <= values_of(plan_of(one, request))


@pytest.mark.slow
@given(documents(), st.integers(0, 2))
def test_leave_to_move_more_never_makes_it_worse_at_level_1(one: Document, max_moves: int) -> None:
    """Whatever may be moved may also stay."""
    fewer, more = (plan_of(one, replace(PLAIN, max_moves=n)) for n in (max_moves, max_moves + 1))
    assert values_of(more) <= values_of(fewer)
