"""A scenario file: what comes in, how it is worked, by whom, and what is wanted of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Discriminator, Field, JsonValue, Tag

from scenarios.fields import Amount, Part, Share, Spread, number, unit
from scenarios.group import Group

End = Literal["allocated", "begun", "completed"]
"""What a clock ends with."""
MOST_SKILLS = 4


class RunTable(Part):
    """How long, how often, from when."""

    start: date = Field(
        default=date(2026, 4, 1), description="first day", title="On which day does it begin?"
    )
    years: float = Field(
        default=3.0, gt=0, le=20_000, description="how long", title="For how many years?",
        json_schema_extra=unit("years"),
    )  # fmt: skip
    measure_from: float = Field(
        default=0.0, ge=0, description="years from the start before which no case counts"
    )
    replications: int = Field(
        default=200, ge=1, le=100_000, description="runs at first: more are more exact, and take longer"
    )
    most_replications: int = Field(default=2000, ge=1, le=100_000, description="runs at most")
    half_width: float | None = Field(
        default=None, gt=0, le=50, json_schema_extra=unit("% points"),
        description="more runs are added until 95 % intervals of in-time shares are this near",
    )  # fmt: skip
    seed: int = Field(default=1, ge=0, lt=2**31, description="seed of the random numbers")


class Area(Part):
    """One area (an ICB)."""

    name: str = Field(min_length=1, max_length=64, description="name of the area")
    share: float = Field(
        default=1.0, gt=0, description="its part of what is notified, beside the other areas' parts"
    )
    region: str = Field(default="", max_length=64, description="its region")
    neighbours: tuple[str, ...] = Field(default=(), description="areas whose cases its reviewers may take")


class Skill(Part):
    """A skill that some cases need."""

    name: str = Field(min_length=1, max_length=64, description="name of the skill")
    share: Share = Field(description="share of cases that need it")


IN_TURN, BY_AREA = "<in turn>", "<by area>"
Ages = Annotated[
    Annotated[tuple[Amount, ...], Tag(IN_TURN)] | Annotated[dict[str, tuple[Amount, ...]], Tag(BY_AREA)],
    Discriminator(lambda given: BY_AREA if isinstance(given, Mapping) else IN_TURN),
]
"""Days since the notification of each case: of all areas in turn, or by area."""


class Backlog(Part):
    """What is open when the run begins, in all areas together."""

    waiting: int = Field(default=0, ge=0, le=1_000_000, description="cases that nobody has",
                         title="How many cases wait for a reviewer now?")  # fmt: skip
    waiting_days: float = number(90, "days that they have waited, on average", "days", (30, 365))
    ages: Ages = Field(default=(), description="days of each, or a table of these by area, in their place")
    in_hand: int = Field(default=0, ge=0, le=1_000_000, description="cases that somebody has",
                         title="How many cases do reviewers have in hand now?")  # fmt: skip
    in_hand_days: float = number(120, "days since those were notified, on average", "days", (60, 365))
    in_hand_ages: Ages = Field(default=(), description="days of each, or by area, in place of these two")
    in_hand_left: Share = Field(default=0.5, description="share of their hours still to be worked")


class Demand(Part):
    """What is notified."""

    a_year: float = number(
        85, "notifications a year, of all areas together", "cases a year", (70, 100),
        "3,000 to 3,650 a year ÷ 36 to 42 ICBs", "worse", title="How many cases are notified a year?",
    )  # fmt: skip
    trend: float = Field(
        default=0.0,
        ge=-0.5,
        le=0.5,
        description="growth a year; after the months of history",
        json_schema_extra=unit("share a year"),
    )
    season: tuple[Amount, ...] = Field(
        default=(), description="twelve factors, January first, taken relative to their mean; empty: none"
    )
    swing: float = Field(
        default=0.0, ge=0, lt=1, description="how far it rises and falls in the course of a period"
    )
    swing_weeks: float = Field(default=52.0, gt=0, description="that period", json_schema_extra=unit("weeks"))
    history: tuple[Amount, ...] = Field(
        default=(), description="cases notified in each month, in place of what is notified a year"
    )
    at_random: bool = Field(default=True, description="they come by chance; if not, as evenly as can be")
    skills: tuple[Skill, ...] = Field(default=(), max_length=MOST_SKILLS)
    priority_share: Share = Field(default=0.0, description="share of cases with priority")
    backlog: Backlog = Backlog()


class Shock(Part):
    """Something that goes wrong for a while."""

    kind: Literal["system_down", "wave", "staff_away"] = Field(
        description="what goes wrong; nothing can be notified, more is, or some are not there"
    )
    from_week: float = Field(ge=0, description="from week")
    to_week: float = Field(gt=0, description="to week")
    factor: float = Field(default=1.0, ge=0, description="of a wave: so many times what is usual")
    release_weeks: float = Field(
        default=2.0, ge=0, description="weeks in which what waited comes in, after the system is up again"
    )
    share: Share = Field(default=1.0, description="share of hours that are not there, while staff are away")


class Holds(Part):
    """Statutory processes and families' requests, which stop the clock."""

    share: Share = number(0.15, "share of cases that are put on hold", "share", (0.05, 0.35), grows="worse")
    after: Spread = Field(default=Spread(mean=30, cv=1.0), description="days after notification, of holds")
    lasts: Spread = Field(default=Spread(mean=120, cv=1.0), description="days that a hold lasts")


