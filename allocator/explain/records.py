"""What is on record behind each rule for one reviewer and one place: be it met or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from pydantic import Field

from allocator.calendar import horizon_weeks
from allocator.cases import Case
from allocator.dates import add_months
from allocator.efforts import Efforts
from allocator.exact import hours, tenth
from allocator.facts import Facts, row_array
from allocator.held import Role
from allocator.independence import commissioners_of, counts
from allocator.organisations import Roots
from allocator.plan import Part
from allocator.reviewers import Interest, Reviewer
from allocator.standing import Standing, asked_of_admin
from allocator.voice import Voice, listed
from solver.problem import NO_LIMIT

HIDDEN = {"conflict": "a recorded interest", "excluded": "a recorded exclusion or refusal"}
"""What is said instead to those who may not see more."""


class Record(Part):
    """What a rule rests on."""

    rule: str = Field(description="The rule's code")
    sentence: str = Field(description="What is on record")


@dataclass(frozen=True)
class Pair:
    """A reviewer and a place of a case.

    Parameters
    ----------
    row, role, reviewer : the place and the reviewer, by row
    has : whether the plan gives them the place
    """

    row: int
    role: Role
    reviewer: int
    has: bool = False


@dataclass(frozen=True, eq=False)
class Records:
    """Reads what is on record, under one plan.

    Parameters
    ----------
    redact : conflicts, exclusions and refusals are named, and nothing more is said of them
    """

    facts: Facts
    efforts: Efforts
    standing: Standing
    redact: bool = False

    def behind(self, code: str, pair: Pair) -> tuple[Record, ...]:
        """What a rule rests on for a pair; nothing for a rule that is not about a pair."""
        if code not in TABLE:
            return ()
        sentences = list(TABLE[code](self, pair))
        if self.redact and code in HIDDEN and not self._clear(code, pair):
            sentences = [HIDDEN[code]]
        return tuple(Record(rule=code, sentence=sentence) for sentence in sentences)

    def _clear(self, code: str, pair: Pair) -> bool:
        """Whether there is nothing to hide."""
        barred = self.facts.conflicts if code == "conflict" else self.facts.exclusions
        return not barred.bars(pair.row, pair.reviewer)

    def stopped(self, code: str, pair: Pair, voice: Voice) -> str:
        """What a rule does to a pair, and what is on record behind it: `lacks autism (has senior; …)`."""
        rest = "; ".join(one.sentence for one in self.behind(code, pair))
        return f"{voice.stopped(code)} ({rest})" if rest else voice.stopped(code)

    def met(self, pair: Pair) -> tuple[Record, ...]:
        """What each rule rests on that a new holder of a place meets."""
        codes = TABLE if pair.role is Role.LEAD else _OF_A_SECOND
        return tuple(record for code in codes for record in self.behind(code, pair))

    def _of(self, pair: Pair) -> tuple[Case, Reviewer]:
        return self.facts.cases[pair.row], self.facts.reviewers[pair.reviewer]

    def _type(self, pair: Pair) -> Iterator[str]:
        case, who = self._of(pair)
        may = f"{listed(who.review_types)} reviews" if who.review_types else "reviews of every type"
        yield f"may lead {may}; this is {case.review_type}"

    def _skill(self, pair: Pair) -> Iterator[str]:
        case, who = self._of(pair)
        second = self.facts.policy.review_types[case.review_type].second
        asked = case.skills if pair.role is Role.LEAD else second.skills if second else ()
        has = f"has {listed(who.skills)}" if who.skills else "has no skill on record"
        yield f"{has}; {f'{listed(asked)} asked for' if asked else 'no skill asked for'}"

    def _area(self, pair: Pair) -> Iterator[str]:
        case, who = self._of(pair)
        geography = self.facts.policy.geography
        if geography.rule == "distance":
            yield from self._distance(pair)
            return
        others = f" and covers {listed(who.areas[1:])}" if who.areas[1:] else ""
        may = next((a.neighbours for a in self.facts.snapshot.areas if a.area == case.area), ())
        served = f", which may be served from {listed(may, 'or')}" if may else ""
        yield f"at home in {who.areas[0]}{others}; the case is in {case.area}{served}"

    def _distance(self, pair: Pair) -> Iterator[str]:
        far = float(self.facts.kilometres(row_array([pair.row]), row_array([pair.reviewer]))[0])
        own = self.facts.reviewers[pair.reviewer].max_distance_km
        most = self.facts.policy.geography.max_distance_km if own is None else own
        limit = "no limit" if most is None else f"at most {most:g} km"
        yield f"{tenth(far)} km away; {limit}" if far == far else f"distance not known; {limit}"

    def _excluded(self, pair: Pair) -> Iterator[str]:
        case, who = self._of(pair)
        found = (
            [f"excluded from {case.case_id} by name"] if who.reviewer_id in case.excluded_reviewers else []
        )
        for one in self.facts.snapshot.declines:
            if (one.case_id, one.reviewer_id) == (case.case_id, who.reviewer_id):
                found.append(f"declined {case.case_id}{f' on {one.on}' if one.on else ''}")
        yield from found or ["neither excluded from the case nor declined it"]

    def _conflict(self, pair: Pair) -> Iterator[str]:
        case, who = self._of(pair)
        found = [*self._posts(case, who), *self._interests(case, who, pair)]
        if found:
            yield from found
        elif not case.organisations:
            hold = self.facts.policy.conflict.unknown_organisations == "hold" and pair.role is Role.LEAD
            yield f"no organisation of the case is known{', and the policy waits for them' if hold else ''}"
        else:
            yield f"no post and no interest that counts against {listed(case.organisations, 'or')}"

    def _posts(self, case: Case, who: Reviewer) -> Iterator[str]:
        for code in who.organisations:
            for other in self._involved(case):
                if self._roots.of(code) == self._roots.of(other):
                    yield f"has a post at {_same(code, other)}{self._as(case, other)}"
                    break

    def _interests(self, case: Case, who: Reviewer, pair: Pair) -> Iterator[str]:
        ends = int(self.facts.capacities.horizon_ends[pair.reviewer])
        for one in self.facts.snapshot.interests:
            if one.reviewer_id != who.reviewer_id or not counts(one, self.facts.snapshot, ends):
                continue
            if one.case_id is not None and one.case_id == case.case_id:
                yield f"{_article(one.kind)} interest in {case.case_id}, which never cools off"
            for other in self._involved(case):
                if one.organisation and self._roots.of(one.organisation) == self._roots.of(other):
                    where = f"{_same(one.organisation, other)}{self._as(case, other)}"
                    yield f"{_article(one.kind)} interest in {where}, {self._until(one)}"
                    break

    def _until(self, one: Interest) -> str:
        """Since when an interest in an organisation, and until when it still counts."""
        since = f"from {one.from_} " if one.from_ else ""
        if one.to is None:
            return f"{since}and still open" if since else "still open"
        span = f"{since}to {one.to}"
        if one.kind == "involvement":
            return f"{span}, which never cools off"
        last = add_months(one.to, self.facts.policy.conflict.cooling_off_months) - timedelta(days=1)
        return f"{span}, which counts until {last}"

    def _involved(self, case: Case) -> list[str]:
        return [*case.organisations, *self._commissioners.get(case.area, ())]

    def _as(self, case: Case, code: str) -> str:
        return "" if code in case.organisations else f", the commissioner of {case.area}"

    @cached_property
    def _roots(self) -> Roots:
        return Roots(self.facts.snapshot.organisations)

    @cached_property
    def _commissioners(self) -> dict[str, tuple[str, ...]]:
        return commissioners_of(self.facts.snapshot)

    def _available(self, pair: Pair) -> Iterator[str]:
        case, who = self._of(pair)
        capacity = int(self.facts.capacities.capacity[pair.reviewer])
        weeks = horizon_weeks(who, self.facts.policy)
        within = "1 week" if weeks == 1 else f"{weeks} weeks"
        told = [f"{hours(capacity)} h in {within}, at {who.hours_per_week:g} h a week"]
        told += [f"starts on {who.starts_on}"] if who.starts_on else []
        told += [f"leaves on {who.leaves_on}"] if who.leaves_on else []
        if who.leaves_on and pair.role is Role.LEAD:
            days = self.facts.policy.review_types[case.review_type].evidence_days
            told.append(f"evidence is due on {self.facts.snapshot.as_of + timedelta(days=days)}")
        yield ", ".join([*told, *self._away(who, pair.reviewer)])

    def _away(self, who: Reviewer, reviewer: int) -> Iterator[str]:
        """Absences that take hours of the horizon."""
        first, last = (
            self.facts.snapshot.as_of,
            date.fromordinal(int(self.facts.capacities.horizon_ends[reviewer])),
        )
        for one in self.facts.snapshot.absences:
            if one.reviewer_id == who.reviewer_id and one.from_ <= last and first <= one.to:
                share = "" if one.percent >= 100 else f" for {one.percent:g} % of the time"
                yield f"away from {one.from_} to {one.to}{share}"

    def _capacity(self, pair: Pair) -> Iterator[str]:
        minutes = self.efforts.minutes(pair.row, pair.reviewer, pair.role, is_new=True)
        given, limit = (
            int(self.standing.given[pair.reviewer]),
            int(self.facts.capacities.limit[pair.reviewer]),
        )
        if pair.has:
            yield f"{hours(given)} of {hours(limit)} h given, {hours(minutes)} h of it to this"
        else:
            yield f"{hours(given)} of {hours(limit)} h given; this takes {hours(minutes)} h"

    def _open_cases(self, pair: Pair) -> Iterator[str]:
        limit, leads = int(self.standing.open_limit[pair.reviewer]), int(self.standing.leads[pair.reviewer])
        if limit < NO_LIMIT:
            yield f"leads {leads} open cases{', this included' if pair.has else ''}; at most {limit}"

    def _year_limit(self, pair: Pair) -> Iterator[str]:
        who, new = self.facts.reviewers[pair.reviewer], int(self.standing.new_leads[pair.reviewer])
        if who.cases_a_year is not None:
            had = who.cases_this_year or 0
            with_it = ", this included" if pair.has else ""
            yield f"{had} leads this year and {new} new in this plan{with_it}; at most {who.cases_a_year}"

    def _contract(self, pair: Pair) -> Iterator[str]:
        provider = self.facts.reviewers[pair.reviewer].provider
        for one in self.facts.snapshot.contracts:
            if one.provider == provider:
                left = self.standing.bought_left[one.provider]
                told = [] if left.cases is None else [f"{left.cases} cases left after this plan"]
                told += [] if left.minutes is None else [f"{hours(left.minutes)} h left after this plan"]
                told += [f"ends on {one.ends_on}"] if one.ends_on else []
                yield f"contract of {provider}: {', '.join(told) or 'without a limit'}"

    def _admin(self, pair: Pair) -> Iterator[str]:
        area = self.facts.cases[pair.row].area
        left, parts = self.standing.admin_left.get(area), 60 * self.standing.totals.parts
        if left is not None:
            asked = max(0, asked_of_admin(self.facts, self.standing.totals, pair.row))
            it = f"{asked / parts:g} h of it to this" if pair.has else f"this takes {asked / parts:g} h"
            yield f"{max(0, left) / parts:.1f} h of administration left in {area} after this plan; {it}"

    def _linked(self, pair: Pair) -> Iterator[str]:
        case = self.facts.cases[pair.row]
        if case.linked_to is not None:
            leads = {self.facts.reviewers[who].reviewer_id for who in self._with_label(case.linked_to)}
            yield f"linked by {case.linked_to}; those cases are led by {listed(sorted(leads)) or 'nobody'}"

    def _with_label(self, label: str) -> list[int]:
        return self.standing.label_leads.get(label, [])


def _same(code: str, other: str) -> str:
    """A code, and the one of the case if that is another code of the same organisation."""
    return code if code == other else f"{code}, the same organisation as {other}"


def _article(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


TABLE: dict[str, Callable[[Records, Pair], Iterator[str]]] = {
    "type": Records._type,
    "skill": Records._skill,
    "area": Records._area,
    "excluded": Records._excluded,
    "conflict": Records._conflict,
    "available": Records._available,
    "capacity": Records._capacity,
    "open_cases": Records._open_cases,
    "year_limit": Records._year_limit,
    "contract": Records._contract,
    "admin": Records._admin,
    "linked": Records._linked,
}
"""What is on record for each rule about a reviewer and a case."""
_OF_A_SECOND = ("skill", "area", "excluded", "conflict", "available", "capacity")
