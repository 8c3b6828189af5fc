"""Plans proposed, approved, published and undone: every line audited, stale for what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from allocator.allocate import PlanRequest, allocate
from allocator.errors import Conflict, Unknown
from allocator.store import (
    Database,
    Record,
    State,
    cases,
    chain,
    holdings,
    import_tables,
    plans,
    queue,
    records,
)
from allocator.store.declaring import declare
from allocator.store.holdings import Holding
from allocator.store.lines import Choice, LineState, approve, departures, lines_of, stale
from allocator.store.plans import Made
from allocator.store.policies import put_policy
from allocator.store.publishing import publication_of, publish, undo
from allocator.store.sharing import consent, end_consent, lent
from allocator.store.writing import remove
from tests.allocator.store import build
from tests.allocator.store.build import DAY, LATER, NOW, REVIEWERS, at, case, fill

HELD = {"reviewer_id": "R1", "allocated_on": "2026-10-01"}
R1 = REVIEWERS[0] | {"hours_per_week": 9}
AWAY = {"reviewer_id": "R1", "from": "2026-11-09", "to": "2026-11-13"}


def proposed(database: Database, **asked: Any) -> int:
    """The number of a plan of all that is stored, kept."""
    with database.read() as connection:
        reading = queue(connection, DAY)
    request = PlanRequest(time_limit=10.0, effort=1, workers=1, **asked)
    plan, certificate = allocate(reading, request, lambda: NOW).documents
    with at(database) as tx:
        return plans.propose(tx, Made(plan, certificate, tx.at)).plan


def by_hand(
    database: Database, *lines: tuple[str, str, str], moved_from: Mapping[str, str] | None = None
) -> int:
    """The number of a plan whose lines are given here, good or not."""
    with at(database) as tx:
        return build.by_hand(tx, *lines, moved_from=moved_from)


def approved(database: Database, number: int, *choices: Choice) -> int:
    """The same plan, all of its lines approved, or those chosen."""
    with at(database) as tx:
        approve(tx, number, choices or None)
    return number


def published(database: Database, number: int, *seats: tuple[str, Any]) -> int:
    """The number of the publication of a plan's approved lines, or of some."""
    with at(database) as tx:
        return publish(tx, number, DAY, seats or None).publication


def refused(database: Database, number: int, *seats: tuple[str, Any]) -> Conflict:
    """Why nothing of a plan is published, and nothing is."""
    before = has(database)
    with pytest.raises(Conflict) as found:
        published(database, number, *seats)
    assert has(database) == before
    return found.value


def has(database: Database) -> dict[tuple[str, str], str]:
    """By place who has it."""
    with database.read() as connection:
        return {seat: one.reviewer_id for seat, one in holdings.current(connection).items()}


def states(database: Database, number: int) -> dict[str, str]:
    """By case what has become of its line."""
    with database.read() as connection:
        return {one.case_id: one.state for one in lines_of(connection, number)}


def tell(database: Database, **tables: Any) -> None:
    """Nothing; more is known."""
    with at(database, LATER) as tx:
        import_tables(tx, tables, DAY)


def test_a_plan_is_proposed_approved_published_and_undone(database: Database) -> None:
    """And then everything is as it was, but for what stands in the audit."""
    fill(database, case("C1"), case("C2"), case("C3", **HELD))
    with database.read() as connection:
        before = queue(connection, DAY).snapshot
    number = proposed(database)
    assert states(database, number) == {"C1": "proposed", "C2": "proposed"}
    assert refused(database, number).code == "nothing-to-publish"
    approved(database, number)
    first = published(database, number)
    assert set(has(database)) == {("C1", "lead"), ("C2", "lead"), ("C3", "lead")}
    assert states(database, number) == {"C1": "published", "C2": "published"}
    with database.read() as connection:
        assert {one.state for one in records.every(connection, "cases")} == {"allocated"}
        assert publication_of(connection, first).plan == number
    with at(database, LATER) as tx:
        assert len(undo(tx, first, DAY).lines) == 2
    assert has(database) == {("C3", "lead"): "R1"}
    assert states(database, number) == {"C1": "undone", "C2": "undone"}
    with database.read() as connection:
        after = queue(connection, DAY).snapshot
        assert after.cases == before.cases
        assert list(chain.verify(connection)) == []
    with pytest.raises(Conflict) as again, at(database, LATER) as tx:
        undo(tx, first, DAY)
    assert again.value.code == "undone-already"


def test_the_document_is_kept_as_it_was(database: Database) -> None:
    """Byte for byte what can be checked; a plan there is not is said."""
    fill(database, case())
    number = proposed(database)
    with database.read() as connection:
        plan, certificate = plans.documents(connection, number)
        kept = plans.found_plan(connection, number)
        assert (plan["plan_id"], kept.as_of) == (kept.plan_id, DAY)
        assert "unallocated" in certificate["levels"]
        assert plans.every_plan(connection) == [kept]
        for ask in (plans.found_plan, plans.documents):
            with pytest.raises(Unknown):
                ask(connection, 99)


