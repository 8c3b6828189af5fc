"""What sources say: the newest version counts, whatever the order, and no correction is lost unseen."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from allocator.errors import BadInput, Conflict
from allocator.store import (
    Database,
    State,
    cases,
    chain,
    holdings,
    import_tables,
    merging,
    queue,
    records,
    schema,
    sources,
)
from allocator.store.answering import Why, decline
from allocator.store.holdings import Holding
from allocator.store.importing import Imported
from allocator.store.lines import approve
from allocator.store.publishing import publish
from allocator.store.retention import forget
from allocator.store.sharing import consent
from allocator.store.states import HELD
from allocator.store.tables import sources as table
from allocator.store.told import notices_after
from tests.allocator.store.build import DAY, LATER, at, by_hand, case, fill

Row = dict[str, Any]
LED = {"reviewer_id": "R1", "allocated_on": "2026-10-01"}


def said(database: Database, *rows: Row, partial: bool = False) -> Imported:
    """What became of rows of cases."""
    with at(database, LATER) as tx:
        return import_tables(tx, {"cases": rows}, DAY, partial)


def state_of(database: Database, case_id: str = "C1") -> tuple[Any, ...]:
    """What a case says, where it is, who has it, and its source's version; held is who is said to be."""
    with database.read() as connection:
        one = cases.found_case(connection, case_id)
        held = {role: x.reviewer_id for (_, role), x in holdings.of_cases(connection, [case_id]).items()}
        version = sources.versions_of(connection, [case_id]).get(case_id)
    assert ("lead" in held) == (one.state in HELD)
    body = {name: value for name, value in one.body.items() if name != "case_id"}
    return body, one.state, held, version


STATES = st.sampled_from([None, None, "notified", "allocated", "in_review", "awaiting_sign_off", "returned",
                          "completed", "closed_without_review", "reopened"])  # fmt: skip
CELLS = st.fixed_dictionaries(
    {"area": st.sampled_from(["QAA", "qbb"]), "review_type": st.sampled_from(["initial", "focused"])},
    optional={
        "priority": st.integers(0, 2),
        "hold_days": st.sampled_from([0, 7, None]),
        "skills": st.sampled_from([[], ["senior"]]),
        "hours_left": st.sampled_from([5, 6.5]),
    },
)
HOLDERS = st.sampled_from([{}, {}, LED, {**LED, "reviewer_id": "R3"}])


@st.composite
def streams(draw: st.DrawFn) -> list[Row]:
    """The versions of one case, in their order."""
    rows = []
    for version in range(draw(st.integers(1, 5))):
        row = {**draw(CELLS), **draw(HOLDERS), "notified_on": "2026-09-01", "source_version": 10 * version}
        state = draw(STATES)
        if "reviewer_id" in row and row["review_type"] == "focused" and draw(st.booleans()):
            row["second_reviewer_id"] = "R2"
        rows.append(row if state is None else {**row, "state": state})
    return rows


def heard(database: Database, case_id: str, rows: Sequence[Row]) -> tuple[Any, ...]:
    """What comes of a stream."""
    for row in rows:
        said(database, {"case_id": case_id, **row})
    return state_of(database, case_id)


def filled() -> Database:
    """A store of this process alone."""
    database = Database("sqlite://")
    schema.upgrade(database)
    fill(database)
    return database


SHARED = filled()
NUMBERS = iter(range(10**9))


@given(streams(), st.randoms(use_true_random=False))
def test_a_stream_ends_in_one_state_whatever_its_order(rows: list[Row], random: Random) -> None:
    """Permuted and repeated, it ends as sorted; and as if the newest version alone had come."""
    number = next(NUMBERS)
    mixed = [*rows, *random.choices(rows, k=2)]
    random.shuffle(mixed)
    expected = heard(SHARED, f"S{number}", rows)
    assert heard(SHARED, f"P{number}", mixed) == expected
    assert heard(SHARED, f"N{number}", rows[-1:]) == expected


def test_an_older_version_is_passed_over_and_a_repeated_one_changes_nothing(database: Database) -> None:
    """Whatever they say: what was right then may be wrong by now."""
    fill(database, case("C1", source_version=7, priority=2))
    before = state_of(database)
    with database.read() as connection:
        lines = chain.count(connection)
    done = said(database, case("C1", source_version=6, review_type="no such type"))
    assert [(one.row, one.case_id, one.version) for one in done.older] == [(0, "C1", 7)]
    assert (done.kept, done.left_out) == ({"cases": 0}, {})
    again = said(database, {**case(" C1 ", source_version=7, priority=2.0, hold_days=None)})
    assert (again.kept, again.older) == ({"cases": 1}, ())
    assert state_of(database) == before
    with database.read() as connection:
        assert chain.count(connection) == lines


