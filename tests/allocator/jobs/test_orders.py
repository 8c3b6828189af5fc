"""Standing orders: when an area is planned by itself, what counts at once, and what waits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from allocator.errors import Conflict, Unknown
from allocator.jobs import Runner
from allocator.jobs.orders import see_to_orders, waits_of
from allocator.jobs.rehearsal import rehearse
from allocator.jobs.work import Task
from allocator.store import Database, cases, import_tables, jobs, orders, records, schema, told
from allocator.store.answering import Why, decline
from allocator.store.figures import failed_orders
from allocator.store.holdings import Holding
from allocator.store.lines import LineState, lines_of
from allocator.store.orders import Order
from allocator.store.plans import found_plan
from tests.allocator.store.build import DAY, REVIEWERS, at, case, fill
from tests.databases import KINDS, an_empty

LONDON = ZoneInfo("Europe/London")
MORNING = datetime(2026, 11, 2, 9, 30, tzinfo=LONDON)
NIGHT = datetime(2026, 11, 3, 2, 30, tzinfo=LONDON)


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A store of two areas; of three cases in the first one nobody knows an organisation of the second."""
    with an_empty(request.param, tmp_path) as found:
        schema.upgrade(found)
        fill(found, case("C1"), case("C2", organisations=[]), case("C3", area="QBB"), moment=MORNING)
        yield found


def ordered(database: Database, area: str = "QAA", moment: datetime = MORNING, **when: Any) -> Order:
    """An order that is given."""
    given = {"at": time(2, 0), "after": None, "time_limit": 2.0, **when}
    with at(database, moment) as tx:
        return orders.put(tx, Order(area, **given, version=0, since=moment))


def order(database: Database, area: str = "QAA") -> Order:
    """An order as it stands."""
    with database.read() as connection:
        return orders.found(connection, area)


def seen_to(database: Database, moment: datetime, run: bool = True) -> int:
    """How many plans were begun or settled at a moment, and what was begun is made."""
    done = see_to_orders(database, lambda: moment)
    while run and Runner(database, lambda: moment).run_one():
        pass
    return done


def test_a_night_publishes_the_easy_line_and_leaves_the_other_to_a_person(database: Database) -> None:
    """Once: however often it is looked at, and by whoever."""
    ordered(database)
    assert seen_to(database, MORNING) == 0
    assert seen_to(database, NIGHT) == 1
    assert order(database).job_id is not None
    assert seen_to(database, NIGHT + timedelta(minutes=1)) == 1
    found = order(database)
    assert found.outcome is not None
    assert found.outcome["published"] == 1
    assert found.outcome["waiting"] == {"independence-to-confirm": 1}
    assert found.outcome["lines"] == [{"case_id": "C2", "role": "lead", "why": ["independence-to-confirm"]}]
    with database.read() as connection:
        states = {one.case_id: one.state for one in lines_of(connection, found.outcome["plan"])}
        assert states == {"C1": LineState.PUBLISHED, "C2": LineState.PROPOSED}
        assert [records.get(connection, "cases", one).state for one in ("C1", "C3")] == [  # type: ignore[union-attr]
            "allocated",
            "notified",
        ]
    assert seen_to(database, NIGHT + timedelta(minutes=2)) == 0


def test_it_plans_again_the_next_night_alone(database: Database) -> None:
    """A minute before its time it is not due, and on its time it is."""
    ordered(database)
    seen_to(database, NIGHT)
    seen_to(database, NIGHT)
    nearly = datetime(2026, 11, 4, 1, 59, tzinfo=LONDON)
    assert seen_to(database, nearly) == 0
    assert seen_to(database, nearly + timedelta(minutes=1)) == 1


def test_a_time_before_midnight_is_not_missed_after_it(database: Database) -> None:
    """Whoever looks next may come after midnight, or days later: it is planned once, and never too early."""
    ordered(database, at=time(23, 50))
    assert seen_to(database, datetime(2026, 11, 2, 23, 49, tzinfo=LONDON)) == 0
    after = datetime(2026, 11, 3, 0, 5, tzinfo=LONDON)
    assert [seen_to(database, after + timedelta(minutes=each)) for each in range(3)] == [1, 1, 0]
    days_later = datetime(2026, 11, 6, 0, 5, tzinfo=LONDON)
    assert [seen_to(database, days_later + timedelta(minutes=each)) for each in range(3)] == [1, 1, 0]