def test_chosen_lines_alone_are_published(database: Database) -> None:
    """What their own plan publishes makes the others no staler."""
    fill(database, *(case(f"C{at}") for at in range(1, 5)))
    number = approved(database, by_hand(database, *((f"C{at}", "lead", "R1") for at in range(1, 5))))
    published(database, number, ("C1", "lead"))
    published(database, number, ("C2", "lead"), ("C3", "lead"))
    published(database, number)
    assert set(states(database, number).values()) == {"published"}


@pytest.mark.parametrize(("why", "change"), [
    ("C1 has changed", lambda tx: import_tables(tx, {"cases": [case("C1", priority=3)]}, DAY)),
    ("C1 has changed", lambda tx: cases.move(tx, "C1", State.CLOSED)),
    ("of R1 have changed", lambda tx: import_tables(tx, {"reviewers": [R1]}, DAY)),
    ("of R1 have changed", lambda tx: import_tables(tx, {"absences": [AWAY]}, DAY)),
    ("of R1 have changed", lambda tx: import_tables(
        tx, {"interests": [{"reviewer_id": "R1", "kind": "personal", "organisation": "RZZ"}]}, DAY)),
    ("of R1 have changed", lambda tx: cases.give(tx, Holding("C9", "lead", "R1", DAY, tx.at))),
    ("of R1 have changed", lambda tx: remove(tx, "absences", "A1")),
    ("the policy's rules have changed", lambda tx: put_policy(tx, {"geography": {"rule": "anywhere"}})),
    ("the area of C1 has changed", lambda tx: import_tables(tx, {"areas": [{"area": "QAA"}]}, DAY)),
])  # fmt: skip
def test_a_line_is_stale_for_what_it_rests_on(database: Database, why: str, change: Any) -> None:
    """Its case, its reviewer, or a rule that it met; the line is named."""
    fill(database, case("C1"), case("C9"))
    with at(database) as tx:
        records.save(tx, "put", [Record("absences", "A1", 0, AWAY)])
    number = approved(database, by_hand(database, ("C1", "lead", "R1")))
    with at(database, LATER) as tx:
        change(tx)
    found = refused(database, number)
    assert found.code == "stale"
    assert [(one.code, one.value) for one in found.details] == [("stale", "C1")]
    assert why in found.details[0].message


@pytest.mark.parametrize("change", [
    lambda tx: import_tables(tx, {"cases": [case("C7"), case("C8", area="QBB")]}, DAY),
    lambda tx: import_tables(tx, {"reviewers": [REVIEWERS[1] | {"hours_per_week": 9}]}, DAY),
    lambda tx: import_tables(tx, {"areas": [{"area": "QBB", "name": "elsewhere"}]}, DAY),
    lambda tx: put_policy(tx, {"weights": {"kilometre": 3}}),
    lambda tx: cases.give(tx, Holding("C9", "lead", "R3", DAY, tx.at)),
])  # fmt: skip
def test_what_else_comes_makes_nothing_stale(database: Database, change: Any) -> None:
    """New cases, somebody else's hours or cases, another area, weights."""
    fill(database, case("C1"), case("C9"))
    number = approved(database, by_hand(database, ("C1", "lead", "R1")))
    with at(database, LATER) as tx:
        change(tx)
    published(database, number)
    assert has(database)["C1", "lead"] == "R1"


YEAR = {"cases_a_year": 3, "cases_this_year": 3}
FEW = {"reviewer_id": "R1", "areas": ["QAA"], "hours_per_week": 2}
LINKED = {"linked_to": "fire"}


