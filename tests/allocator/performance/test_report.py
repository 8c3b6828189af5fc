"""The report's figures, by hand: each table before anything is withheld, and whatever order it is told in."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from allocator.holds import Hold, Holds
from allocator.performance import TABLES, Facts, Period, performance
from allocator.performance.facts import Advised, Lending, Move, Person, Place, Review
from allocator.performance.files import report_csv, table_csv
from allocator.performance.period import financial_year, quarter
from allocator.performance.table import WITHHELD, Counted, Given, Ratio, Split
from allocator.policy import Policy
from allocator.span import Span

SPRING = Period(date(2026, 4, 1), date(2026, 6, 30), date(2026, 6, 30))
POLICY = Policy()


def review(notified: date | None = date(2026, 4, 10), **more: object) -> Review:
    """A case of one area, notified in April."""
    return replace(Review("QAA", notified, "initial", state="notified"), **more)


def done(on: date, **more: object) -> Review:
    """A review that was led by somebody, and completed on a day."""
    begun = on.replace(day=1)
    led = (Span(begun, on),)
    return review(**{"state": "completed", "moves": (Move(on, "completed"),), "led": led, **more})


def facts(*reviews: Review, **more: object) -> Facts:
    """What happened."""
    return replace(Facts(POLICY, reviews), **more)


def counts(table: str, column: str, of: Facts, period: Period = SPRING) -> list[int]:
    """A column by row, before anything is withheld."""
    for one in TABLES[table](of, period).columns:
        if one.name == column and isinstance(one, Counted | Split):
            return list(one.counts)
    raise AssertionError(column)


def by_row(table: str, column: str, of: Facts, period: Period = SPRING) -> dict[str, int]:
    """The same by name of the row, without noughts."""
    names = [name for name, _ in TABLES[table](of, period).rows]
    return {name: n for name, n in zip(names, counts(table, column, of, period), strict=True) if n}


def test_what_happened_by_month() -> None:
    """Each thing in the month of its day, the first and the last of the period among them."""
    told = facts(
        review(date(2026, 3, 31)),
        review(date(2026, 4, 1), led=(Span(date(2026, 4, 30), None), Span(date(2026, 5, 2), None))),
        review(date(2026, 6, 30), in_scope=False),
        done(date(2026, 6, 30), notified_on=date(2026, 1, 9), led=(Span(date(2026, 3, 31), None),)),
        review(date(2026, 5, 5), state="closed_without_review",
               moves=(Move(date(2026, 6, 2), "closed_without_review"),)),
    )  # fmt: skip
    assert counts("by_month", "notified", told) == [1, 1, 0]
    assert counts("by_month", "out_of_scope", told) == [0, 0, 1]
    assert counts("by_month", "allocated", told) == [1, 0, 0]
    assert counts("by_month", "completed", told) == [0, 0, 1]
    assert counts("by_month", "closed", told) == [0, 0, 1]


def test_a_review_that_was_opened_again_counts_when_it_is_completed_again() -> None:
    """And not at all before that."""
    first, again = Move(date(2026, 4, 9), "completed"), Move(date(2026, 6, 9), "completed")
    assert counts("by_month", "completed", facts(review(state="reopened", moves=(first,)))) == [0, 0, 0]
    assert counts("by_month", "completed", facts(done(again.on, moves=(first, again)))) == [0, 0, 1]


@pytest.mark.parametrize(
    ("completed", "holds", "eligible", "every"),
    [
        (date(2026, 5, 20), Holds(), (1, 1), (1, 1)),  # early
        (date(2026, 6, 10), Holds(), (1, 1), (1, 1)),  # on the last day
        (date(2026, 6, 11), Holds(), (1, 0), (1, 0)),  # a day late
        (date(2026, 6, 11), Holds(1), (1, 1), (1, 0)),  # a day on hold moves the one, and not the other
        (date(2026, 6, 12), Holds(1), (1, 0), (1, 0)),
        (date(2026, 6, 30), Holds(60), (0, 0), (1, 0)),  # due in August: not yet
        (None, Holds(), (1, 0), (1, 0)),
        (None, Holds(0, (Hold(date(2026, 6, 1), None, "coroner"),)), (0, 0), (1, 0)),  # on hold: not eligible
        (date(2026, 7, 1), Holds(30), (0, 0), (1, 0)),  # after the end: open, and not due yet
    ],
)
def test_completed_in_time(
    completed: date | None, holds: Holds, eligible: tuple[int, int], every: tuple[int, int]
) -> None:
    """Of a death that was notified on 10 December and is due six months later, in June."""
    notified = date(2025, 12, 10)
    one = review(notified) if completed is None else done(completed, notified_on=notified)
    told = facts(replace(one, holds=holds))
    found = {name: sum(counts("completed_in_time", name, told)) for name in
             ("eligible_due", "eligible_in_time", "all_due", "all_in_time")}  # fmt: skip
    assert (found["eligible_due"], found["eligible_in_time"]) == eligible
    assert (found["all_due"], found["all_in_time"]) == every


def test_a_hold_after_the_allocation_does_not_make_it_early() -> None:
    """Due on 10 April, allocated on the 12th, on hold for a month since: it was late."""
    later = Holds(0, (Hold(date(2026, 4, 20), date(2026, 5, 20), "police"),))
    before = Holds(0, (Hold(date(2026, 3, 1), date(2026, 3, 3), "police"),))
    one = review(date(2026, 1, 10), led=(Span(date(2026, 4, 12), None),))
    assert counts("allocated_in_time", "eligible_due", facts(replace(one, holds=later))) == [1, 0, 0]
    assert counts("allocated_in_time", "eligible_in_time", facts(replace(one, holds=later))) == [0, 0, 0]
    assert counts("allocated_in_time", "eligible_in_time", facts(replace(one, holds=before))) == [1, 0, 0]


def test_what_was_closed_or_is_not_for_review_falls_never_due() -> None:
    """Nor what retention has deleted."""
    closed = (Move(date(2026, 6, 2), "closed_without_review"),)
    old = date(2025, 12, 10)
    told = facts(review(old, state="closed_without_review", moves=closed), review(old, in_scope=False),
                 done(date(2026, 5, 5), notified_on=None))  # fmt: skip
    for table in ("allocated_in_time", "completed_in_time"):
        assert counts(table, "all_due", told) == counts(table, "eligible_due", told) == [0, 0, 0]
    assert counts("by_month", "completed", told) == [0, 1, 0]


def test_completed_reviews_by_type() -> None:
    """The focused share, and what was in time; a type that was deleted with its case has a row of its own."""
    told = facts(
        done(date(2026, 4, 9), notified_on=date(2025, 10, 9)),
        done(date(2026, 4, 9), notified_on=date(2025, 10, 8)),
        done(date(2026, 5, 9), review_type="focused"),
        done(date(2026, 5, 9), review_type=None, notified_on=None),
    )
    assert by_row("by_type", "completed", told) == {"initial": 2, "focused": 1, "not_known": 1}
    assert by_row("by_type", "in_time", told) == {"initial": 1, "focused": 1}


def test_returned_at_sign_off() -> None:
    """Each time counts."""
    moves = [Move(date(2026, 4, 3), "returned"), Move(date(2026, 4, 20), "returned"),
             Move(date(2026, 5, 3), "completed")]  # fmt: skip
    told = facts(done(date(2026, 5, 3), moves=tuple(moves)))
    assert counts("sign_off", "returned", told) == [2, 0, 0]
    assert counts("sign_off", "completed", told) == [0, 1, 0]


def test_the_backlog_is_what_is_open_at_the_end() -> None:
    """By days on the clock; one that is on hold is neither to allocate nor allocated."""
    held = Holds(0, (Hold(date(2026, 6, 1), None, "family"),))
    ended = Holds(0, (Hold(date(2026, 6, 1), date(2026, 6, 30), "family"),))
    told = facts(
        review(date(2026, 5, 31)),  # 30 days
        review(date(2026, 5, 30)),  # 31 days: a month
        review(date(2026, 5, 30), holds=ended),  # 2 days
        review(date(2026, 1, 1), led=(Span(date(2026, 6, 30), None),)),
        review(date(2026, 1, 1), led=(Span(date(2026, 5, 1), date(2026, 6, 30)),)),  # taken back that day
        review(date(2026, 1, 1), holds=held, led=(Span(date(2026, 5, 1), None),)),
        review(date(2026, 7, 1)),
        done(date(2026, 6, 30)),
        done(date(2026, 7, 1), notified_on=date(2025, 1, 1), led=(Span(date(2026, 1, 1), None),)),
    )
    assert by_row("backlog", "to_allocate", told) == {
        "under_1_month": 2,
        "under_3_months": 1,
        "under_6_months": 1,
    }
    assert by_row("backlog", "allocated", told) == {"under_6_months": 1, "12_months_or_more": 1}
    assert by_row("backlog", "on_hold", told) == {"under_6_months": 1}
    assert by_row("holds", "on_hold", told) == {"family": 1}


def test_a_quarter_that_goes_on_is_told_as_far_as_it_is_known() -> None:
    """What falls due later is not due yet, and the backlog is that of the last day known."""
    now = replace(SPRING, known_on=date(2026, 5, 10))
    told = facts(review(date(2025, 11, 10)), review(date(2025, 11, 11)))
    assert counts("completed_in_time", "all_due", told, now) == [0, 1]
    assert by_row("backlog", "to_allocate", told, now) == {"under_6_months": 2}


def test_overrides_are_counted_by_reason_and_advice_that_was_followed_too() -> None:
    """Of the area, in the period."""
    day = date(2026, 4, 30)
    lines = (Advised("QAA", day, None), Advised("QAA", day, "language"), Advised("QAA", day, "language"),
             Advised("QBB", day, "other"), Advised("QAA", date(2026, 3, 31), "other"))  # fmt: skip
    told = facts(lines=lines, areas=frozenset({"QAA"}))
    assert by_row("overrides", "lines", told) == {"as_advised": 1, "language": 2}


def people_and_places() -> Facts:
    """Three reviewers of two areas, and what they were given."""
    people = (
        Person("R1", "QAA", "dedicated", 37.5),
        Person("R2", "QAA", "day_job", 7.5, leaves_on=date(2026, 4, 1)),
        Person("R3", "QBB", "dedicated", 37.5),
        Person("R4", "QAA", "bank", 10.0, leaves_on=date(2026, 3, 31)),
    )
    april, may = date(2026, 4, 7), date(2026, 5, 7)
    places = (
        *(Place("R1", "QAA", "QAA", True, Span(april, may), completed=True) for _ in range(5)),
        Place("R1", "QAA", "QBB", True, Span(may)),
        Place("R1", "QAA", "QBB", False, Span(may)),
        Place("R2", "QAA", "QAA", True, Span(date(2026, 3, 31))),
        Place("R3", "QBB", "QAA", False, Span(april, may)),
        Place("R3", "QBB", "QCC", True, Span(april)),
    )
    lendings = (Lending("QBB", "QAA", Span(april, may), True), Lending("QCC", "QAA", Span(april), False))
    return facts(people=people, places=places, lendings=lendings, areas=frozenset({"QAA"}))


def test_how_reviews_are_shared_among_reviewers() -> None:
    """Those of the area who were there, and what they lead wherever it is."""
    told = people_and_places()
    assert by_row("fairness", "reviewers", told) == {"dedicated": 1, "day_job": 1}
    assert by_row("fairness", "allocated", told) == {"dedicated": 6}
    assert by_row("fairness", "completed", told) == {"dedicated": 5}
    assert by_row("fairness", "open", told) == {"dedicated": 1, "day_job": 1}
    assert by_row("shares", "reviewers", told) == {"none": 1, "5_to_9": 1}
    assert by_row("shares", "allocated", told) == {"5_to_9": 6}
    (wte,) = [one for one in TABLES["fairness"](told, SPRING).columns if isinstance(one, Given)]
    assert list(wte.values)[:2] == [1.0, 0.2]


def test_what_is_lent_and_borrowed() -> None:
    """Places in another area than the reviewer's home, one of the two that of the report."""
    told = people_and_places()
    assert by_row("lending", "given", told) == {"QAA-QBB": 2, "QBB-QAA": 1}
    assert by_row("lending", "open", told) == {"QAA-QBB": 2}
    draft = TABLES["lending"](told, SPRING)
    (consent,) = [one for one in draft.columns if isinstance(one, Given)]
    assert dict(zip((name for name, _ in draft.rows), consent.values, strict=True)) == {
        "QAA-QBB": "None",
        "QBB-QAA": "None",  # it ended in May
        "QCC-QAA": "For some cases",
    }