class Evidence(Part):
    """GP records and at least one other account."""

    days: float = number(
        28, "days until evidence is in, once it was asked for", "days", (14, 56), grows="worse"
    )
    cv: float = Field(
        default=0.5, ge=0, le=5, description="spread of days until it is in: standard deviation ÷ mean"
    )
    slow_share: Share = number(
        0.15, "share of cases whose evidence is slow", "share", (0.05, 0.3), grows="worse"
    )
    slow_days: float = number(84, "days until slow evidence is in", "days", (56, 140), grows="worse")
    admin_hours: float = number(3.0, "hours of administration a case", "hours", (1.5, 6), grows="worse")
    admin_wte: float = Field(
        default=0.0,
        ge=0,
        le=10_000,
        description="staff for it, by pool; 0: reviewers do it themselves",
        title="How many full-time posts gather evidence, and review nothing?",
    )
    admin_week: float = number(
        28.0, "hours of one of those posts that go into evidence", "hours a week", (24, 32), grows="better"
    )
    admin_cost: float = number(
        38_000, "full cost of one of those posts a year", "£", (34_000, 42_000),
        "Agenda for Change band 4, 2025/26, and a quarter for on-costs",
    )  # fmt: skip
    on_notification: bool = Field(
        default=False, description="evidence is asked for at once, and not on allocation"
    )
    good_days: float = number(
        14,
        "days that a link to records stays good",
        "days",
        (7, 28),
        "GP records links expire after two weeks",
        "better",
    )
    lapse_share: Share = number(
        0.3, "share of lapsed links that are asked for again", "share", (0, 1), grows="worse"
    )
    again_days: float = number(7, "days that asking again takes", "days", (3, 14), grows="worse")


class Work(Part):
    """What a review takes."""

    initial_hours: float = number(14, "hours of an initial review", "hours", (8, 24), grows="worse")
    focused_hours: float = number(
        26, "hours more, of one that becomes focused", "hours", (16, 45), grows="worse"
    )
    focused_share: Share = number(
        0.2, "share of reviews that become focused", "share", (0.1, 0.4), grows="worse"
    )
    cv: float = Field(default=0.5, ge=0, le=5, description="spread of hours: standard deviation ÷ mean")
    kind: Literal["lognormal", "exponential", "fixed"] = Field(
        default="lognormal", description="shape of hours"
    )
    sign_off_days: float = number(
        10, "days from the end of work until it may be signed off", "days", (3, 28), grows="worse"
    )
    panel_weeks: float = number(2, "weeks between two panels", "weeks", (1, 6), grows="worse")
    rework: float = number(
        0.25, "share of the hours again, when a review is returned", "share", (0.1, 0.5), grows="worse"
    )
    handover_hours: float = number(
        3, "hours that a new face needs, when someone leaves", "hours", (1, 8), grows="worse"
    )