@pytest.mark.parametrize(("code", "lines", "tables"), [
    ("capacity", [("C1", "lead", "R1"), ("C2", "lead", "R1")], {"reviewers": [FEW]}),
    ("skill", [("C1", "lead", "R1")], {"cases": [case("C1", skills=["autism"])]}),
    ("conflict", [("C1", "lead", "R1")], {"reviewers": [REVIEWERS[0] | {"organisations": ["RYY"]}]}),
    ("excluded", [("C1", "lead", "R1")], {"declines": [{"reviewer_id": "R1", "case_id": "C1"}]}),
    ("hold", [("C1", "lead", "R1")], {"cases": [case("C1", on_hold_since="2026-10-01")]}),
    ("open_cases", [("C1", "lead", "R1"), ("C2", "lead", "R1")],
     {"reviewers": [REVIEWERS[0] | {"max_open_cases": 1}]}),
    ("year_limit", [("C1", "lead", "R1")], {"reviewers": [REVIEWERS[0] | YEAR]}),
    ("contract", [("C1", "lead", "R1")], {
        "contracts": [{"provider": "p", "cases_left": 0}],
        "reviewers": [REVIEWERS[0] | {"employment": "provider", "provider": "p"}]}),
    ("admin", [("C1", "lead", "R1")], {
        "areas": [{"area": "QAA", "admin_hours_per_week": 0.6}],
        "cases": [case("C5", admin_hours_left=2, reviewer_id="R3", allocated_on="2026-10-01")]}),
    ("linked", [("C1", "lead", "R1")],
     {"cases": [case("C1", **LINKED), case("C5", reviewer_id="R3", allocated_on="2026-10-01", **LINKED)]}),
    ("assignment", [("C1", "second", "R1")], {}),
    ("type", [("C6", "lead", "R3")], {}),
    ("available", [("C1", "lead", "R1")], {"reviewers": [REVIEWERS[0] | {"leaves_on": "2026-11-20"}]}),
])  # fmt: skip
def test_no_rule_is_broken_by_publishing(database: Database, code: str, lines: Any, tables: Any) -> None:
    """Each rule of the contract, though the plan proposes it."""
    fill(database, case("C1"), case("C2"), case("C6", review_type="focused"))
    tell(database, **tables)
    found = refused(database, approved(database, by_hand(database, *lines)))
    assert (found.code, {one.value for one in found.details}) == ("rule-broken", {code})


def test_an_area_that_covers_another_needs_its_consent(database: Database) -> None:
    """Always or for this case; another case needs its own, and a consent that was ended counts no more."""
    fill(database, case("C1"), case("C2"), case("C3"))
    number = approved(database, by_hand(database, *((f"C{at}", "lead", "R2") for at in (1, 2, 3))))
    found = refused(database, number, ("C1", "lead"))
    assert (found.code, found.details[0].value) == ("consent-missing", "C1")
    with at(database) as tx:
        consent(tx, "QBB", "QAA", "C1")
    published(database, number, ("C1", "lead"))
    assert refused(database, number, ("C2", "lead")).code == "consent-missing"
    with at(database) as tx:
        standing = consent(tx, "QBB", "QAA")
        assert consent(tx, "QBB", "QAA", "C2") == standing
    published(database, number, ("C2", "lead"))
    with at(database) as tx:
        end_consent(tx, standing.consent)
    assert refused(database, number, ("C3", "lead")).code == "consent-missing"
    with database.read() as connection:
        told = lent(connection)
        assert lent(connection, "QAA") == lent(connection, "QBB") == told
        assert [(one.lender, one.borrower, one.case_id, one.hours) for one in told] == [
            ("QBB", "QAA", "C1", 14), ("QBB", "QAA", "C2", 14)
        ]  # fmt: skip
    for act in (lambda tx: consent(tx, "QAA", "QAA"), lambda tx: end_consent(tx, standing.consent)):
        with pytest.raises((Conflict, Unknown)), at(database) as tx:
            act(tx)


def test_where_independence_cannot_be_known_it_is_declared(database: Database) -> None:
    """By the reviewer, of the case; another's declaration does not count."""
    fill(database, case("C1", organisations=[]))
    number = approved(database, by_hand(database, ("C1", "lead", "R1")))
    assert refused(database, number).code == "declaration-missing"
    with at(database) as tx:
        declare(tx, "C1", "R3")
    assert refused(database, number).code == "declaration-missing"
    for _ in range(2):
        with at(database) as tx:
            declare(tx, "C1", "R1")
    published(database, number)
    for case_id, reviewer_id in (("C9", "R1"), ("C1", "R9")):
        with pytest.raises(Unknown), at(database) as tx:
            declare(tx, case_id, reviewer_id)


def test_departing_from_the_advice_needs_a_reason(database: Database) -> None:
    """And is reported on; the line then rests on the other reviewer."""
    fill(database, case("C1"), case("C2"))
    number = by_hand(database, ("C1", "lead", "R1"), ("C2", "lead", "R1"))
    for reason in (None, "because"):
        with pytest.raises(Conflict) as found:
            approved(database, number, Choice("C1", "lead", "R3", reason))
        assert found.value.code == "reason-needed"
    approved(database, number, Choice("C1", "lead", "R3", "family_request"), Choice("C2", "lead"))
    tell(database, absences=[AWAY | {"reviewer_id": "R3"}])
    assert [one.value for one in refused(database, number).details] == ["C1"]
    approved(database, number, Choice("C1", "lead", "R1"))
    approved(database, number, Choice("C1", "lead", "R3", "family_request"))
    published(database, number)
    assert has(database) == {("C1", "lead"): "R3", ("C2", "lead"): "R1"}
    with database.read() as connection:
        ((of, line),) = departures(connection)
    assert (of, line.advised, line.reviewer_id, line.reason) == (number, "R1", "R3", "family_request")


