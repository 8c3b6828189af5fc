"""All variants of a scenario in one sentence: which clears the backlog by when, and what the base does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scenarios.answers import Clearance, InTime, VariantAnswer
from scenarios.capacity import posts_in, wte_of
from scenarios.scenario import Scenario

AS_IT_STANDS = "as it stands"
"""What the base is called where posts do not name it."""
ALL_THERE_IS = "nothing else that was tried does better"


@dataclass(frozen=True)
class Told:
    """One variant, as the sentence tells of it."""

    who: str
    clearance: Clearance
    settles: bool
    completed: float | None

    @property
    def rank(self) -> tuple[float, float, float]:
        """How good it is, less is better: soonest sure, most often, most in time."""
        clear = self.clearance
        sure = float("inf") if clear.sure_week is None else clear.sure_week
        return sure, -clear.chance, -(self.completed or 0.0)


def headline(scenarios: Sequence[Scenario], answers: Sequence[VariantAnswer]) -> str:
    """The sentence; empty where nothing was answered.

    Parameters
    ----------
    scenarios : of each answer, the base's first
    """
    told = _told(scenarios, answers)
    if not told:
        return ""
    base, best = told[0], min(told, key=lambda one: one.rank)
    years = f"{scenarios[0].run.years:g} years" if scenarios[0].run.years != 1 else "year"
    if all(one.clearance.week == 0 for one in told):
        best = max(told, key=lambda one: one.completed or 0.0)
        parts = [f"{best.who} completes {_share(best)} in time", f"{base.who} {_share(base)}"]
    elif best.clearance.week is None and len(told) > 1:
        none = f"nothing that was tried clears the backlog within the {years}"
        return f"{none.capitalize()}; {best.who} completes most in time, {_share(best)}."
    else:
        parts = [f"{best.who} {_clears(best, years)}", f"{base.who} {_instead(base, years)}"]
    if best.rank == base.rank:
        parts[1:] = [ALL_THERE_IS] if len(told) > 1 else []
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."


def _told(scenarios: Sequence[Scenario], answers: Sequence[VariantAnswer]) -> list[Told]:
    posts = [_posts(one) for one in scenarios]
    are_apart = len(set(posts)) == len(posts) and None not in posts
    found = []
    for at, (one, post) in enumerate(zip(answers, posts, strict=True)):
        name = f"“{one.name if at else AS_IT_STANDS}”"
        whole = one.areas[0]
        share = _completed(whole.in_time).share
        is_told = are_apart and post is not None
        found.append(
            Told(
                who=post if is_told and post else name,
                clearance=whole.clearance,
                settles=one.binds.settles,
                completed=share.mean if share else None,
            )
        )
    return found


def _posts(scenario: Scenario) -> str | None:
    """The posts of a scenario, such as 6.5 WTE; None where they do not tell all that there is of staff."""
    there = [one for one in scenario.groups if posts_in(one)]
    if any(one.kind == "provider" or one.from_week or one.to_week is not None for one in there):
        return None
    return f"{sum(wte_of(one) for one in there):.1f} WTE"


def _completed(rows: Sequence[InTime]) -> InTime:
    """The share completed in time, of the cases that the target is of."""
    wanted = (one for one in rows if one.end == "completed" and one.target is not None)
    return next(wanted, next(one for one in rows if one.end == "completed"))


def _clears(one: Told, years: str) -> str:
    clear = one.clearance
    if clear.sure_week == 0:
        return "has no backlog to clear"
    if clear.sure_week is not None:
        when = f"by {clear.sure_day:%B %Y}" if clear.sure_day else f"by week {clear.sure_week:.0f}"
        return f"clears the backlog {when} in 9 runs of 10"
    if clear.week is None:
        return f"{'does not clear' if one.settles else 'never clears'} the backlog{_within(one, years)}"
    return f"clears the backlog within the {years} in {_runs(clear)}"


def _instead(one: Told, years: str) -> str:
    """The same of another one, after the first was told."""
    clear = one.clearance
    if clear.sure_week is not None:
        return f"by {clear.sure_day:%B %Y}" if clear.sure_day else f"by week {clear.sure_week:.0f}"
    if clear.week is None:
        return f"does not{_within(one, years)}" if one.settles else "never does"
    return f"in {_runs(clear)} within the {years}"


def _within(one: Told, years: str) -> str:
    return f" within the {years}" if one.settles else ""


def _runs(clear: Clearance) -> str:
    """In how many runs of ten; of fewer than one, of a hundred."""
    if clear.chance < 0.1:
        return f"{max(1, round(100 * clear.chance))} run{'s' * (clear.chance >= 0.015)} of 100"
    return f"{round(10 * clear.chance - 1e-9)} run{'s' * (clear.chance > 0.15)} of 10"


def _share(one: Told) -> str:
    return "none" if one.completed is None else f"{one.completed:.0%}"
