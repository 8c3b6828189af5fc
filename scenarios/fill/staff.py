"""Who is there, as groups: by employment, home, the skills that cases need, and when they come and go."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from allocator.reviewers import Reviewer
from scenarios.fill.seen import Seen
from scenarios.fill.values import Document, Notes, counted, listed
from scenarios.group import Group
from scenarios.scenario import Scenario
from scenarios.units import FULL_TIME, WEEK, WEEKS_A_YEAR

ORDER: Final = ("dedicated", "day_job", "bank", "agency", "provider")
LONGEST_SKILLS: Final = 30
MOST_LETTERS: Final = 56
"""Of a name, so that a number goes behind it."""
TOLD: Final = {"name", "kind", "wte", "people", "hours_a_week", "skills", "areas", "from_week", "to_week"}
"""What a group that is filled in does not take over from the scenario's own."""
HOURS: Final = "the hours for reviews are known; the share says what contract is behind them"
Values = dict[str, tuple[Any, str]]
"""By key of a group its value, and where that comes from."""


@dataclass(frozen=True)
class Sort:
    """What reviewers of one group have in common.

    Parameters
    ----------
    skills : of those that cases need
    from_week, to_week : when they come, and have gone; 0 and None: they are there, and stay
    """

    employment: str
    home: str
    skills: tuple[str, ...]
    from_week: float
    to_week: float | None

    @property
    def kind(self) -> str:
        """How a scenario counts them: agency staff as a bank's."""
        return "bank" if self.employment == "agency" else self.employment

    @property
    def place(self) -> tuple[Any, ...]:
        """Where it stands among the others."""
        rank = ORDER.index(self.employment)
        return rank, self.home, self.skills, self.from_week, self.to_week or 0.0

    def called(self, with_home: bool) -> str:
        """Its name, if it needs one of its own."""
        skills = "+".join(self.skills)
        if len(skills) > LONGEST_SKILLS:
            skills = f"with {len(self.skills)} skills"
        comes = f"from week {round(self.from_week, 1):g}" if self.from_week else ""
        goes = "" if self.to_week is None else f"to week {round(self.to_week, 1):g}"
        employed = self.employment.replace("_", "-")
        return " ".join(filter(None, (employed, self.home * with_home, skills, comes, goes)))


def fill_groups(document: Document, scenario: Scenario, seen: Seen, notes: Notes) -> None:
    """Nothing; the document has the groups of those who are there, in place of its own."""
    sorts = _sorted(document, scenario, seen)
    if not sorts:
        notes.keep("groups", "nobody is there, or nobody has hours")
        return
    own = {one["name"]: one for one in document["groups"]}
    several, made = len(seen.areas) > 1, []
    for (sort, members), name in zip(sorts.items(), _names(list(sorts), scenario, several), strict=True):
        like = _like(scenario, sort.kind)
        values = dict(_values(sort, members, like, seen, several))
        group = {key: value for key, value in own.get(like.name, {}).items() if key not in TOLD}
        group |= {"name": name, "kind": sort.kind, **{key: value for key, (value, _) in values.items()}}
        for key, (value, source) in values.items():
            notes.told(f"groups.{name}.{key}", value, source)
        _note_ranges(name, like, group, values, scenario, notes)
        made.append(group)
    document["groups"] = made
    free = [one["name"] for one in made if "caseload" not in one]
    if free:
        notes.keep("groups.*.caseload", f"nobody has a limit of: {listed(free)}")
    _note_left_out(scenario, seen, [one["name"] for one in made], notes)


def _sorted(document: Document, scenario: Scenario, seen: Seen) -> dict[Sort, list[Reviewer]]:
    """The people of each sort, dedicated ones first."""
    needed = {one["name"] for one in document.get("demand", {}).get("skills", ())}
    found: dict[Sort, list[Reviewer]] = defaultdict(list)
    end = scenario.run.years * WEEKS_A_YEAR
    for one in seen.staff:
        first = max(0.0, _weeks(seen.as_of, one.starts_on) or 0.0)
        last = _weeks(seen.as_of, one.leaves_on, 1)
        skills = tuple(sorted(needed & set(one.skills)))
        stays = last is None or last >= end
        found[Sort(one.employment, seen.home(one), skills, first, None if stays else last)].append(one)
    return {sort: found[sort] for sort in sorted(found, key=lambda sort: sort.place)}


def _weeks(first: date, then: date | None, more_days: int = 0) -> float | None:
    return None if then is None else round(((then - first).days + more_days) / WEEK, 2)


def _like(scenario: Scenario, kind: str) -> Group:
    """The scenario's own group of a kind: what is not known of people is as it says; else as is usual."""
    own = (one for one in scenario.groups if one.kind == kind)
    return next(own, Group.model_validate({"name": "usual", "kind": kind, "people": 0}))


