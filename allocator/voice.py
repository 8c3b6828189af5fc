"""The sentences of a plan about an empty place: what stops whom, what would help, who had it before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from allocator.cases import Case
from allocator.facts import Facts
from allocator.held import Release, Role, Why

UNTESTED = "(not tested by planning)"
NOTHING = "nothing"

_STOPPED = {
    "type": ("may not lead {type} reviews", "may not lead {type} reviews"),
    "skill": ("lacks {skills}", "lack {skills}"),
    "excluded": (
        "is excluded from the case or has declined it",
        "are excluded from the case or have declined it",
    ),
    "conflict": ("has a conflict of interest", "have a conflict of interest"),
    "available": (
        "has no hours in the horizon or leaves before the evidence is due",
        "have no hours in the horizon or leave before the evidence is due",
    ),
    "linked": ("may take it, but a linked case is with someone else",) * 2,
    "admin": ("may take it, but {area} has too little administration left",) * 2,
    "contract": (
        "may take it, but their provider's contract has ended or has too little left",
        "may take it, but their providers' contracts have ended or have too little left",
    ),
    "open_cases": (
        "may take it, but has as many open cases as allowed",
        "may take it, but have as many open cases as allowed",
    ),
    "year_limit": (
        "may take it, but has had as many cases this year as allowed",
        "may take it, but have had as many cases this year as allowed",
    ),
    "capacity": (
        "may take it, but has too few hours left in the horizon",
        "may take it, but have too few hours left in the horizon",
    ),
    NOTHING: ("could still take it", "could still take it"),
}
_AREA = {
    "area": ("does not cover {area}", "do not cover {area}"),
    "distance": ("is too far away", "are too far away"),
    "anywhere": ("does not cover {area}", "do not cover {area}"),
}
_OTHER_PLACE = {
    Role.LEAD: ("is its second reviewer", "are its second reviewers"),
    Role.SECOND: ("is its lead", "are its leads"),
}
_NO_LEAD = ("may not be second while the case has no lead",) * 2
_UNKNOWN = ("may not lead a case whose organisations are not known",) * 2
_LIMITS = {
    "linked": "One holder for all its linked cases, or no link",
    "admin": "More administration hours in {area}, or a longer horizon",
    "contract": "More cases or hours in a provider's contract, or one that runs on",
    "open_cases": "A higher limit of open cases for {who} who may take it",
    "year_limit": "A higher limit of cases a year for {who} who may take it",
}
_WHY = {
    Why.MISSING: "who is not among the reviewers",
    Why.LEFT: "who has left",
    Why.EXCLUDED: "who is excluded from the case or has declined it",
    Why.CONFLICT: "who has a conflict of interest",
}


def released(release: Release) -> str:
    """Who had the place, and why no longer: `R1, who has left`."""
    return f"{release.reviewer_id}, {_WHY[release.why]}"


def listed(words: Sequence[str], last: str = "and") -> str:
    """The words as one would say them: a, b and c."""
    return f" {last} ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def capital(sentence: str) -> str:
    """The sentence, begun with a capital."""
    return f"{sentence[:1].upper()}{sentence[1:]}"


def tally(counts: Mapping[str, int]) -> str:
    """How many each code stops, and whom nothing does: `area 3, may take it 1`."""
    told = {("may take it" if code == NOTHING else code): count for code, count in counts.items()}
    return ", ".join(f"{code} {count}" for code, count in told.items())


def _one_of(people: int) -> str:
    return "the one" if people == 1 else f"one of the {people}"


def _room(passers: int, counts: Mapping[str, int]) -> str:
    """What would make room, given what stops those who pass: hours help only whom nothing else stops."""
    if counts.get(NOTHING):
        return "A longer search"
    short = counts.get("capacity", 0)
    if not short:
        return f"A higher limit for {_one_of(passers)} who may take it"
    whose = "who may take it" if short == passers else "with too few"
    return f"More hours for {_one_of(short)} {whose}, or a longer horizon"


@dataclass(frozen=True)
class Voice:
    """Speaks about one empty place.

    Parameters
    ----------
    facts : the snapshot's
    case, role : the place
    has_lead : whether the plan gives the case a lead
    """

    facts: Facts
    case: Case
    role: Role
    has_lead: bool

    @property
    def skills(self) -> tuple[str, ...]:
        """What the place asks for: of the lead the case's skills, of the second the type's."""
        second = self.facts.policy.review_types[self.case.review_type].second
        if self.role is Role.LEAD:
            return self.case.skills
        return second.skills if second else ()

    def counted(self, counts: dict[str, int]) -> str:
        """`12 reviewers: 5 do not cover QYG, 3 lack autism, …` from how many each code stops."""
        parts = [f"{count} {self.stopped(code, count)}" for code, count in counts.items()]
        total = sum(counts.values())
        if not total:
            return "There are no reviewers."
        return f"{total} reviewer{'' if total == 1 else 's'}: {', '.join(parts)}."

    def stopped(self, code: str, count: int = 1) -> str:
        """What a rule or limit does to so many reviewers."""
        words = self._words(code)[0 if count == 1 else 1]
        skills = listed(self.skills, "or") if count != 1 or len(self.skills) > 1 else listed(self.skills)
        return words.format(area=self.case.area, type=self.case.review_type, skills=skills)

    def _words(self, code: str) -> tuple[str, ...]:
        if code == "area":
            return _AREA[self.facts.policy.geography.rule]
        if code == "assignment":
            return _NO_LEAD if self.role is Role.SECOND and not self.has_lead else _OTHER_PLACE[self.role]
        return _UNKNOWN if code == "conflict" and self._unknown() else _STOPPED[code]

    def _unknown(self) -> bool:
        """True where the policy holds the case back because its organisations are not known."""
        held_back = self.facts.policy.conflict.unknown_organisations == "hold"
        return held_back and self.role is Role.LEAD and not self.case.organisations

    def remedy(self, code: str, passers: int, counts: Mapping[str, int]) -> str:
        """What kind of change would help, from what stops the place; no plan was made to test it.

        Parameters
        ----------
        passers : how many the rules about a person let pass
        counts : how many each code is the first to stop
        """
        if code == "no_capacity" and self.role is Role.SECOND and not self.has_lead:
            return f"A lead for the case {UNTESTED}"
        if code == "conflict" and self._unknown():
            return f"The codes of the organisations involved in the care {UNTESTED}"
        if code not in (*_LIMITS, "no_capacity"):
            return f"One more reviewer {self._wanted()} {UNTESTED}"
        if code == "no_capacity":
            limit = _room(passers, counts)
        else:
            limit = _LIMITS[code].format(area=self.case.area, who=_one_of(passers))
        more = f", or one more reviewer {self._wanted()}" if code not in ("linked", "admin") else ""
        return f"{limit}{more} {UNTESTED}"

    def _wanted(self) -> str:
        """Whom the place could go to, whatever else a plan does."""
        where = (
            "near enough"
            if self.facts.policy.geography.rule == "distance"
            else f"who covers {self.case.area}"
        )
        able = [f"with {listed(self.skills)}"] if self.skills else []
        if self.role is Role.LEAD:
            able.append(f"who may lead {self.case.review_type} reviews")
        return ", ".join([where, *able, "with no conflict of interest and with hours in the horizon"])

    def on_hold(self) -> str:
        """Why a case on hold is with nobody."""
        why = f" ({self.case.hold_reason})" if self.case.hold_reason else ""
        return f"On hold since {self.case.on_hold_since}{why}: a case on hold gets nobody new."

    def after_hold(self) -> str:
        """What to do about a case on hold."""
        until = f", expected on {self.case.hold_until}" if self.case.hold_until else ""
        return f"Plan again after the hold has ended{until} {UNTESTED}"
