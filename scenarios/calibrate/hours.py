"""Hours by type, employment and experience, what becomes focused, and what a return costs."""

from __future__ import annotations

from typing import Final

import numpy as np

from scenarios.calibrate.done import FOCUSED, INITIAL, Done
from scenarios.calibrate.figures import FEWEST, POLICY, SPREAD, Told
from scenarios.calibrate.learning import NEW, PRACTISED, Learnt, can_be_told, learn, nothing_learnt
from scenarios.calibrate.resample import Interval, Resampled, ratio, wilson
from scenarios.world import Bools, Floats

FEWEST_NEW: Final = 20
"""Reviews of new people, and of practised ones, below which nothing is said of learning."""
BANDS: Final = ((0, 0, "review 1"), (1, 2, "reviews 2 and 3"), (3, 9, "reviews 4 to 10"),
                (10, np.inf, "reviews 11 and later"))  # fmt: skip
"""Reviews before: from, to, and which reviews these are."""
TIMES: Final = "times the usual hours"


def hours(told: Told, done: Done, draws: Resampled) -> None:
    """Nothing; all that is told of hours is noted."""
    all_in(told, done, draws)
    kinds = [name for name in done.kinds if (done.of_kind(name) & done.at_once).sum() >= FEWEST]
    rows = done.at_once & done.of_kind(*kinds)
    if not rows.any():
        return
    learns = rows & ~np.isnan(done.before)
    is_told = _learns(told, done, learns)
    rows = learns if is_told else rows
    some = draws.of(rows)
    weights, values, kind = some.weights, done.hours[rows], done.kind[rows]
    if is_told:
        found = learn(weights, values, kind, len(done.kinds), done.before[rows])
    else:
        found = nothing_learnt(weights, values, kind, len(done.kinds))
    if is_told:
        _say_learning(told, found, some, len(values))
    _say_usual(told, done, found, rows, some)
    expected = found.expected(kind, done.before[rows] if is_told else np.full(len(values), np.nan))
    _say_spread(told, values / expected[0], some, len(kinds) + 2 * is_told)
    _say_employment(told, done, rows, some, expected)
    _say_experience(told, done, rows, some, found)
    _say_rework(told, done, draws, found, is_told)


def all_in(told: Told, done: Done, draws: Resampled) -> None:
    """Nothing; the mean hours of each type are noted as a policy counts them.

    Of an initial review what it takes as a rule: those that become focused are among them.
    """
    grows = all(done.of_kind(name).sum() >= FEWEST for name in (INITIAL, FOCUSED))
    for name in done.kinds:
        rows, of = done.of_kind(name), name
        if told.too_few(f"hours of {name} reviews", int(rows.sum())):
            continue
        if name == INITIAL and grows:
            rows, of = done.of_kind(INITIAL, FOCUSED), f"{INITIAL}, with those that become {FOCUSED}"
        some = draws.of(rows)
        mean = some.interval(some.mean(done.hours[rows]))
        told.say("hours, all in", "hours", mean, int(rows.sum()), of, f"{POLICY}{name}.hours")
    if grows:
        share = wilson(int(done.of_kind(FOCUSED).sum()), int(done.of_kind(INITIAL, FOCUSED).sum()))
        count = int(done.of_kind(INITIAL, FOCUSED).sum())
        told.say("becomes focused", "share", share, count, fills="work.focused_share")
    elif INITIAL in done.kinds:
        told.cannot("becomes focused", f"fewer than {FEWEST} reviews are {FOCUSED}, or {INITIAL}")
    if INITIAL not in done.kinds:
        told.cannot("hours of a scenario", f"it counts from {INITIAL} reviews, and no review is one")


def _learns(told: Told, done: Done, rows: Bools) -> bool:
    """Whether learning can be told; if not, that is noted."""
    before = done.before[rows]
    if can_be_told(before, FEWEST_NEW):
        return True
    new, practised = int((before <= NEW).sum()), int((before >= PRACTISED).sum())
    why = (
        "no review says how many its reviewer had completed before"
        if not len(before)
        else f"{new} reviews are of somebody who had completed {NEW} or fewer, "
        f"{practised} of somebody with {PRACTISED} or more; {FEWEST_NEW} of each are needed"
    )
    told.cannot("learning with volume", f"{why}. The usual hours are of all, new or not")
    return False