def test_a_version_that_says_something_else_is_refused(database: Database) -> None:
    """A source that numbers two things alike has to be told; sound rows are kept where that is asked for."""
    fill(database, case("C1", source_version=7))
    other, sound = case("C1", source_version=7, priority=3), case("C2", source_version=1)
    with pytest.raises(Conflict) as refused:
        said(database, sound, other)
    assert (refused.value.code, [one.pointer for one in refused.value.details]) == (
        "version-reused",
        ["/cases/1/source_version"],
    )
    with pytest.raises(BadInput) as faults:
        said(database, other, case("C3", area="QZZ"))
    assert {one.code for one in faults.value.faults} == {"version-reused", "dangling-reference"}
    done = said(database, sound, other, partial=True)
    assert (done.kept["cases"], [one.code for one in done.left_out["cases"][1]]) == (1, ["version-reused"])
    assert state_of(database)[0].get("priority") is None


def test_of_several_versions_in_one_document_the_newest_counts(database: Database) -> None:
    """In whatever order they stand, with repeats among them."""
    fill(database)
    rows = [case("C1", source_version=number, priority=number) for number in (2, 3, 1, 3)]
    done = said(database, *rows, case("C2"))
    assert (done.kept, [(one.row, one.version) for one in done.older]) == ({"cases": 3}, [(0, 3), (2, 3)])
    assert state_of(database)[0]["priority"] == 3
    assert state_of(database, "C2")[3] is None


@pytest.mark.parametrize(("more", "pointer"), [
    ({"source_version": "7"}, "/cases/0/source_version"),
    ({"source_version": -1}, "/cases/0/source_version"),
    ({"source_version": 2**53}, "/cases/0/source_version"),
    ({"source_version": True}, "/cases/0/source_version"),
    ({"source_version": 1, "state": "lost"}, "/cases/0/state"),
    ({"state": "completed"}, "/cases/0/state"),
    ({"source_version": 1, "case_id": 5}, "/cases/0/case_id"),
])  # fmt: skip
def test_a_version_that_is_none_is_a_fault(database: Database, more: Row, pointer: str) -> None:
    """Beside all else that is wrong with the row."""
    fill(database)
    with pytest.raises(BadInput) as refused:
        said(database, case("C1", area="QZZ") | more)
    assert {one.pointer for one in refused.value.faults} == {pointer, "/cases/0/area"}


def test_a_correction_stands_until_its_source_says_something_new_of_it(database: Database) -> None:
    """Then the source's word counts, and coordinators are told what it replaced."""
    fill(database, case("C1", source_version=1))
    said(database, case("C1", review_type="focused", skills=["senior"], hold_days=7))  # by a coordinator
    said(database, case("C1", source_version=2, priority=4))
    body = state_of(database)[0]
    assert (body["review_type"], body["skills"], body["hold_days"], body["priority"]) == (
        "focused", ["senior"], 7, 4,
    )  # fmt: skip
    with database.read() as connection:
        assert notices_after(connection, (), 0, 9) == []
    said(database, case("C1", source_version=3, priority=4, hold_days=9, skills=["senior"]))
    assert state_of(database)[0] == body | {"hold_days": 9}
    with database.read() as connection:
        told = notices_after(connection, (), 0, 9)
        assert list(chain.verify(connection)) == []
    assert [(one["code"], one["area"], one["detail"].rpartition(": ")[2]) for one in told] == [
        ("correction-replaced", "QAA", "hold_days")
    ]


def test_a_correction_that_does_not_fit_any_more_gives_way(database: Database) -> None:
    """A machine is not held up by it: the whole of what it says counts, and what that replaced is told."""
    fill(database, case("C1", source_version=1))
    said(database, case("C1", on_hold_since="2026-09-20", hold_reason="police", priority=5))
    said(database, case("C1", source_version=2, notified_on="2026-10-01"))
    body = state_of(database)[0]
    assert (body["notified_on"], body.get("on_hold_since"), body.get("priority")) == (
        "2026-10-01",
        None,
        None,
    )
    with database.read() as connection:
        (told,) = notices_after(connection, (), 0, 9)
    assert told["detail"].endswith("hold_reason, on_hold_since, priority")


def test_what_is_published_here_stays_whatever_the_source_still_says(database: Database) -> None:
    """It names who had it before, or nobody, or another type: the lead, the second and their hours stay."""
    fill(database, case("C1", source_version=1, hours_left=3, **LED))
    with at(database, LATER) as tx:
        cases.take_back(tx, "C1", "lead", "taken_back")
    said(database, case("C1", review_type="focused"))
    with at(database, LATER) as tx:
        consent(tx, "QBB", "QAA")
        number = by_hand(tx, ("C1", "lead", "R1"), ("C1", "second", "R2"))
        approve(tx, number)
        publish(tx, number, DAY)
    before = state_of(database)
    for version, more in ((2, LED), (3, {}), (4, {**LED, "reviewer_id": "R3", "hours_left": 1})):
        said(database, case("C1", source_version=version, **{"hours_left": 3, **more}))
        assert state_of(database) == (*before[:3], version)


