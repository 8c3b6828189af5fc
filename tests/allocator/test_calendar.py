"""Working days, absences and capacity, each against a figure worked out by hand."""

from datetime import date, timedelta

import numpy as np
import pytest

from allocator.calendar import Capacities, bank_holidays, capacities, working_days
from allocator.reviewers import Absence, Reviewer
from tests.allocator.build import AS_OF, policy, reviewer

WEEK = timedelta(days=7)


def capacity(who: Reviewer, *absences: Absence, as_of: date = AS_OF, **sections: dict[str, object]) -> int:
    """Minutes of one reviewer in the horizon."""
    return int(everyone(who, *absences, as_of=as_of, **sections).capacity[0])


def everyone(
    who: Reviewer, *absences: Absence, as_of: date = AS_OF, **sections: dict[str, object]
) -> Capacities:
    """The capacities of one reviewer."""
    return capacities([who], absences, policy(**sections), as_of)


def away(first: date, last: date, percent: float = 100.0) -> Absence:
    """An absence of R1."""
    return Absence(reviewer_id="R1", from_=first, to=last, percent=percent)


def ordinals(*days: date) -> list[int]:
    """The days as ordinals."""
    return [d.toordinal() for d in days]


def test_a_plain_week_is_monday_to_friday() -> None:
    """Neither Saturday nor Sunday is worked on."""
    assert working_days(date(2026, 11, 2), date(2026, 11, 8), "england").tolist() == ordinals(
        *(date(2026, 11, d) for d in range(2, 7))
    )


def test_christmas_2026_is_observed_on_friday_and_monday() -> None:
    """Boxing Day falls on a Saturday, so Monday the 28th is off instead."""
    week = working_days(date(2026, 12, 24), date(2026, 12, 29), "england")
    assert week.tolist() == ordinals(date(2026, 12, 24), date(2026, 12, 29))


def test_without_bank_holidays_christmas_is_a_friday() -> None:
    """The policy's `none` counts every Monday to Friday."""
    assert len(working_days(date(2026, 12, 24), date(2026, 12, 29), "none")) == 4


def test_england_has_eight_bank_holidays_a_year_in_2027() -> None:
    """The substitute days stand beside the days themselves."""
    assert len([d for d in bank_holidays(2027, "england") if d.weekday() < 5]) == 8


def test_next_to_no_hours_are_no_minutes() -> None:
    """Parts of an hour too fine for 64 bits are reckoned all the same."""
    assert capacity(reviewer("R1", hours_per_week=5e-324)) == 0
    assert capacity(reviewer("R1", hours_per_week=5e-324), away(AS_OF, AS_OF, 1e-300)) == 0


def test_eight_weeks_of_thirty_hours() -> None:
    """8 weeks from 2 November 2026 end on 27 December; Christmas Day is off: 39 days of 6 h."""
    assert capacity(reviewer()) == 39 * 6 * 60


def test_a_part_week_counts_only_its_days() -> None:
    """From a Wednesday on, one week's horizon ends on a Tuesday: five working days all the same."""
    assert capacity(reviewer(horizon_weeks=1), as_of=date(2026, 11, 4)) == 30 * 60


def test_a_starter_counts_from_the_first_day() -> None:
    """Who starts on the Thursday of a week's horizon has two days."""
    assert capacity(reviewer(horizon_weeks=1, starts_on=date(2026, 11, 5))) == 2 * 360


def test_a_leaver_counts_to_the_last_day_and_with_it() -> None:
    """Who leaves on the Tuesday of a week's horizon has two days."""
    assert capacity(reviewer(horizon_weeks=1, leaves_on=date(2026, 11, 3))) == 2 * 360


def test_who_starts_after_the_horizon_has_nothing() -> None:
    """No day of theirs is in it."""
    assert capacity(reviewer(starts_on=AS_OF + 8 * WEEK)) == 0


def test_zero_hours_are_zero_minutes() -> None:
    """A reviewer with no hours a week has no capacity."""
    assert capacity(reviewer(hours_per_week=0.0)) == 0


def test_absences_overlap_up_to_a_whole_day() -> None:
    """60 % and 70 % on the same day are one day off, not more; each alone counts as it is."""
    two = [
        away(date(2026, 11, 2), date(2026, 11, 3), 60.0),
        away(date(2026, 11, 3), date(2026, 11, 4), 70.0),
    ]
    assert capacity(reviewer(horizon_weeks=1), *two) == 144 + 0 + 108 + 360 + 360


def test_an_absence_over_a_weekend_takes_no_more_than_its_working_days() -> None:
    """Friday to Monday is two days."""
    assert capacity(reviewer(horizon_weeks=2), away(date(2026, 11, 6), date(2026, 11, 9))) == 8 * 360