def test_what_is_published_is_counted(database: Database) -> None:
    """A year's lead, and what the contract has left; undone, both are as they were."""
    provider = REVIEWERS[0] | {
        "employment": "provider",
        "provider": "p",
        "cases_a_year": 5,
        "cases_this_year": 2,
    }
    fill(database, case("C1"), contracts=[{"provider": "p", "cases_left": 3, "hours_left": 20}])
    tell(database, reviewers=[provider])
    number = approved(database, by_hand(database, ("C1", "lead", "R1")))
    counted = []
    for act in (lambda: 0, lambda: published(database, number), lambda: undone(database)):
        act()
        with database.read() as connection:
            one = queue(connection, DAY).snapshot
        contract = one.contracts[0]
        counted.append((one.reviewers[0].cases_this_year, contract.cases_left, contract.hours_left))
    assert counted == [(2, 3, 20), (3, 2, 6), (2, 3, 20)]


def undone(database: Database) -> None:
    """Nothing; the first publication is undone."""
    with at(database, LATER) as tx:
        undo(tx, 1, DAY)


def test_a_moved_case_goes_back_to_who_had_it(database: Database) -> None:
    """R1 had it since October, and has it since then again."""
    fill(database, case("C1", hours_left=5, **HELD))
    number = approved(database, by_hand(database, ("C1", "lead", "R3"), moved_from={"C1": "R1"}))
    published(database, number)
    assert has(database) == {("C1", "lead"): "R3"}
    undone(database)
    with database.read() as connection:
        (held,) = holdings.current(connection).values()
    assert (held.reviewer_id, held.allocated_on.isoformat()) == ("R1", "2026-10-01")


def test_what_has_begun_is_not_undone(database: Database) -> None:
    """Nor what somebody else has by now; each is named, and nothing is undone."""
    fill(database, case("C1"), case("C2"), case("C3"))
    lines = [(f"C{at}", "lead", "R1") for at in (1, 2, 3)]
    published(database, approved(database, by_hand(database, *lines)))
    with at(database, LATER) as tx:
        cases.move(tx, "C1", State.IN_REVIEW)
        cases.take_back(tx, "C2", "lead", "declined")
        cases.give(tx, Holding("C2", "lead", "R3", DAY, tx.at))
    with pytest.raises(Conflict) as found:
        undone(database)
    assert (found.value.code, [one.value for one in found.value.details]) == ("not-undoable", ["C1", "C2"])
    assert has(database)["C3", "lead"] == "R1"


def test_a_published_line_is_not_approved_again(database: Database) -> None:
    """Until it is undone; and a line that there is not is said."""
    fill(database, case("C1"))
    number = approved(database, by_hand(database, ("C1", "lead", "R1")))
    published(database, number)
    with pytest.raises(Conflict) as found:
        approved(database, number, Choice("C1", "lead"))
    assert found.value.code == "not-proposed"
    with pytest.raises(Unknown):
        approved(database, number, Choice("C1", "second"))
    undone(database)
    approved(database, number, Choice("C1", "lead"))
    assert states(database, number) == {"C1": LineState.APPROVED}
    assert refused(database, number).code == "stale"


@pytest.mark.parametrize(("part", "change"), [
    ("C1 has changed", lambda tx: import_tables(tx, {"cases": [case("C1", priority=3)]}, DAY)),
    ("of R1 have changed", lambda tx: import_tables(tx, {"absences": [AWAY]}, DAY)),
    ("of R1 have changed", lambda tx: cases.give(tx, Holding("C9", "lead", "R1", DAY, tx.at))),
    ("the policy's rules", lambda tx: put_policy(tx, {"geography": {"rule": "anywhere"}})),
    ("the area of C1", lambda tx: import_tables(tx, {"areas": [{"area": "QAA"}]}, DAY)),
])  # fmt: skip
def test_what_changed_while_it_was_planned_is_stale_at_once(
    database: Database, part: str, change: Any
) -> None:
    """The plan is of the queue at nine, and is kept an hour later; a line about none of it is not."""
    fill(database, case("C1"), case("C2", area="QBB"), case("C9"))
    told = {"role": "lead", "change": "new", "previous_reviewer_id": None}
    rows = [told | {"case_id": "C1", "reviewer_id": "R1"}, told | {"case_id": "C2", "reviewer_id": "R2"}]
    document = {"plan_id": "of-nine", "as_of": DAY.isoformat(), "assignments": rows}
    with at(database, LATER) as tx:
        change(tx)
        number = plans.propose(tx, Made(document, {}, NOW)).plan
        found = stale(tx.connection, lines_of(tx.connection, number))
    assert [one.value for one in found if part in one.message] == (
        ["C1", "C2"] if part.startswith("the policy") else ["C1"]
    )
    assert {one.value for one in found} == ({"C1", "C2"} if part.startswith("the policy") else {"C1"})