def _names(sorts: Sequence[Sort], scenario: Scenario, with_home: bool) -> list[str]:
    """What each group is called: as the scenario's own of its kind, where there is one of either."""
    kinds = [one.kind for one in sorts]
    own: list[str] = [one.kind for one in scenario.groups]
    found: list[str] = []
    for sort in sorts:
        is_same = kinds.count(sort.kind) == own.count(sort.kind) == 1
        name = _like(scenario, sort.kind).name if is_same else sort.called(with_home)[:MOST_LETTERS]
        found.append(f"{name} {len(found)}" if name in found else name)
    return found


def _values(
    sort: Sort, members: Sequence[Reviewer], like: Group, seen: Seen, several: bool
) -> Iterator[tuple[str, tuple[Any, str]]]:
    """Yield each key of a group with its value and where it comes from."""
    yield "people", (len(members), f"{counted(len(members), 'reviewer')} of this sort")
    share = like.review_share or 1.0
    if not like.review_share:
        yield "review_share", (share, HOURS)
    mean = _mean([one.hours_per_week for one in members])
    source = f"{mean:.4g} hours a week for reviews on average ÷ the {share:g} that go into them"
    yield "hours_a_week", (round(mean / share, 3), source)
    if sort.skills:
        yield "skills", (list(sort.skills), "their skills that cases need")
    if several:
        yield "areas", ([sort.home], "their home")
    if sort.from_week:
        yield "from_week", (sort.from_week, "the day on which they start")
    if sort.to_week is not None:
        yield "to_week", (sort.to_week, "the day on which they leave")
    yield from _limits(sort, members, seen)
    done = [one.completed_reviews for one in members if one.completed_reviews is not None]
    if len(done) == len(members):
        source = f"{_mean(done):.3g} completed reviews on average"
        yield "experienced", (_mean(done) >= like.cases_to_learn, source)
    paid = [(one.cost_per_hour, one.hours_per_week) for one in members if one.cost_per_hour is not None]
    if len(paid) == len(members) and sort.kind != "provider":
        each = sum(cost * hours for cost, hours in paid) / sum(hours for _, hours in paid)
        yield "cost", (round(each * share * FULL_TIME * WEEKS_A_YEAR), f"£{each:.4g} an hour for reviews")


def _limits(sort: Sort, members: Sequence[Reviewer], seen: Seen) -> Iterator[tuple[str, tuple[Any, str]]]:
    usual = seen.policy.capacity.day_job_open_cases if sort.employment == "day_job" else None
    each = [usual if one.max_open_cases is None else one.max_open_cases for one in members]
    most = [one for one in each if one is not None]
    if most:
        rest = f", of the {len(most)} who have a limit" if len(most) < len(each) else ""
        source = f"{_mean(most):.3g} open cases at most on average{rest}"
        yield "caseload", (max(1, round(_mean(most))), source)
    years = [one.cases_a_year for one in members if one.cases_a_year]
    if len(years) == len(members):
        yield "cases_a_year", (round(_mean(years), 2), "cases a year on average")


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


def _note_ranges(
    name: str, like: Group, group: Document, values: Values, scenario: Scenario, notes: Notes
) -> None:
    """Note the ranges of a group: of what is known a point, of all else as the scenario has it."""
    for key, one in scenario.assumptions.items():
        last = key.removeprefix(f"groups.{like.name}.")
        if last != key and last not in values:
            notes.range(f"groups.{name}.{last}", one.low, one.high, one.reason)
    share = group.get("review_share", like.review_share)
    notes.range(f"groups.{name}.review_share", share, share, HOURS)
    if "cost" in values:
        notes.range(f"groups.{name}.cost", group["cost"], group["cost"], values["cost"][1])


def _note_left_out(scenario: Scenario, seen: Seen, names: Sequence[str], notes: Notes) -> None:
    """Note what a scenario cannot say of people, and which of its own groups are gone."""
    gone = [one.name for one in scenario.groups if one.name not in names]
    if gone:
        notes.keep("groups", f"those who are there stand in place of: {listed(gone)}")
    if seen.without_hours:
        notes.keep("groups", f"left out: {counted(seen.without_hours, 'reviewer')} without hours")
    if seen.too_late:
        notes.keep("groups", f"left out: {counted(seen.too_late, 'reviewer')} who come after the run")
    unlike = sum(one.hours_factor != 1 for one in seen.staff)
    if unlike:
        notes.keep("groups", f"the pace of {counted(unlike, 'reviewer')} of their own: a scenario has none")
    if any(one.employment == "provider" for one in seen.staff):
        notes.keep("groups.*.price", "what a provider's review costs: nothing says it")
    notes.keep("groups.*", "leave, sickness, turnover, recruitment, training: nothing says them")