def test_it_plans_once_so_many_cases_have_come(database: Database) -> None:
    """Those of its own area that still wait; one that is told of again has not come again."""
    ordered(database, at=None, after=2)
    later = MORNING + timedelta(hours=1)
    with at(database, later) as tx:
        import_tables(tx, {"cases": [case("C4"), case("C5", area="QBB"), case("C1")]}, DAY)
    assert seen_to(database, later, run=False) == 0
    with at(database, later) as tx:
        import_tables(tx, {"cases": [case("C6")]}, DAY)
    assert seen_to(database, later, run=False) == 1


def test_a_line_whose_ground_has_gone_waits_and_the_rest_count(database: Database) -> None:
    """The case was corrected between the plan and its publication."""
    with at(database, MORNING) as tx:
        import_tables(tx, {"cases": [case("C7")]}, DAY)
    ordered(database)
    seen_to(database, NIGHT)
    later = NIGHT + timedelta(minutes=1)
    with at(database, later) as tx:
        import_tables(tx, {"cases": [case("C7", notified_on="2026-08-01")]}, DAY)
    seen_to(database, later)
    outcome = order(database).outcome
    assert outcome is not None
    assert (outcome["published"], outcome["waiting"]["changed"]) == (1, 1)


def test_a_line_that_would_break_a_rule_waits_and_the_rest_count(database: Database) -> None:
    """The provider's contract is for one case more by now, not for two; coordinators are told which waits."""
    people = [row | {"provider": "p"} for row in REVIEWERS if row["areas"] == ["QAA"]]
    contract = {"provider": "p", "cases_left": 5}
    with at(database, MORNING) as tx:
        import_tables(tx, {"reviewers": people, "contracts": [contract], "cases": [case("C7")]}, DAY)
    ordered(database)
    seen_to(database, NIGHT)
    later = NIGHT + timedelta(minutes=1)
    with at(database, later) as tx:
        import_tables(tx, {"contracts": [contract | {"cases_left": 1}]}, DAY)
    assert seen_to(database, later) == 1
    outcome = order(database).outcome
    assert outcome is not None
    assert outcome["published"] == 1
    assert outcome["waiting"] == {"independence-to-confirm": 1, "rule-broken": 1}
    with database.read() as connection:
        states = {one.case_id: str(one.state) for one in lines_of(connection, outcome["plan"])}
        (notice,) = told.notices_after(connection, ("QAA",), 0, 10)
    assert states == {"C1": "published", "C2": "proposed", "C7": "proposed"}
    assert notice["code"] == "standing-order-waits"
    assert "C7" in notice["detail"]
    assert "contract" in notice["detail"]