def test_small_counts_are_withheld_from_the_report() -> None:
    """Of three areas' deaths nobody learns that there was one in June."""
    told = facts(*[review(date(2026, 4, 3))] * 8, *[review(date(2026, 5, 3))] * 9, review(date(2026, 6, 3)))
    table = performance(told, SPRING).tables[0]
    assert [row.cells["notified"] for row in table.rows] == [WITHHELD, 9, WITHHELD]
    assert table.total.cells["notified"] == 18


def a_year() -> Facts:
    """A year of one area in which everything happens."""
    rng = random.Random(3)
    reviews = []
    for _ in range(150):
        on = date.fromordinal(date(2025, 6, 1).toordinal() + rng.randrange(390))
        one = review(on, review_type=rng.choice(["initial", "focused"]), in_scope=rng.random() < 0.95)
        led = date.fromordinal(on.toordinal() + rng.randrange(1, 150))
        ended = date.fromordinal(led.toordinal() + rng.randrange(30, 120))
        if rng.random() < 0.3:
            one = replace(one, holds=Holds(rng.randrange(40), (Hold(on, None, "coroner"),)))
        if rng.random() < 0.8:
            one = replace(one, led=(Span(led, ended),), state="completed", moves=(Move(ended, "completed"),))
        reviews.append(one)
    more = people_and_places()
    return replace(more, reviews=tuple(reviews))


