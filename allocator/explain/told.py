"""What an explanation is: everything to be said of one case, place by place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import Field

from allocator.explain.alternatives import Alternative
from allocator.explain.records import Record
from allocator.explain.remedies import Remedy
from allocator.explain.terms import Term
from allocator.plan import Part, RoleName
from allocator.voice import listed, tally

MOST_TOLD = 10
NO_REMEDY = "No one change of hours, limits, skills or areas would place it, and no two (tried by planning)."


class Place(Part):
    """What is to be said of one place of a case."""

    role: RoleName
    reviewer_id: str | None = Field(description="Who has the place; empty: nobody")
    reason: str = Field(description="The plan's own words, for staff")
    reason_public: str = Field(description="For a family: no other person, case or price is named")
    remedy: str | None = Field(description="The plan's own words of what would help; empty if filled")
    counts: dict[str, int] = Field(
        description="By rule, how many reviewers it is the first to stop, without who has the place"
    )
    every: dict[str, int] = Field(
        default={},
        description="By rule, how many it stops, whatever else stops them; limits of those alone "
        "whom no rule about a person stops",
    )
    points: tuple[Term, ...] = Field(
        default=(), description="What the place counts, term by term; of an empty one, what it counts so"
    )
    met: tuple[Record, ...] = Field(
        default=(), description="What each rule rests on that whoever has the place meets"
    )
    stopped: tuple[str, ...] | None = Field(
        default=None, description="Of the reviewer asked about, what stops them, by rule"
    )
    records: tuple[Record, ...] | None = Field(
        default=None, description="What is on record behind each of those"
    )
    alternatives: tuple[Alternative, ...] | None = Field(
        default=None,
        description="Who else, and at what price to the whole plan; empty: not asked",
    )
    remedies: tuple[Remedy, ...] | None = Field(
        default=None, description="What would fill an empty place, each tried by planning; empty: not tried"
    )

    def lines(self, case_id: str, asked_about: str | None) -> Iterator[str]:
        """Yield the place as lines of text."""
        yield f"{case_id} {self.role}: {self.reviewer_id or 'nobody'}. {self.reason}"
        yield from helps(self.remedies, self.remedy)
        if self.reviewer_id:
            yield f"Others, by what stops them: {tally(self.counts)}"
        elif self.every:
            yield f"By every rule that stops them: {tally(self.every)}"
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


class Explanation(Part):
    """Everything to be said of one case."""

    case_id: str
    asked_about: str | None = Field(description="The reviewer asked about, if any")
    notes: tuple[str, ...] = Field(description="What is to be known before")
    places: tuple[Place, ...] = Field(description="Its lead, and its second if its type has one")

    def lines(self) -> list[str]:
        """Return the explanation as lines of text."""
        each = [line for place in self.places for line in place.lines(self.case_id, self.asked_about)]
        return [*self.notes, *each]


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