def test_a_fault_in_one_area_keeps_no_other_waiting(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told, and its order plans again when it is due again."""
    ordered(database)
    ordered(database, "QBB")
    seen_to(database, NIGHT)

    def faulty(connection: Any, number: int) -> Any:
        if found_plan(connection, number).areas == ("QAA",):
            raise KeyError(number)
        return waits_of(connection, number)

    monkeypatch.setattr("allocator.jobs.orders.waits_of", faulty)
    assert seen_to(database, NIGHT + timedelta(minutes=1)) == 2
    mine, other = order(database).outcome, order(database, "QBB").outcome
    assert mine is not None
    assert other is not None
    assert (mine["problem"]["code"], other["published"]) == ("internal-error", 1)
    with database.read() as connection:
        assert [one["code"] for one in told.notices_after(connection, ("QAA",), 0, 10)] == [
            "standing-order-failed"
        ]


def test_a_plan_that_fails_is_told(database: Database) -> None:
    """As a notice for the area's coordinators; and the next night is another night."""
    ordered(database)
    seen_to(database, NIGHT, run=False)
    job_id = order(database).job_id
    assert job_id is not None
    with at(database, NIGHT) as tx:
        jobs.stop(tx, job_id)
    assert seen_to(database, NIGHT) == 1
    outcome = order(database).outcome
    assert outcome is not None
    assert outcome["plan"] is None
    with database.read() as connection:
        notices = told.notices_after(connection, ("QAA",), 0, 10)
        assert [one["code"] for one in notices] == ["standing-order-failed"]
        assert told.notices_after(connection, ("QBB",), 0, 10) == []


def test_a_clock_that_was_set_back_makes_no_plan_twice(database: Database) -> None:
    """It waits until its time has passed what it has done."""
    ordered(database)
    seen_to(database, NIGHT)
    seen_to(database, NIGHT)
    assert seen_to(database, NIGHT - timedelta(hours=5)) == 0
    assert seen_to(database, NIGHT) == 0


@pytest.mark.parametrize("when", [{}, {"at": None, "after": 1}])
def test_an_order_that_is_given_again_leaves_no_night_out(database: Database, when: Any) -> None:
    """Whoever gives it repeats themselves, just when it is due; at another moment it counts from now on."""
    ordered(database, **when)
    with at(database, NIGHT) as tx:
        import_tables(tx, {"cases": [case("C8")]}, DAY)
    ordered(database, moment=NIGHT, **when, time_limit=1.0)
    assert (order(database).version, order(database).time_limit) == (2, 1.0)
    ordered(database, "QBB", moment=NIGHT - timedelta(hours=1), at=time(1, 45))
    ordered(database, "QBB", moment=NIGHT, at=time(2, 15))
    assert seen_to(database, NIGHT, run=False) == 1
    assert order(database).job_id is not None


def test_what_was_planned_days_ago_waits_for_a_person(database: Database) -> None:
    """Whoever was to publish it was away, and what was in time may be late by now: it is planned anew."""
    ordered(database)
    seen_to(database, NIGHT)
    later = NIGHT + timedelta(days=3)
    assert seen_to(database, later) == 1
    outcome = order(database).outcome
    assert outcome is not None
    assert (outcome["published"], outcome["waiting"]) == (0, {"independence-to-confirm": 1, "changed": 1})
    with database.read() as connection:
        (notice,) = told.notices_after(connection, ("QAA",), 0, 10)
    assert (notice["code"], "2026-11-03" in notice["detail"]) == ("standing-order-waits", True)
    assert [seen_to(database, later) for _ in range(3)] == [1, 1, 0]
    again = order(database).outcome
    assert again is not None
    assert again["published"] == 1


def test_an_area_that_has_closed_plans_by_itself_no_more(database: Database) -> None:
    """Its cases are its successor's from the next day on, who has given no order: nothing of them counts."""
    with at(database, MORNING) as tx:
        areas = [{"area": "QAA", "closes_on": "2026-11-03", "successors": ["QBB"]}, {"area": "QBB"}]
        import_tables(tx, {"areas": areas}, DAY)
    ordered(database)
    assert [seen_to(database, NIGHT) for _ in range(2)] == [1, 1]
    done = order(database).outcome
    assert done is not None
    assert done["published"] == 1
    with at(database, NIGHT) as tx:
        import_tables(tx, {"cases": [case("C8")]}, DAY)
    assert [seen_to(database, NIGHT + timedelta(days=1)) for _ in range(2)] == [1, 0]
    with database.read() as connection:
        assert orders.find(connection, "QAA") is None
        (notice,) = told.notices_after(connection, ("QAA",), 0, 10)
        assert records.get(connection, "cases", "C8").state == "notified"  # type: ignore[union-attr]
    assert notice["code"] == "standing-order-ended"


def test_a_plan_that_cannot_even_be_begun_is_told_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the order, which an alert looks at, and by a notice; it is tried again, and then all is well."""
    ordered(database)

    def faulty(*given: Any) -> Any:
        raise KeyError

    with monkeypatch.context() as broken:
        broken.setattr("allocator.jobs.orders.orders.begin", faulty)
        assert [seen_to(database, NIGHT) for _ in range(3)] == [1, 0, 0]
    with database.read() as connection:
        assert failed_orders(connection) == 1
        (notice,) = told.notices_after(connection, ("QAA",), 0, 10)
    assert (notice["code"], "begun" in notice["detail"]) == ("standing-order-failed", True)
    assert [seen_to(database, NIGHT) for _ in range(3)] == [1, 1, 0]
    with database.read() as connection:
        assert failed_orders(connection) == 0


def test_orders_are_given_changed_and_ended(database: Database) -> None:
    """By version; of an area that there is."""
    assert ordered(database).version == 1
    assert ordered(database, after=5).version == 2
    with at(database) as tx, pytest.raises(Conflict, match="version 2"):
        orders.put(tx, Order("QAA", None, 1, 1.0, 0, MORNING), expected=1)
    with at(database) as tx, pytest.raises(Unknown):
        orders.put(tx, Order("QZZ", None, 1, 1.0, 0, MORNING))
    with at(database) as tx:
        orders.end(tx, "QAA")
        with pytest.raises(Unknown):
            orders.end(tx, "QAA")


def test_a_rehearsal_tells_what_each_night_would_have_done(database: Database) -> None:
    """Three nights, as the queue was known then: on the first nothing was there yet. Nothing is changed."""
    url = database.engine.url.render_as_string(hide_password=False)
    now = datetime(2026, 11, 4, 9, 0, tzinfo=LONDON)
    asked = json.dumps({"at": "02:00", "after": None, "days": 2}).encode()
    task = Task(url, ("QAA",), {"time_limit": 60.0}, asked, 1, now)
    found = rehearse(task, lambda news: None, lambda: False).answer
    assert found is not None
    assert [(one["at"][:10], one["waited"], one["published"]) for one in found["runs"]] == [
        ("2026-11-02", 0, 0),
        ("2026-11-03", 2, 1),
        ("2026-11-04", 2, 1),
    ]
    assert found["runs"][1]["waiting"] == {"independence-to-confirm": 1}
    assert not found["stopped"]
    with database.read() as connection:
        assert orders.every(connection) == []


def test_a_rehearsal_says_what_it_left_out(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many moments are not all tried, and nobody thinks that they were."""
    monkeypatch.setattr("allocator.jobs.rehearsal.MOST", 1)
    url = database.engine.url.render_as_string(hide_password=False)
    now = datetime(2026, 11, 4, 9, 0, tzinfo=LONDON)
    asked = json.dumps({"at": "02:00", "after": None, "days": 2}).encode()
    found = rehearse(Task(url, ("QAA",), {"time_limit": 60.0}, asked, 1, now), lambda _: None, lambda: False)
    assert found.answer is not None
    assert (len(found.answer["runs"]), found.answer["left_out"], found.answer["stopped"]) == (1, 2, True)


def test_a_rehearsal_counts_a_case_that_was_declined_as_waiting(database: Database) -> None:
    """Whoever declined it is named in it still; one that is out of scope waits for nobody."""
    with at(database, MORNING) as tx:
        import_tables(tx, {"cases": [case("C9", out_of_scope="child")]}, DAY)
    with at(database, MORNING + timedelta(hours=1)) as tx:
        cases.give(tx, Holding("C1", "lead", "R1", DAY, tx.at))
    with at(database, NIGHT) as tx:
        decline(tx, ("C1", "lead"), "R1", Why("other"), NIGHT.date())
    url = database.engine.url.render_as_string(hide_password=False)
    now = datetime(2026, 11, 4, 9, 0, tzinfo=LONDON)
    asked = json.dumps({"at": "02:00", "after": None, "days": 1}).encode()
    found = rehearse(Task(url, ("QAA",), {"time_limit": 60.0}, asked, 1, now), lambda _: None, lambda: False)
    assert found.answer is not None
    assert [one["waited"] for one in found.answer["runs"]] == [1, 2]


def test_a_rehearsal_counts_arrivals(database: Database) -> None:
    """After two cases had come, once; one that somebody has from the first is none that would be planned."""
    with at(database, MORNING + timedelta(hours=1)) as tx:
        held = [case(f"H{one}", reviewer_id="R1", allocated_on="2026-10-01") for one in range(2)]
        import_tables(tx, {"cases": held}, DAY)
    url = database.engine.url.render_as_string(hide_password=False)
    now = datetime(2026, 11, 4, 9, 0, tzinfo=LONDON)
    asked = json.dumps({"at": None, "after": 2, "days": 5}).encode()
    found = rehearse(Task(url, ("QAA",), {"time_limit": 60.0}, asked, 1, now), lambda _: None, lambda: False)
    assert found.answer is not None
    assert len(found.answer["runs"]) == 1