@pytest.mark.parametrize("seed", range(5))
def test_the_order_in_which_it_is_told_changes_nothing(seed: int) -> None:
    """Nor what stands in a file."""
    told, period = a_year(), Period(date(2026, 4, 1), date(2027, 3, 31), date(2026, 9, 9))

    def mixed(some: tuple[object, ...]) -> tuple[object, ...]:
        return tuple(random.Random(seed).sample(some, len(some)))

    names = ("reviews", "places", "people", "lines", "lendings")
    other = replace(told, **{name: mixed(getattr(told, name)) for name in names})
    assert report_csv(performance(other, period)) == report_csv(performance(told, period))


def test_shares_are_of_what_stands_beside_them() -> None:
    """Each ratio of each table names columns that there are, and the file has a word for each."""
    report = performance(a_year(), SPRING)
    for name, draft in ((name, make(a_year(), SPRING)) for name, make in TABLES.items()):
        names = {one.name for one in draft.columns}
        assert all({one.part, *one.whole} <= names for one in draft.columns if isinstance(one, Ratio)), name
    for table in report.tables:
        header, *rows = table_csv(table).decode().splitlines()
        assert len(rows) == len(table.rows) + 1
        assert header.startswith(table.row_label)
        assert rows[-1].startswith("Total,")


@pytest.mark.parametrize(
    ("find", "day", "first", "last"),
    [
        (quarter, date(2026, 11, 2), date(2026, 10, 1), date(2026, 12, 31)),
        (quarter, date(2027, 1, 1), date(2027, 1, 1), date(2027, 3, 31)),
        (financial_year, date(2027, 3, 31), date(2026, 4, 1), date(2027, 3, 31)),
        (financial_year, date(2026, 4, 1), date(2026, 4, 1), date(2027, 3, 31)),
    ],
)
def test_quarters_and_years(
    find: Callable[[date], tuple[date, date]], day: date, first: date, last: date
) -> None:
    """As the NHS counts them."""
    assert find(day) == (first, last)


def test_months_are_named_and_parts_of_them_by_their_days() -> None:
    """The last day of one, all of the next; of the third two days are known."""
    period = Period(date(2026, 4, 30), date(2026, 6, 30), date(2026, 6, 2))
    assert [period.label(month) for month in period.months] == [
        "30 April 2026",
        "May 2026",
        "1 to 2 June 2026",
    ]
