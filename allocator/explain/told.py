"""What an explanation is: everything to be said of one case, place by place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from allocator.explain.alternatives import Alternative
from allocator.explain.records import Record
from allocator.explain.remedies import Remedy
from allocator.explain.terms import Term
from allocator.plan import Part
from allocator.voice import listed, tally

MOST_TOLD = 10
NO_REMEDY = "No one change of hours, limits, skills or areas would place it, and no two (tried by planning)."


@dataclass(frozen=True)
class Place:
    """What is to be said of one place of a case.

    Parameters
    ----------
    role, reviewer_id : the place and who has it, None for nobody
    reason, remedy : the plan's own words; no remedy where the place is filled
    reason_public : why, for a family: no other person, case or price is named
    counts : by rule, how many reviewers it is the first to stop, without who has the place
    points : what the place counts, term by term; of an empty one, what it counts as it is empty
    met : what each rule rests on that whoever has the place meets; nothing where nobody has it
    stopped : of the reviewer asked about, what stops them, sentence by sentence
    records : what is on record behind each of those
    alternatives : who else could have an open place, and at what price to the whole plan; None: not asked
    remedies : of an empty place, what would fill it, each tried by planning; None: not tried
    """

    role: str
    reviewer_id: str | None
    reason: str
    reason_public: str
    remedy: str | None
    counts: dict[str, int]
    points: tuple[Term, ...] = ()
    met: tuple[Record, ...] = ()
    stopped: tuple[str, ...] | None = None
    records: tuple[Record, ...] | None = None
    alternatives: tuple[Alternative, ...] | None = None
    remedies: tuple[Remedy, ...] | None = None

    def as_dict(self) -> dict[str, object]:
        """Return the place as JSON-ready keys."""
        return {key: _plain(value) for key, value in vars(self).items()}

    def lines(self, case_id: str, asked_about: str | None) -> Iterator[str]:
        """Yield the place as lines of text."""
        yield f"{case_id} {self.role}: {self.reviewer_id or 'nobody'}. {self.reason}"
        yield from helps(self.remedies, self.remedy)
        if self.reviewer_id:
            yield f"Others, by what stops them: {tally(self.counts)}"
        if self.stopped is None:
            yield from self._in_full()
        yield from (f"{asked_about} as {self.role}: {line}" for line in self.stopped or ())
        if self.alternatives:
            yield f"Who else as {self.role}, and at what price to the whole plan:"
            yield from (one.sentence for one in self.alternatives[:MOST_TOLD])
            more = len(self.alternatives) - MOST_TOLD
            yield from [f"and {more} more, in the JSON"] if more > 0 else []

    def _in_full(self) -> Iterator[str]:
        """Yield what is told where nobody is asked about: rules, points, and the words for a family."""
        if self.met:
            yield "What the rules rest on:"
            yield from (f"  {one.rule}: {one.sentence}" for one in self.met)
        if self.points:
            yield "Points:"
            yield from (f"  {one.points:,} {one.level}, {one.term}: {one.sentence}" for one in self.points)
        yield f"For a family: {self.reason_public}"


@dataclass(frozen=True)
class Explanation:
    """Everything to be said of one case.

    Parameters
    ----------
    case_id, asked_about : the case, and the reviewer asked about, if any
    notes : what is to be known before
    places : its lead, and its second if its type has one
    """

    case_id: str
    asked_about: str | None
    notes: tuple[str, ...]
    places: tuple[Place, ...]

    def lines(self) -> list[str]:
        """Return the explanation as lines of text."""
        each = [line for place in self.places for line in place.lines(self.case_id, self.asked_about)]
        return [*self.notes, *each]

    def as_dict(self) -> dict[str, object]:
        """Return the explanation as JSON-ready keys."""
        return {**vars(self), "notes": list(self.notes), "places": [place.as_dict() for place in self.places]}


@dataclass(frozen=True)
class Priced:
    """That prices to the whole plan are asked for.

    Parameters
    ----------
    certificate : the content of the plan's certificate.json
    seconds : for all alternatives of a place together
    effort : a fixed amount of work for each, instead of time
    """

    certificate: object
    seconds: float = 5.0
    effort: int | None = None


def helps(tried: tuple[Remedy, ...] | None, remedy: str | None) -> Iterator[str]:
    """Yield what would fill an empty place: what was tried, or else the plan's own words."""
    if tried is None:
        yield from [f"What might help: {remedy}"] if remedy else []
        return
    for one in tried:
        how = "tried by planning" if one.cheapest else "tried by planning; there may be a cheaper one"
        yield f"With {listed(one.changes)}, it could be placed and nobody given up ({how})."
    if not tried:
        yield NO_REMEDY


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [one.as_document() if isinstance(one, Part) else one for one in value]
    return value
