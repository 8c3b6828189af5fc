"""Holds by day: what a case's versions tell of them, one after the other."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from allocator.holds import Hold, Holds, HoldTold, holds_of

DAY = date(2026, 5, 4)


def day(number: int) -> date:
    """A day by number."""
    return DAY + timedelta(days=number)


def test_a_hold_that_was_told_of_while_it_was_open_has_its_days() -> None:
    """Open since the first day, ten days when it ended: it stopped the clock on these ten."""
    found = holds_of([HoldTold(), HoldTold(0, day(0), "coroner"), HoldTold(10)])
    assert found == Holds(0, (Hold(day(0), day(10), "coroner"),))
    assert [found.days_by(day(n)) for n in (-1, 0, 4, 10, 50)] == [0, 0, 4, 10, 10]
    assert [found.on(day(n)) is not None for n in (-1, 0, 9, 10)] == [False, True, True, False]


def test_one_that_was_told_of_once_it_had_ended_has_its_length_alone() -> None:
    """It counts from the notification on."""
    found = holds_of([HoldTold(), HoldTold(7)])
    assert found == Holds(7)
    assert found.days_by(day(-100)) == 7


def test_one_that_is_open_goes_on() -> None:
    """A day for each day."""
    found = holds_of([HoldTold(7, day(0))])
    assert [found.days_by(day(n)) for n in (0, 5, 500)] == [7, 12, 507]


def test_a_first_day_that_is_corrected_is_no_second_hold() -> None:
    """And one that is taken back without a day was none."""
    corrected = holds_of([HoldTold(0, day(3)), HoldTold(0, day(0)), HoldTold(10)])
    assert corrected == Holds(0, (Hold(day(0), day(10), None),))
    assert holds_of([HoldTold(0, day(3)), HoldTold()]) == Holds()


def test_a_sum_that_is_corrected_counts() -> None:
    """No day of what was told before is known any more; a hold that came after is known by its own."""
    fewer = [HoldTold(0, day(0)), HoldTold(28), HoldTold(20)]
    assert holds_of(fewer) == Holds(20)
    assert [holds_of(fewer).days_by(day(n)) for n in (-5, 5)] == [20, 20]
    assert holds_of([*fewer, HoldTold(20, day(90)), HoldTold(24)]) == Holds(
        20, (Hold(day(90), day(94), None),)
    )


def test_one_may_end_and_another_begin_between_two_versions() -> None:
    """The days are the first one's."""
    found = holds_of([HoldTold(0, day(0), "police"), HoldTold(10, day(20), "family")])
    assert found.dated == (Hold(day(0), day(10), "police"), Hold(day(20), None, "family"))
    assert found.days_by(day(25)) == 15


@given(st.lists(st.tuples(st.integers(0, 40), st.none() | st.integers(0, 90)), min_size=1, max_size=6))
def test_in_the_end_it_is_as_many_days_as_the_last_version_says(told: list[tuple[int, int | None]]) -> None:
    """Whatever was told before: the clock is that of every other page."""
    versions = [HoldTold(days, None if since is None else day(since)) for days, since in told]
    last, end = versions[-1], day(10_000)
    open_days = (end - last.since).days if last.since else 0
    assert holds_of(versions).days_by(end) == last.days + open_days