def test_who_declined_a_case_is_not_given_it_again_by_its_source(database: Database) -> None:
    """Which says the same of it as before; and somebody else, if it names them."""
    fill(database, case("C1", source_version=1, review_type="focused", second_reviewer_id="R2", **LED))
    with at(database, LATER) as tx:
        decline(tx, ("C1", "lead"), "R1", Why("other"), DAY)
    both = {"review_type": "focused", "second_reviewer_id": "R2"}
    said(database, case("C1", source_version=2, priority=1, **both, **LED))
    assert state_of(database)[1:3] == ("notified", {"second": "R2"})
    said(database, case("C1", source_version=3, **both, **(LED | {"reviewer_id": "R3"})))
    assert state_of(database)[1:3] == ("allocated", {"lead": "R3", "second": "R2"})


def test_work_that_has_begun_is_not_taken_away_by_its_source(database: Database) -> None:
    """Nor is a case that was ended here opened by what it says late, unless it says that it is opened."""
    fill(database, case("C1", source_version=1, **LED))
    with at(database, LATER) as tx:
        holdings.accept(tx, holdings.of_cases(tx.connection, ["C1"])["C1", "lead"])
    said(database, case("C1", source_version=2, **(LED | {"reviewer_id": "R3"})))
    assert state_of(database)[1:] == ("allocated", {"lead": "R1"}, 2)
    with at(database, LATER) as tx:
        for state in (State.IN_REVIEW, State.AWAITING_SIGN_OFF, State.COMPLETED):
            cases.move(tx, "C1", state)
    said(database, case("C1", source_version=3, state="in_review", **LED))
    assert state_of(database)[1:] == ("completed", {}, 3)
    said(database, case("C1", source_version=4, state="reopened", **LED))
    assert state_of(database)[1:3] == ("reopened", {})


def test_a_source_ends_a_case_and_takes_that_back(database: Database) -> None:
    """Whoever had it; what it never said stays unsaid."""
    fill(database, case("C1", source_version=1), case("C2", source_version=1))
    with at(database, LATER) as tx:
        cases.give(tx, Holding("C1", "lead", "R1", DAY, tx.at))
        cases.move(tx, "C1", State.IN_REVIEW)
        cases.move(tx, "C2", State.CLOSED)
    said(database, case("C1", source_version=2, state="closed_without_review"), case("C2", source_version=2))
    assert [state_of(database, one)[1:3] for one in ("C1", "C2")] == [("closed_without_review", {})] * 2
    with database.read() as connection:
        assert notices_after(connection, (), 0, 9) == []  # a step on from where it was
    said(database, case("C1", source_version=3))
    assert state_of(database)[1:3] == ("notified", {})


def test_a_state_that_goes_back_is_told_to_coordinators(database: Database) -> None:
    """Here it awaits sign-off, and what comes late says that it is still in review, or ended otherwise."""
    fill(database, case("C1", source_version=1, **LED), case("C2", source_version=1))
    with at(database, LATER) as tx:
        cases.move(tx, "C1", State.IN_REVIEW)
        cases.move(tx, "C1", State.AWAITING_SIGN_OFF)
        cases.move(tx, "C2", State.CLOSED)
    late = case("C1", source_version=2, state="in_review", **LED)
    said(database, late, case("C2", source_version=2, state="completed"))
    assert [state_of(database, one)[1] for one in ("C1", "C2")] == ["in_review", "completed"]
    with database.read() as connection:
        told = notices_after(connection, (), 0, 9)
    assert [(one["case_id"], one["detail"].rpartition(": ")[2]) for one in told] == [
        ("C1", "state"), ("C2", "state"),
    ]  # fmt: skip


def test_what_is_kept_of_a_word_is_no_more_exact_than_a_case(database: Database) -> None:
    """A position is kept to about a kilometre, for whoever lived there; of the same place nothing is news."""
    fill(database, case("C1", source_version=1, latitude=51.50735, longitude=-0.12776))
    with database.read() as connection:
        one = sources.said_of(connection, ["C1"])["C1"]
        assert "51.5073" not in str(connection.execute(select(table)).all())
    assert (one.row["latitude"], one.row["longitude"], one.read["latitude"]) == (51.51, -0.13, 51.51)
    assert said(database, case("C1", source_version=1, latitude=51.5072, longitude=-0.1281)).kept == {
        "cases": 1
    }


