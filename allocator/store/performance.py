"""What happened, as it was known at a moment: what a performance report is worked out from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select
from sqlalchemy.engine import Row

from allocator.holds import NONE, Holds, HoldTold, holds_of
from allocator.performance.facts import (
    CLOSED,
    COMPLETED,
    RETURNED,
    Advised,
    Facts,
    Lending,
    Move,
    Person,
    Place,
    Review,
)
from allocator.span import Span
from allocator.store import records
from allocator.store.holdings import UNDONE
from allocator.store.kinds import CASES
from allocator.store.policies import policy_of
from allocator.store.tables import consents, holdings, plan_lines, publications, versions

LEAD, MERGED = "lead", "merged"


def happened(connection: Connection, areas: Collection[str], moment: datetime, zone: tzinfo) -> Facts:
    """All that had happened in some areas, or in all, as it was known at a moment.

    Parameters
    ----------
    zone : in which days begin and end
    """
    known = _Known(connection, moment, zone)
    cases, people = list(known.cases()), tuple(known.people())
    wanted = {one.record_id for one in cases if not areas or one.area in areas}
    area = {one.record_id: str(one.area) for one in cases}
    given = known.given()
    led = defaultdict[str, list[Span]](list)
    for one in given:
        if one.role == LEAD:
            led[one.case_id].append(known.span(one))
    moves, holds = known.moves(), known.holds(wanted)
    return Facts(
        policy=policy_of(connection, moment),
        reviews=tuple(
            Review(
                area=one.area,
                notified_on=_day(one.notified_on),
                review_type=one.review_type,
                in_scope=one.out_of_scope is None,
                state=one.state,
                moves=tuple(moves[one.record_id]),
                holds=holds.get(one.record_id, NONE),
                led=tuple(led[one.record_id]),
            )
            for one in cases
            if one.record_id in wanted and one.merged_into is None
        ),
        places=tuple(known.places(given, area, {one.reviewer_id: one.area for one in people})),
        people=people,
        lines=tuple(known.lines(area)),
        lendings=tuple(known.lendings()),
        areas=frozenset(areas),
    )


@dataclass(frozen=True)
class _Known:
    """What is asked of the store, all as it was known at a moment."""

    connection: Connection
    moment: datetime
    zone: tzinfo

    def cases(self) -> Iterator[Row[Any]]:
        """Yield what is said of each case, in its last version."""
        of_cases = (versions.c.kind == CASES) & (versions.c.known_at <= self.moment)
        number = func.max(versions.c.version).label("version")
        last = select(versions.c.record_id, number).where(of_cases).group_by(versions.c.record_id).subquery()
        is_last = and_(versions.c.record_id == last.c.record_id, versions.c.version == last.c.version)
        fields = ("notified_on", "review_type", "out_of_scope")
        said = [versions.c.body[name].as_string().label(name) for name in fields]
        columns = (versions.c.record_id, versions.c.area, versions.c.state, versions.c.merged_into, *said)
        query = select(*columns).join(last, is_last).where(versions.c.kind == CASES)
        yield from self.connection.execute(query)

    def moves(self) -> Mapping[str, list[Move]]:
        """By case, when it came to be completed, closed or returned: the first version that says so."""
        states = versions.c.state.in_([COMPLETED, CLOSED, RETURNED])
        columns = (versions.c.record_id, versions.c.version, versions.c.state, versions.c.known_at)
        query = select(*columns).where(versions.c.kind == CASES, states, versions.c.known_at <= self.moment)
        found, before = defaultdict[str, list[Move]](list), ("", 0, "")
        for one in self.connection.execute(query.order_by(versions.c.record_id, versions.c.version)):
            if (one.record_id, one.version - 1, one.state) != before:
                found[one.record_id].append(Move(self.day(one.known_at), one.state))
            before = (one.record_id, one.version, one.state)
        return found

    def holds(self, wanted: Collection[str]) -> dict[str, Holds]:
        """By case that was ever told to be on hold, its holds."""
        days = versions.c.body["hold_days"].as_integer()
        since = versions.c.body["on_hold_since"].as_string()
        reason = versions.c.body["hold_reason"].as_string()
        of_cases = (versions.c.kind == CASES) & (versions.c.known_at <= self.moment)
        ever = select(versions.c.record_id).where(of_cases, or_(days > 0, since.is_not(None)))
        query = select(versions.c.record_id, days, since, reason).where(
            of_cases, versions.c.record_id.in_(ever), versions.c.body.is_not(None)
        )  # those that tell of none too: they say that one has ended
        told = defaultdict[str, list[HoldTold]](list)
        ordered = query.order_by(versions.c.record_id, versions.c.version)
        for record_id, so_far, began, why in self.connection.execute(ordered):
            told[record_id].append(HoldTold(so_far or 0, _day(began), why))
        return {record_id: holds_of(each) for record_id, each in told.items() if record_id in wanted}

    def given(self) -> Sequence[Row[Any]]:
        """Each place that somebody was given, once, what was undone or merged away left out."""
        undone = select(publications.c.publication).where(publications.c.undone_at <= self.moment)
        names = ("case_id", "role", "reviewer_id", "allocated_on", "ended_at", "ended_why")
        columns: list[ColumnElement[Any]] = [holdings.c[name] for name in names]
        query = select(*columns).where(
            holdings.c.given_at <= self.moment,
            or_(holdings.c.publication.is_(None), holdings.c.publication.not_in(undone)),
        )
        rows = self.connection.execute(query.order_by(holdings.c.holding_id))
        stand = (one for one in rows if self._why(one) not in (UNDONE, MERGED))
        return list({(x.case_id, x.role, x.reviewer_id, x.allocated_on): x for x in stand}.values())

    def places(
        self, given: Sequence[Row[Any]], area: Mapping[str, str], home: Mapping[str, str]
    ) -> Iterator[Place]:
        """Yield the places, with the areas of case and reviewer."""
        for one in given:
            yield Place(
                reviewer_id=one.reviewer_id,
                lender=home.get(one.reviewer_id, ""),
                borrower=area.get(one.case_id, ""),
                is_lead=one.role == LEAD,
                span=self.span(one),
                completed=self._why(one) == COMPLETED,
            )

    def people(self) -> Iterator[Person]:
        """Yield every reviewer."""
        for one in records.known(self.connection, "reviewers", self.moment):
            yield Person(
                reviewer_id=one.record_id,
                area=str(one.area),
                employment=one.body.get("employment", "dedicated"),
                hours=one.body["hours_per_week"],
                starts_on=_day(one.body.get("starts_on")),
                leaves_on=_day(one.body.get("leaves_on")),
            )

    def lines(self, area: Mapping[str, str]) -> Iterator[Advised]:
        """Yield each line of a plan that was published and stands."""
        stands = or_(publications.c.undone_at.is_(None), publications.c.undone_at > self.moment)
        columns = (plan_lines.c.case_id, plan_lines.c.advised, plan_lines.c.reviewer_id, plan_lines.c.reason)
        query = (
            select(publications.c.published_at, *columns)
            .join(publications, plan_lines.c.publication == publications.c.publication)
            .where(publications.c.published_at <= self.moment, stands)
        )
        for one in self.connection.execute(query):
            departure = None if one.reviewer_id == one.advised else one.reason or "other"
            yield Advised(area.get(one.case_id, ""), self.day(one.published_at), departure)

    def lendings(self) -> Iterator[Lending]:
        """Yield each consent that was ever given."""
        query = select(consents).where(consents.c.given_at <= self.moment).order_by(consents.c.consent)
        for one in self.connection.execute(query):
            span = Span(self.day(one.given_at), self._ended(one.ended_at))
            yield Lending(one.lender, one.borrower, span, one.case_id is None)

    def span(self, held: Row[Any]) -> Span:
        """From when to when somebody has a place."""
        return Span(held.allocated_on, self._ended(held.ended_at))

    def day(self, moment: datetime) -> date:
        """The day of a moment."""
        return moment.astimezone(self.zone).date()

    def _ended(self, moment: datetime | None) -> date | None:
        return None if moment is None or moment > self.moment else self.day(moment)

    def _why(self, held: Row[Any]) -> str | None:
        """Why somebody has a place no longer, if they have not."""
        return None if held.ended_at is None or held.ended_at > self.moment else held.ended_why


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