class Targets(Part):
    """What is wanted: shares in time, of cases whose clock stops while on hold (eligible), or of all."""

    allocated_months: float = Field(
        default=3.0, gt=0, description="until it is allocated", json_schema_extra=unit("months")
    )
    begun_months: float = Field(
        default=4.0,
        gt=0,
        description="until work on it begins: allocation, and a month for its evidence",
        json_schema_extra=unit("months"),
    )
    allocated: Share | None = Field(default=None, description="share that is to be allocated in its time")
    begun: Share | None = Field(default=None, description="share that is to be begun in its time")
    completed: Share | None = Field(
        default=0.95, description="share that is to be completed in its time",
        title="What share of reviews should be completed in time?",
    )  # fmt: skip
    completed_months: float = Field(
        default=6.0, gt=0, description="until it is completed", title="Within how many months?",
        json_schema_extra=unit("months"),
    )  # fmt: skip
    of: Literal["eligible", "all"] = Field(
        default="eligible",
        description="of which cases; those eligible, whose clock stops while on hold, or all",
    )
    chance: Share = Field(
        default=0.9, description="years of ten in which it is to be so, ÷ 10",
        title="In how many years of ten should that be so?", json_schema_extra=unit("years of ten"),
    )  # fmt: skip

    def months(self, end: End) -> float:
        """Within how many months a case is to be allocated, begun or completed."""
        return float(getattr(self, f"{end}_months"))

    def share(self, end: End) -> float | None:
        """The share that is wanted; None: it is not asked."""
        found: float | None = getattr(self, end)
        return found


class Discipline(Part):
    """Which case a reviewer takes next."""

    order: Literal["oldest", "urgency", "allocator"] = Field(
        default="urgency", description="which case is taken next"
    )
    week: float = Field(default=7.0, ge=0, description="points of urgency for each week of waiting")
    priority: float = Field(default=100.0, ge=0, description="points of a priority")
    overdue: float = Field(default=200.0, ge=0, description="points once it should have been allocated")
    unsafe: float = Field(default=400.0, ge=0, description="points once it may not be done in time any more")


class Assumption(Part):
    """Between what an assumption lies, and why."""

    low: float
    high: float
    reason: str = Field(min_length=1)


class Variant(Part):
    """The base, changed."""

    name: str = Field(min_length=1, max_length=64)
    change: dict[str, JsonValue] = Field(
        default_factory=dict, description="by key with dots, such as groups.team.wte or demand.a_year"
    )


class Scenario(Part):
    """A whole file."""

    name: str = Field(min_length=1, max_length=120, description="its name", title="What is it called?")
    says: str = Field(default="", max_length=2000, description="what is asked", title="What do you ask?")
    run: RunTable = RunTable()
    areas: tuple[Area, ...] = Field(default=(Area(name="ICB"),), min_length=1)
    pooling: Literal["own", "neighbours", "region", "country"] = Field(
        default="own", description="whose cases a reviewer may take, their own area's first"
    )
    demand: Demand = Demand()
    shocks: tuple[Shock, ...] = ()
    holds: Holds = Holds()
    evidence: Evidence = Evidence()
    work: Work = Work()
    groups: tuple[Group, ...] = Field(min_length=1)
    discipline: Discipline = Discipline()
    targets: Targets = Targets()
    steady: bool = Field(
        default=False, description="hours come evenly: no leave by week, no sickness by chance"
    )
    assumptions: dict[str, Assumption] = Field(default_factory=dict, description="by key with dots")
    variants: tuple[Variant, ...] = ()