@pytest.mark.parametrize("seed", range(3))
def test_permuted_and_repeated_streams_end_as_sorted_ones_in_each_database(
    database: Database, seed: int
) -> None:
    """Several cases at once, in documents of several rows, some of them sent twice."""
    fill(database)
    random, rows = Random(seed), list[Row]()
    for number in range(6):
        for version in range(4):
            more = {"priority": random.randrange(3), "review_type": random.choice(["initial", "focused"])}
            more |= random.choice([{}, LED, {**LED, "reviewer_id": "R3"}])
            state = random.choice(["notified", "in_review", "completed", "reopened"])
            rows.append(case(f"C{number}", source_version=version, state=state, **more))
    said(database, *[{**row, "case_id": f"S{row['case_id']}"} for row in rows if row["source_version"] == 3])
    mixed = [*rows, *random.sample(rows, 8)]
    random.shuffle(mixed)
    for first in range(0, len(mixed), 5):
        said(database, *mixed[first : first + 5])
    for number in range(6):
        assert state_of(database, f"C{number}") == state_of(database, f"SC{number}")
    with database.read() as connection:
        queue(connection, DAY)


def test_the_first_version_of_a_case_that_is_here_replaces_what_is_there(database: Database) -> None:
    """It was brought in without one: the source's word is all there is to go by, and who has it stays."""
    fill(database, case("C1", priority=3, **LED))
    said(database, case("C1", source_version=5, hold_days=2))
    assert state_of(database) == (
        {name: value for name, value in case(hold_days=2).items() if name != "case_id"},
        "allocated", {"lead": "R1"}, 5,
    )  # fmt: skip


def test_a_duplicate_and_a_forgotten_case_stay_what_they_are(database: Database) -> None:
    """A source goes on telling of both."""
    fill(database, case("C1", source_version=1), case("C2", source_version=1), case("C3", source_version=1))
    with at(database, LATER) as tx:
        merging.merge(tx, "C1", "C2")
        cases.move(tx, "C3", State.CLOSED)
    said(database, case("C1", source_version=2, priority=1, state="completed", **LED))
    assert state_of(database)[1:] == ("notified", {}, 2)
    with at(database, LATER.replace(year=2030)) as tx:
        forget(tx, LATER.replace(year=2029))
    for version in (0, 1):
        said(database, case("C3", source_version=version, priority=9))
    with pytest.raises(Conflict) as refused:
        said(database, case("C3", source_version=2))
    assert refused.value.code == "forgotten"
    with database.read() as connection:
        assert sources.said_of(connection, ["C3"])["C3"].row == {}
        queue(connection, DAY)


def test_versions_are_kept_with_many_rows_at_once(database: Database) -> None:
    """More than one question takes; newer ones of all of them, and each is known."""
    fill(database, *(case(f"N{number}", source_version=1) for number in range(1_100)))
    said(database, *(case(f"N{number}", source_version=2, priority=1) for number in range(1_100)))
    with database.read() as connection:
        known = sources.known(connection, ["QAA"])
        assert {(one.version, one.is_open) for one in known} == {(2, True)}
        assert len(known) == 1_100
        assert {one.version for one in records.every(connection, "cases")} == {2}


@pytest.mark.parametrize("version", [{}, {"source_version": 2}])
def test_a_case_typed_anew_without_a_second_keeps_its_lead(database: Database, version: Row) -> None:
    """Whoever was given its second place here has it no more, and is told so; of the same type they stay."""
    fill(database, case(review_type="focused", source_version=1))
    with at(database) as tx:
        for role, who in (("lead", "R1"), ("second", "R2")):
            cases.give(tx, Holding("C1", role, who, DAY, tx.at))  # type: ignore[arg-type]
        import_tables(tx, {"cases": [case(review_type="focused", priority=1)]}, DAY)
    assert state_of(database)[2] == {"lead": "R1", "second": "R2"}
    said(database, case(priority=2, **version))
    body, state, held, _ = state_of(database)
    assert (body["review_type"], body["priority"], state, held) == ("initial", 2, "allocated", {"lead": "R1"})
    with database.read() as connection:
        told = {one["code"]: one for one in notices_after(connection, ("QAA",), 0, 9)}
        assert list(chain.verify(connection)) == []
        assert [one.review_type for one in queue(connection, DAY).snapshot.cases] == ["initial"]
    notice = told["second-released"]
    assert (notice["case_id"], notice["reviewer_id"]) == ("C1", "R2")


def test_a_row_that_names_a_second_where_there_is_none_is_refused(database: Database) -> None:
    """Who says both means something else; nothing is changed."""
    fill(database, case(review_type="focused"))
    row = case(source_version=2, **LED, second_reviewer_id="R2")
    with pytest.raises(BadInput, match="no second reviewer"):
        said(database, row)
    assert (state_of(database)[0]["review_type"], state_of(database)[1]) == ("focused", "notified")
