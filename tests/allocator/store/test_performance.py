"""What happened as it was known at a moment: a small store whose months are told by hand."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from allocator.holds import Hold, Holds
from allocator.performance import TABLES, Facts, Period
from allocator.performance.facts import Advised, Lending, Move, Place, Review
from allocator.performance.table import Counted, Split
from allocator.span import Span
from allocator.store import Database, State, cases, import_tables, merging, retention
from allocator.store.holdings import Holding
from allocator.store.lines import Choice, approve
from allocator.store.performance import happened
from allocator.store.publishing import publish, undo
from allocator.store.sharing import consent, end_consent
from tests.allocator.store.build import DAY, NOW, at, by_hand, case, fill

LONDON = ZoneInfo("Europe/London")
FAR = NOW + timedelta(days=1000)
YEAR = Period(date(2026, 4, 1), date(2027, 3, 31), date(2027, 3, 31))


def on(day: int) -> datetime:
    """The moment so many days after the store began."""
    return NOW + timedelta(days=day)


def known(database: Database, moment: datetime = FAR, *areas: str) -> Facts:
    """What happened, as it was known then."""
    with database.read() as connection:
        return happened(connection, areas, moment, LONDON)


def only(database: Database, moment: datetime = FAR) -> Review:
    """The one review there is."""
    (found,) = known(database, moment).reviews
    return found


def tell(database: Database, moment: datetime, *rows: dict[str, object]) -> None:
    """Nothing; the store is told of cases at a moment."""
    with at(database, moment) as tx:
        import_tables(tx, {"cases": rows}, moment.date())


def move(database: Database, moment: datetime, *states: State) -> None:
    """Nothing; C1 is moved through some states at a moment."""
    with at(database, moment) as tx:
        for state in states:
            cases.move(tx, "C1", state)


def led(database: Database, moment: datetime = NOW) -> None:
    """Nothing; R1 leads C1 from a moment."""
    with at(database, moment) as tx:
        cases.give(tx, Holding("C1", "lead", "R1", moment.date(), moment))


def total(facts: Facts, table: str, column: str) -> int:
    """The sum of a column, before anything is withheld."""
    for one in TABLES[table](facts, YEAR).columns:
        if one.name == column and isinstance(one, Counted | Split):
            return sum(one.counts)
    raise AssertionError(column)


def test_a_review_from_its_notification_to_its_end(database: Database) -> None:
    """Each state on the day in London on which it was told."""
    fill(database, case())
    led(database)
    late = datetime.combine(DAY + timedelta(days=30), NOW.time(), NOW.tzinfo).replace(hour=23, minute=30)
    move(database, late, State.IN_REVIEW, State.AWAITING_SIGN_OFF, State.RETURNED, State.AWAITING_SIGN_OFF)
    summer = datetime(2027, 6, 1, 23, 30, tzinfo=NOW.tzinfo)
    move(database, summer, State.COMPLETED)
    found = only(database)
    assert found == Review(
        "QAA",
        date(2026, 9, 1),
        "initial",
        state="completed",
        moves=(Move(late.date(), "returned"), Move(date(2027, 6, 2), "completed")),
        led=(Span(DAY, date(2027, 6, 2)),),
    )
    before = only(database, late)
    assert (before.state, before.completed_on) == ("awaiting_sign_off", None)
    assert before.led == (Span(DAY, None),)


def test_completed_on_the_last_day_is_in_time_and_a_day_later_is_not(database: Database) -> None:
    """Six months after 1 September; and with a day on hold the day after is the last."""
    fill(database, case())
    led(database)
    move(database, on(0), State.IN_REVIEW, State.AWAITING_SIGN_OFF)
    last = (date(2027, 3, 1) - DAY).days
    move(database, on(last), State.COMPLETED)
    assert total(known(database), "completed_in_time", "eligible_in_time") == 1
    move(database, on(last + 1), State.REOPENED)
    led(database, on(last + 1))
    move(database, on(last + 1), State.IN_REVIEW, State.AWAITING_SIGN_OFF, State.COMPLETED)
    assert total(known(database), "completed_in_time", "eligible_due") == 1
    assert total(known(database), "completed_in_time", "eligible_in_time") == 0
    tell(database, on(last + 9), case(hold_days=1))
    assert total(known(database), "completed_in_time", "eligible_in_time") == 1
    assert total(known(database), "completed_in_time", "all_in_time") == 0


def test_a_correction_is_not_known_before_it_was_told(database: Database) -> None:
    """The report of a day says what was known then, whatever was found out since."""
    fill(database, case())
    tell(database, on(10), case(notified_on="2026-08-01", review_type="focused"))
    before, after = only(database, on(9)), only(database, on(10))
    assert (before.notified_on, before.review_type) == (date(2026, 9, 1), "initial")
    assert (after.notified_on, after.review_type) == (date(2026, 8, 1), "focused")
    tell(database, on(20), case(notified_on="2026-08-01", out_of_scope="child"))
    assert only(database, on(19)).in_scope
    assert not only(database).in_scope


def test_holds_are_known_by_day(database: Database) -> None:
    """From what was told while one was open, and after it."""
    fill(database, case())
    began = (DAY + timedelta(days=5)).isoformat()
    tell(database, on(7), case(on_hold_since=began, hold_reason="coroner"))
    tell(database, on(40), case(hold_days=12))
    span = Span(DAY + timedelta(days=5), DAY + timedelta(days=17))
    assert only(database).holds == Holds(0, (Hold(*span, "coroner"),))
    assert only(database, on(39)).holds == Holds(0, (Hold(span.since, None, "coroner"),))


def test_a_hold_that_ended_without_a_day_has_ended(database: Database) -> None:
    """The version that ends it says nothing of holds: it tells all the same that the clock goes on."""
    fill(database, case())
    began = DAY.isoformat()
    tell(database, on(7), case(on_hold_since=began, hold_reason="coroner"))
    tell(database, on(8), case())
    assert only(database).holds == Holds()
    again = (DAY + timedelta(days=9)).isoformat()
    tell(database, on(9), case(on_hold_since=again, hold_reason="police"))
    assert [one.reason for one in only(database).holds.dated] == ["police"]
    assert only(database, on(7)).holds.on(DAY + timedelta(days=7)) is not None


def test_what_is_one_with_another_case_is_not_counted(database: Database) -> None:
    """Before it was merged it was; who had it has the other, once."""
    fill(database, case(), case("C2", notified_on="2026-09-03"))
    led(database)
    with at(database, on(5)) as tx:
        merging.merge(tx, "C1", "C2")
    assert len(known(database, on(4)).reviews) == 2
    found = known(database)
    assert [one.notified_on for one in found.reviews] == [date(2026, 9, 3)]
    assert found.places == (Place("R1", "QAA", "QAA", True, Span(date(2026, 11, 2))),)


def test_an_area_is_told_of_its_own(database: Database) -> None:
    """Its cases; and who works where, as far as it lends or borrows."""
    fill(database, case(), case("C2", area="QBB"))
    assert [one.area for one in known(database, FAR, "QBB").reviews] == ["QBB"]
    assert len(known(database).reviews) == 2
    assert {one.reviewer_id: one.area for one in known(database, FAR, "QBB").people} == {
        "R1": "QAA",
        "R2": "QBB",
        "R3": "QAA",
    }


def test_lines_that_were_published_stand_until_they_are_undone(database: Database) -> None:
    """As advised and not; what is undone later was known to stand before."""
    fill(database, case(), case("C2", notified_on="2026-09-03"))
    with at(database, on(1)) as tx:
        number = by_hand(tx, ("C1", "lead", "R1"), ("C2", "lead", "R1"))
        approve(tx, number, [Choice("C1", "lead"), Choice("C2", "lead", "R3", "language")])
        done = publish(tx, number, tx.at.date())
    assert set(known(database, on(2)).lines) == {
        Advised("QAA", DAY + timedelta(days=1), None),
        Advised("QAA", DAY + timedelta(days=1), "language"),
    }
    assert len(known(database, on(2)).places) == 2
    assert known(database, on(0)).lines == ()
    with at(database, on(3)) as tx:
        undo(tx, done.publication, tx.at.date())
    found = known(database)
    assert (found.lines, found.places) == ((), ())
    assert all(one.allocated_on is None for one in found.reviews)
    assert len(known(database, on(2)).lines) == 2


def test_consents_stand_from_when_to_when(database: Database) -> None:
    """Of every case, and of one."""
    fill(database, case())
    with at(database, on(1)) as tx:
        first = consent(tx, "QBB", "QAA", "C1")
        consent(tx, "QAA", "QBB")
    with at(database, on(4)) as tx:
        end_consent(tx, first.consent)
    began = DAY + timedelta(days=1)
    assert known(database).lendings == (
        Lending("QBB", "QAA", Span(began, DAY + timedelta(days=4)), False),
        Lending("QAA", "QBB", Span(began), True),
    )
    assert known(database, on(3)).lendings[0].span.until is None


def test_what_retention_deleted_is_still_a_review_that_was_completed(database: Database) -> None:
    """Its day and its area are known; when it was notified, and its type, are not."""
    fill(database, case(on_hold_since="2026-10-01", hold_reason="police"))
    led(database)
    move(database, on(9), State.IN_REVIEW, State.AWAITING_SIGN_OFF, State.COMPLETED)
    with at(database, on(400)) as tx:
        retention.forget(tx, on(300))
    found = only(database)
    assert (found.area, found.notified_on, found.review_type) == ("QAA", None, None)
    assert found.completed_on == DAY + timedelta(days=9)
    assert found.allocated_on == DAY


def test_an_empty_store_has_a_report(database: Database) -> None:
    """Of noughts."""
    found = known(database)
    assert all(len(make(found, YEAR).rows) == 0 or make(found, YEAR).columns for make in TABLES.values())
    assert (found.reviews, found.places, found.people) == ((), (), ())
