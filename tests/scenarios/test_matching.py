"""Published counts find the values that may be: a planted truth is found, and what is foretold holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from allocator.errors import BadInput
from scenarios.counts import FIGURES, Published, counts_of
from scenarios.emulator import emulator
from scenarios.files import changed, read_scenario, shipped
from scenarios.matched import FEW, Matched
from scenarios.matching import check, last_day, match
from scenarios.run import Stopped, run_variant
from scenarios.scenario import Scenario
from scenarios.scoring import score
from scenarios.units import WEEK
from scenarios.waves import Search, Wanted, counted, implausibility, stratified, unknowns
from tests.scenarios.build import scenario

BEFORE = (date(2024, 12, 31), date(2025, 6, 30))
AFTER = date(2025, 12, 30)
FAR = 10_000_000
"""A replication that no search has."""
RANGES = {
    "groups.g0.people": (20, 120),
    "groups.g0.hours_a_week": (0.5, 4.0),
    "demand.a_year": (250, 450),
    "targets.chance": (0.5, 1.0),
}
"""The last one does nothing to any count."""


def small(**tables: Any) -> Scenario:
    """Day-job reviewers of whom it is not known how many there are, nor how much time they have."""
    group = {
        "people": 60, "kind": "day_job", "hours_a_week": 1.5, "cases_a_year": 6, "caseload": 2,
        "turnover": 0, "joining_weeks": 60,
    }  # fmt: skip
    ranges = {key: {"low": low, "high": high, "reason": "x"} for key, (low, high) in RANGES.items()}
    whole = {"run": {"years": 2, "start": "2024-01-01"}, "demand": {"a_year": 350}, "steady": True,
             "assumptions": ranges} | tables  # fmt: skip
    return scenario(group, **whole)


def planted(one: Scenario, luck: int, *days: date) -> tuple[Published, ...]:
    """What would be published of a scenario: its counts on some days, all but notified within 5."""
    told = counted(one, range(FAR + luck, FAR + luck + 1), days)[0]
    rows = []
    for day, figures in zip(days, told.tolist(), strict=True):
        exact, rounded = {"notified": figures[0]}, dict(zip(FIGURES[1:], figures[1:], strict=True))
        rows += [{"on": day, "source": "x", **exact}, {"on": day, "source": "x", "within": 5, **rounded}]
    return counts_of({"counts": rows})


def quick(**more: Any) -> Wanted:
    """Few sets."""
    return replace(Wanted(sets=60, waves=3, replications=2, discrepancy=0.02), **more)


@pytest.fixture(scope="module")
def found() -> Matched:
    """Return a match of counts that the scenario itself gave."""
    return match(small(), planted(small(), 0, *BEFORE), quick())


def test_cases_are_counted_as_the_weeks_are() -> None:
    """The same scenario by its weekly stages: a day is counted at its end, and nothing is lost."""
    one = small(holds={"share": 0}, areas=[{"name": "A"}, {"name": "B"}])
    found = run_variant(one, range(3))
    days = [date(2024, 7, 14), date(2025, 12, 28)]
    told = counted(one, range(3), days)
    for at, day in enumerate(days):
        weeks = int(((day - one.run.start).days + 1) / WEEK)
        still_open = found.open.sum(axis=1)[:, weeks]
        assert told[:, at, 3].tolist() == still_open[:, 0].tolist()
        assert told[:, at, 2].tolist() == still_open[:, 1:].sum(axis=1).tolist()
    assert (told[..., 0] == told[..., 1:].sum(axis=2)).all()
    assert (np.diff(told[..., :2], axis=1) > 0).all()


def test_counted_in_parts_or_together_is_the_same() -> None:
    """A replication is its own, whatever others are run beside it."""
    one = small()
    whole = counted(one, range(5, 25), BEFORE)
    assert np.array_equal(whole[3:], counted(one, range(8, 25), BEFORE))


def test_implausibility_is_what_it_is_by_hand() -> None:
    """|100 − 80| over rounding 12²/3 = 48, what the model leaves out 5² = 25, chance 8 × 1.5 = 12: 85."""
    one = Published(AFTER, "completed", 100, 12, "x", "")
    seen = np.array([[[78.0], [82.0]], [[98.0], [102.0]], [[79.0], [79.0]]])
    far = implausibility(seen, [one], 0.05)
    assert far[:, 0] == pytest.approx([20 / 85**0.5, 0.0, 21 / 73**0.5])
    exact = replace(one, within=0)
    assert implausibility(seen[2:], [exact], 0.0)[0, 0] == np.inf
    assert implausibility(seen[2:] + 21, [exact], 0.0)[0, 0] == 0


def test_draws_are_one_in_each_part_and_the_seeds() -> None:
    """A Latin hypercube."""
    found = stratified(50, 4, (1, 0, 0))
    assert (np.sort((found * 50).astype(int), axis=0) == np.arange(50)[:, None]).all()
    assert np.array_equal(found, stratified(50, 4, (1, 0, 0)))
    assert not np.array_equal(found, stratified(50, 4, (1, 1, 0)))
    assert np.abs(np.corrcoef(found.T) - np.eye(4)).max() < 0.4


def test_a_surface_finds_what_is_one() -> None:
    """Of second degree exactly, a plane with fewer runs, nothing with next to none."""
    points = stratified(40, 3, (2,))
    x, y, z = points.T
    seen = np.stack([3 + x * y - 2 * z**2, 1 - 5 * y], axis=1)
    square = emulator(points, seen)
    assert square is not None
    elsewhere = stratified(7, 3, (3,))
    x, y, z = elsewhere.T
    assert square(elsewhere) == pytest.approx(np.stack([3 + x * y - 2 * z**2, 1 - 5 * y], axis=1))
    assert square.unsure.max() < 1e-9
    plane = emulator(points[:19], seen[:19])
    assert plane is not None
    assert plane.unsure[1] < 1e-9 < plane.unsure[0]
    assert emulator(points[:7], seen[:7]) is None
    assert emulator(points[:8], seen[:8]) is not None


def test_a_wave_does_not_rule_out_what_agrees() -> None:
    """Of sets drawn anywhere, those that agree may agree by what another wave has shown; most others not."""
    counts = planted(small(), 0, *BEFORE)
    one, other = (
        Search(small(**seed), counts, (AFTER,), quick(sets=sets, waves=1, discrepancy=0.1))
        for seed, sets in (({}, 150), ({"run": {"years": 2, "start": "2024-01-01", "seed": 2}}, 300))
    )
    one.tried()
    found = other.tried()
    low, high = (np.array([getattr(source, end) for source in found.unknown]) for end in ("low", "high"))
    may = one.may_agree((found.values - low) / (high - low))
    assert found.kept.sum() >= 15
    assert may[found.kept].mean() >= 0.9
    assert may[~found.kept].mean() < 0.4


def test_a_planted_truth_agrees_and_its_later_counts_are_within_the_interval() -> None:
    """Six truths within the ranges, each published once by chance: what is let in is let in cautiously."""
    draw, held, agree = np.random.default_rng(7), [], 0
    for luck in range(6):
        truth = {key: low + (high - low) * draw.uniform(0.2, 0.8) for key, (low, high) in RANGES.items()}
        truth["groups.g0.people"] = round(truth["groups.g0.people"])
        one = changed(small(), truth)
        found = match(small(), planted(one, luck, *BEFORE), quick())
        agree += found.kept > 0
        held += [row.in_80 for row in score(found, planted(one, luck, AFTER))]
    assert agree == 6
    assert len(held) == 6 * len(FIGURES)
    assert np.mean(held) >= 0.8


def test_what_is_foretold_is_narrower_than_what_could_have_been(found: Matched) -> None:
    """An interval that holds everything would say nothing: half as wide at most as without the counts."""
    anything = match(small(), planted(small(), 0, *BEFORE), quick(sets=60, waves=1, discrepancy=10))
    assert anything.kept == anything.sets
    for before, after in zip(anything.forecasts, found.forecasts, strict=True):
        wide, narrow = (one.cases.high_80 - one.cases.low_80 for one in (before, after))
        assert narrow < wide / 2


def test_counts_narrow_what_they_depend_on_and_leave_the_rest(found: Matched) -> None:
    """Notifications are known from the counts; what does nothing to them stays as it was."""
    told = {one.key: one for one in found.ranges}
    assert told["demand.a_year"].is_sure
    assert told["demand.a_year"].narrowed is not None
    assert told["demand.a_year"].narrowed > 0.5
    idle = told["targets.chance"]
    assert not idle.is_sure
    assert idle.narrowed is not None
    assert abs(idle.narrowed) < 0.3
    for one in found.ranges:
        assert one.kept_low is not None
        assert one.kept_high is not None
        assert one.low <= one.kept_low <= one.kept_high <= one.high


def test_what_only_a_combination_is_known_of_is_told(found: Matched) -> None:
    """More people with less time each do the same."""
    close = {frozenset((one.first, one.second)): one.correlation for one in found.pairs}
    assert close[frozenset(("groups.g0.people", "groups.g0.hours_a_week"))] < -0.3
    assert found.pairs == tuple(sorted(found.pairs, key=lambda one: -abs(one.correlation)))


def test_later_waves_draw_where_more_agree(found: Matched) -> None:
    """Waves are worth it: the same sets in one agree less often."""
    assert found.kept >= FEW
    assert found.left < 0.5
    once = match(small(), planted(small(), 0, *BEFORE), quick(sets=180, waves=1))
    assert once.sets == found.sets == 180
    assert once.left == 1
    assert found.kept > 2 * once.kept


def test_the_same_seed_gives_the_same_bytes_in_any_number_of_processes() -> None:
    """And another seed others."""
    counts, few = planted(small(), 0, *BEFORE), quick(sets=8, waves=2, discrepancy=0.5)
    once = match(small(), counts, few)
    assert once.kept > 0
    assert match(small(), counts, replace(few, workers=2)) == once
    other = small(run={"years": 2, "start": "2024-01-01", "seed": 2})
    assert match(other, counts, few).forecasts != once.forecasts


def test_that_nothing_agrees_is_said_with_the_nearest() -> None:
    """Nothing is foretold then, and the figure that is furthest away is named."""
    counts = counts_of({"counts": [{"on": BEFORE[0], "completed": 5000, "source": "x"}]})
    found = match(small(), counts, quick(sets=20, waves=2))
    assert found.kept == 0
    assert found.forecasts == ()
    assert found.pairs == ()
    assert found.furthest > 3
    assert found.says.startswith("None of ")
    assert "completed by 31 December 2024, where 5,000 were published" in found.says
    assert {one.kept for one in found.fits} == {None}
    assert {(one.kept_low, one.narrowed, one.is_sure, one.drives) for one in found.ranges} == {
        (None, None, False, None)
    }
    assert score(found, planted(small(), 0, AFTER)) == ()


def test_few_that_agree_are_no_interval_and_it_says_so() -> None:
    """A quick look is told as one."""
    found = match(small(), planted(small(), 0, *BEFORE), quick(sets=10, waves=1, discrepancy=0.5))
    assert 0 < found.kept < FEW
    assert "too few for an interval to be relied on" in found.says


def test_the_last_day_of_the_run_is_foretold_unless_others_are(found: Matched) -> None:
    """Every figure of each day, in order; what was notified is as many as all the rest."""
    assert {one.on for one in found.forecasts} == {AFTER} == {last_day(small())}
    days = (date(2025, 10, 1), date(2025, 8, 1))
    some = match(small(), planted(small(), 0, *BEFORE), quick(at=days, sets=20, waves=1, discrepancy=0.5))
    assert [one.on for one in some.forecasts] == [days[1]] * 4 + [days[0]] * 4
    for rows in (some.forecasts[:4], some.forecasts[4:]):
        total, *parts = (one.cases.mean for one in rows)
        assert sum(parts) == pytest.approx(total, rel=1e-4)


def test_a_score_is_the_error_as_it_is(found: Matched) -> None:
    """Too many is above 0; within is at the edge too, and outside is outside."""
    cases = next(one.cases for one in found.forecasts if one.figure == "completed")
    for came, in_80, in_95 in (
        (cases.low_80, True, True),
        (cases.low_95, False, True),
        (cases.low_95 - 1, False, False),
        (cases.high_95 + 1, False, False),
    ):
        one = Published(AFTER, "completed", came, 0, "x", "")
        (row,) = score(found, [one])
        assert (row.in_80, row.in_95) == (in_80, in_95)
        assert row.error == pytest.approx(cases.mean - came, abs=0.01)
        assert row.error_share == pytest.approx(row.error / came, abs=1e-4)
    assert score(found, [Published(BEFORE[0], "completed", 1, 0, "x", "")]) == ()


def codes(one: Scenario, counts: tuple[Published, ...], **more: Any) -> dict[str, str]:
    """The code of each fault by its pointer, or by its value where it has none."""
    try:
        check(one, counts, quick(**more))
    except BadInput as error:
        return {str(fault.pointer or fault.value): fault.code for fault in error.faults}
    return {}


def test_what_cannot_be_matched_is_refused_all_at_once() -> None:
    """A day before, or after; nothing that is unknown; a range that goes too far."""
    early = counts_of({"counts": [{"on": "2023-12-31", "notified": 1, "source": "x"}]})
    edge = counts_of({"counts": [{"on": "2024-01-01", "notified": 1, "source": "x"}]})
    assert codes(small(), edge, at=(AFTER,)) == {}
    assert codes(small(assumptions={}), early, at=(date(2026, 1, 1),)) == {
        "/counts/0/notified": "outside-run", "2026-01-01": "outside-run", "/assumptions": "nothing-unknown",
    }  # fmt: skip
    far = {"holds.share": {"low": 0.1, "high": 1.5, "reason": "x"}}
    assert codes(small(assumptions=far), edge) == {"/assumptions/holds.share": "bad-value"}


def test_a_search_can_be_stopped() -> None:
    """Half of it says nothing."""
    with pytest.raises(Stopped):
        match(small(), planted(small(), 0, *BEFORE), quick(), stopped=lambda: True)


def test_the_national_backlog_says_what_is_not_known_and_why() -> None:
    """Each of its ranges is an assumption with a reason, around the value that is run; none is of 2019."""
    one = read_scenario(shipped()["national-backlog"])
    assert last_day(one) == date(2019, 12, 31)
    assert len(unknowns(one)) >= 8
    for source in unknowns(one):
        assert source.low <= source.value <= source.high
        assert source.is_assumption
        assert "2019" not in source.reason
    assert sum(one.demand.history) == pytest.approx(4302, abs=2)