def test_an_absence_outside_the_horizon_takes_nothing() -> None:
    """Neither before it nor after it."""
    outside = [away(date(2026, 10, 1), date(2026, 11, 1)), away(date(2026, 11, 9), date(2026, 12, 1))]
    assert capacity(reviewer(horizon_weeks=1), *outside) == 30 * 60


def test_the_sum_is_exact_and_floored_once() -> None:
    """0.1 h a week is 1.2 minutes a day: six of five days, not five."""
    assert capacity(reviewer(hours_per_week=0.1, horizon_weeks=1)) == 6


def test_a_share_that_no_binary_number_holds_is_exact() -> None:
    """30 h at 33.3 % off is 0.667 × 1800 = 1200.6 minutes."""
    assert capacity(reviewer(horizon_weeks=1), away(date(2026, 11, 2), date(2026, 11, 6), 33.3)) == 1200


def test_decimals_too_long_for_64_bits_are_still_exact() -> None:
    """A float's 17 digits with a percentage of 15 do not overflow."""
    odd = reviewer(hours_per_week=29.999999999999996, horizon_weeks=1)
    assert capacity(odd, away(date(2026, 11, 2), date(2026, 11, 2), 99.99999999999999)) == 1439


def test_the_limit_is_a_share_of_the_capacity() -> None:
    """90 % of 1800 minutes."""
    assert everyone(reviewer(horizon_weeks=1), capacity={"max_workload": 0.9}).limit.tolist() == [1620]


@pytest.mark.parametrize(
    ("who", "weeks"),
    [
        (reviewer(), 8),
        (reviewer(employment="day_job"), 52),
        (reviewer(employment="day_job", horizon_weeks=3), 3),
    ],
)
def test_the_horizon_is_ones_own_or_day_job_staffs_or_all_s(who: Reviewer, weeks: int) -> None:
    """Its last day is as_of + 7 × weeks − 1."""
    assert everyone(who).horizon_ends.tolist() == ordinals(AS_OF + weeks * WEEK - timedelta(days=1))


def test_minutes_until_a_day_include_that_day() -> None:
    """Before as_of nothing; on the Sunday as much as on the Friday."""
    found = everyone(reviewer())
    days = np.array(ordinals(date(2026, 11, 1), AS_OF, date(2026, 11, 6), date(2026, 11, 8)))
    assert found.until(np.zeros(4, np.int64), days).tolist() == [0, 360, 1800, 1800]


def test_work_is_done_on_the_day_its_last_minute_fits() -> None:
    """360 minutes fit on the first day, 361 do not; nothing is done at once."""
    done = everyone(reviewer()).done_on(0, np.array([0, 360, 361]))
    assert done.tolist() == ordinals(AS_OF, AS_OF, date(2026, 11, 3))


def test_work_begins_on_the_day_with_its_first_minute() -> None:
    """After a whole day's work the next begins on the next day; a part of a minute is enough."""
    assert everyone(reviewer()).begun_on(0, np.array([0, 359, 360])).tolist() == ordinals(
        AS_OF, AS_OF, date(2026, 11, 3)
    )
    assert everyone(reviewer(hours_per_week=0.05)).begun_on(0, np.array([0])).tolist() == ordinals(AS_OF)


def test_work_of_more_than_five_years_is_not_in_the_forecast() -> None:
    """Nor is the work of one who has no hours; nothing at all is still done at once."""
    found = everyone(reviewer(hours_per_week=0.0))
    assert found.done_on(0, np.array([0, 1])).tolist() == [AS_OF.toordinal(), 0]
    assert found.begun_on(0, np.array([0])).tolist() == [0]


def test_a_horizon_beyond_the_forecast_counts_in_the_capacity_alone() -> None:
    """260 weeks end before five years do; capacity and forecast then agree."""
    found = everyone(reviewer(horizon_weeks=260))
    assert int(found.capacity[0]) <= int(found.floors[0, -1])
    assert found.last_day == date(2031, 11, 2).toordinal()


def test_a_starter_works_nothing_before_the_first_day_in_the_forecast_too() -> None:
    """The first minute of one who starts on Thursday is on Thursday."""
    late = everyone(reviewer(starts_on=date(2026, 11, 5)))
    assert late.begun_on(0, np.array([0])).tolist() == ordinals(date(2026, 11, 5))


def test_nobody_is_nothing() -> None:
    """Without reviewers there are no minutes."""
    assert capacities([], [], policy(), AS_OF).capacity.tolist() == []