def _say_learning(told: Told, found: Learnt, draws: Resampled, reviews: int) -> None:
    first, decay = draws.interval(found.first), draws.interval(found.decay)
    told.say(TIMES, "times", first, reviews, "the first review", "groups.first_case")
    if first.low <= 1:
        why = "first reviews may well take no longer than others"
        told.cannot("how soon learning is over", why)
    else:
        told.say("until that is a third", "reviews", decay, reviews, fills="groups.cases_to_learn")


def _say_usual(told: Told, done: Done, found: Learnt, rows: Bools, draws: Resampled) -> None:
    """Note the hours of a scenario: of somebody who has learnt, and more of what becomes focused."""
    initial, focused = (rows & done.of_kind(name) for name in (INITIAL, FOCUSED))
    if not initial.any():
        return
    usual = found.usual[:, done.kinds.index(INITIAL)]
    told.say("usual hours", "hours", draws.interval(usual), int(initial.sum()), INITIAL, "work.initial_hours")
    if not focused.any():
        return
    more = draws.interval(found.usual[:, done.kinds.index(FOCUSED)] - usual)
    count = int(focused.sum())
    if more.value <= 0:
        told.cannot("hours more of a focused review", f"{count} of them took no longer than initial ones")
        return
    more = Interval(more.value, max(0.0, more.low), more.high)
    told.say("hours more", "hours", more, count, FOCUSED, "work.focused_hours")


def _say_spread(told: Told, times: Floats, draws: Resampled, fitted: int) -> None:
    """Note how hours vary beyond type and experience.

    Parameters
    ----------
    times : (n,) hours ÷ those that are usual; fitted : how many numbers these come from
    """
    spread = draws.interval(draws.spread(times, fitted))
    told.say("spread of hours", SPREAD, spread, len(times), fills="work.cv")


def _say_employment(told: Told, done: Done, rows: Bools, draws: Resampled, expected: Floats) -> None:
    """Note how many times the usual hours those employed in one way take: type and experience count apart."""
    kinds = sorted({name for name, row in zip(done.employment, rows, strict=True) if row and name})
    if not kinds:
        told.cannot("hours by employment", "no review says it")
    for name in kinds if len(kinds) > 1 else ():
        its = done.employed(name)[rows]
        if not told.too_few(f"hours of {name} reviewers", int(its.sum())):
            times = _times(draws.weights, done.hours[rows], expected, its)
            told.say(TIMES, "times", draws.of(its).interval(times), int(its.sum()), f"{name} reviewers")


def _say_experience(told: Told, done: Done, rows: Bools, draws: Resampled, found: Learnt) -> None:
    """Note the same by reviews before, beside the curve: whether it fits can be seen."""
    usual = found.usual[:, done.kind[rows]]
    for least, most, which in BANDS:
        its = (done.before[rows] >= least) & (done.before[rows] <= most)
        if its.sum() >= FEWEST:
            times = _times(draws.weights, done.hours[rows], usual, its)
            told.say(TIMES, "times", draws.of(its).interval(times), int(its.sum()), which)


def _say_rework(told: Told, done: Done, draws: Resampled, found: Learnt, is_told: bool) -> None:
    """Note the share of the hours that a return adds."""
    rows = (done.returned == 1) & np.isfinite(found.usual[0, done.kind])
    if is_told:
        rows &= ~np.isnan(done.before)
    if told.too_few("hours again", int(rows.sum()), FEWEST_NEW):
        return
    before = done.before[rows] if is_told else np.full(int(rows.sum()), np.nan)
    some = draws.of(rows)
    expected = found.expected(done.kind[rows], before)
    times = _times(some.weights, done.hours[rows], expected, np.full(len(before), True))
    more = some.interval(times - 1.0)
    if more.value <= 0:
        told.cannot("hours again", "they took no longer than the others")
        return
    more = Interval(more.value, max(0.0, more.low), more.high)
    told.say("hours again", "share", more, int(rows.sum()), "returned", "work.rework")


def _times(weights: Floats, values: Floats, expected: Floats, its: Bools) -> Floats:
    """(1 + draws,) the hours of some reviews ÷ those that are expected of them."""
    of = weights[:, its]
    return ratio(of @ values[its], (of * expected[:, its]).sum(axis=1))
