"""Days until evidence is in and until sign-off, hours of administration, and shares: returned, on hold."""

from __future__ import annotations

import numpy as np

from scenarios.calibrate.done import Done
from scenarios.calibrate.figures import FEWEST, POLICY, SPREAD, Told
from scenarios.calibrate.resample import Interval, Resampled, wilson
from scenarios.calibrate.slow import SAME_DAY, split
from scenarios.group import KINDS
from scenarios.world import Bools, Floats


def delays(told: Told, done: Done, draws: Resampled) -> None:
    """Nothing; all that is told of days is noted."""
    _by_kind(told, done, draws, done.after_allocation, ("evidence", "days", "evidence_days"))
    _evidence(told, draws, done.evidence)
    _by_kind(told, done, draws, done.sign_off, ("sign-off", "days", "sign_off_days"))
    _mean(told, draws, done.sign_off, ("sign-off", "days", "work.sign_off_days"))
    _by_kind(told, done, draws, done.admin, ("administration", "hours", "admin_hours"))
    _mean(told, draws, done.admin, ("administration", "hours", "evidence.admin_hours"))


def shares(told: Told, done: Done, draws: Resampled) -> None:
    """Nothing; the shares that were returned, in all and by employment, and that were on hold are noted."""
    known = ~np.isnan(done.returned)
    if not told.too_few("returned", int(known.sum())):
        _share(told, done.returned == 1, known, "", "groups.returned")
        kinds = sorted({name for name in done.employment if name})
        for name in kinds if len(kinds) > 1 else ():
            its = known & done.employed(name)
            if its.sum() >= FEWEST:
                key = f"kinds.{name}.returned" if name in KINDS else None
                _share(told, done.returned == 1, its, f"{name} reviewers", key)
    known = ~np.isnan(done.hold_days)
    if not told.too_few("on hold", int(known.sum())):
        held = done.hold_days > 0
        found = wilson(int(held.sum()), int(known.sum()))
        told.say("was on hold", "share", found, int(known.sum()), fills="holds.share")
        told.cannot("holds that go on", "who is still on hold is not among these: more are, and for longer")
        _hold_days(told, draws, np.where(held, done.hold_days, np.nan))


def _share(told: Told, is_so: Bools, known: Bools, of: str, fills: str | None) -> None:
    found = wilson(int((is_so & known).sum()), int(known.sum()))
    told.say("returned", "share", found, int(known.sum()), of, fills)


Says = tuple[str, str, str]
"""What a figure is, its unit, and the key that it fills."""


def _by_kind(told: Told, done: Done, draws: Resampled, values: Floats, says: Says) -> None:
    """Note the mean of each type that says enough, for a policy."""
    what, unit, key = says
    for name in done.kinds:
        rows = done.of_kind(name) & ~np.isnan(values)
        if rows.sum() >= FEWEST:
            some = draws.of(rows)
            found = some.interval(some.mean(values[rows]))
            told.say(what, unit, found, int(rows.sum()), name, f"{POLICY}{name}.{key}")


def _mean(told: Told, draws: Resampled, values: Floats, says: Says) -> None:
    """Note the mean of all, for a scenario."""
    what, unit, key = says
    rows = ~np.isnan(values)
    if not told.too_few(what, int(rows.sum())):
        some = draws.of(rows)
        told.say(what, unit, some.interval(some.mean(values[rows])), int(rows.sum()), fills=key)


def _evidence(told: Told, draws: Resampled, values: Floats) -> None:
    """Note how long evidence takes: the usual and the slow apart, or as one where nobody can part them."""
    rows = ~np.isnan(values)
    count = int(rows.sum())
    if told.too_few("evidence", count):
        return
    some, days = draws.of(rows), values[rows]
    two = split(days, some.weights)
    if two is not None:
        told.say("evidence", "days", some.interval(two.days), count, "the usual", "evidence.days")
        told.say("evidence", "days", some.interval(two.slow_days), count, "the slow", "evidence.slow_days")
        told.say("is slow", "share", some.interval(two.slow_share), count, fills="evidence.slow_share")
        told.say("spread of evidence", SPREAD, some.interval(two.cv), count, "each", "evidence.cv")
        return
    some_days = np.maximum(days, SAME_DAY)
    told.say("evidence", "days", some.interval(some.mean(days)), count, fills="evidence.days")
    told.say("spread of evidence", SPREAD, some.interval(some.spread(some_days)), count, fills="evidence.cv")
    none = Interval(0.0, 0.0, 0.0)
    told.say("is slow", "share", none, count, "none stands out", "evidence.slow_share")


def _hold_days(told: Told, draws: Resampled, values: Floats) -> None:
    """Note how long holds last, and how that varies."""
    rows = ~np.isnan(values)
    if not told.too_few("time on hold", int(rows.sum())):
        some, days = draws.of(rows), values[rows]
        mean, spread = some.interval(some.mean(days)), some.interval(some.spread(days))
        told.say("time on hold", "days", mean, len(days), fills="holds.lasts.mean")
        told.say("spread of time on hold", SPREAD, spread, len(days), fills="holds.lasts.cv")
