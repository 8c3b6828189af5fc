"""A scenario file: what comes in, how it is worked, by whom, and what is wanted of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final, Literal, get_args

from pydantic import BaseModel, ConfigDict, Discriminator, Field, JsonValue, Tag

from scenarios.units import FULL_TIME

Share = Annotated[float, Field(ge=0, le=1)]
Amount = Annotated[float, Field(ge=0)]
End = Literal["allocated", "begun", "completed"]
"""What a clock ends with."""
MOST_SKILLS = 4


def number(
    default: float,
    says: str,
    unit: str,
    within: tuple[float, float],
    reason: str | None = None,
    grows: Literal["better", "worse"] | None = None,
) -> Any:
    """A number of the file: its default, what it is, its unit, and between what a tornado tries it.

    Parameters
    ----------
    reason : where the default comes from; one that has no source is an assumption
    grows : what more of it does to the share that is in time, where that is known
    """
    told: dict[str, JsonValue] = {
        "unit": unit,
        "low": within[0],
        "high": within[1],
        "reason": reason or "assumption: no public figure",
    }
    return Field(default=default, ge=0, le=1e9, description=says, json_schema_extra={**told, "grows": grows})


class Part(BaseModel):
    """A table of the file; a key that it does not know is a fault."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=False, allow_inf_nan=False
    )


class Spread(Part):
    """A number that varies from case to case."""

    mean: float = Field(ge=0)
    cv: float = Field(default=0.5, ge=0, le=10, description="standard deviation ÷ mean")
    kind: Literal["lognormal", "exponential", "fixed"] = "lognormal"


class RunTable(Part):
    """How long, how often, from when."""

    start: date = Field(default=date(2026, 4, 1), description="first day")
    years: float = Field(default=3.0, gt=0, le=20_000, description="how long (unit: years)")
    measure_from: float = Field(
        default=0.0, ge=0, description="years from the start before which no case counts"
    )
    replications: int = Field(default=200, ge=1, le=100_000, description="how often at first")
    most_replications: int = Field(default=2000, ge=1, le=100_000, description="how often at most")
    half_width: float | None = Field(
        default=None, gt=0, le=50,
        description="add replications until 95 % intervals of in-time shares are this near (unit: % points)",
    )  # fmt: skip
    seed: int = Field(default=1, ge=0, lt=2**31)


class Area(Part):
    """One area (an ICB)."""

    name: str = Field(min_length=1, max_length=64)
    share: float = Field(default=1.0, gt=0, description="of what is notified, beside the other areas' shares")
    region: str = Field(default="", max_length=64)
    neighbours: tuple[str, ...] = ()


class Skill(Part):
    """A skill that some cases need."""

    name: str = Field(min_length=1, max_length=64)
    share: Share = Field(description="of cases that need it")


IN_TURN, BY_AREA = "<in turn>", "<by area>"
Ages = Annotated[
    Annotated[tuple[Amount, ...], Tag(IN_TURN)] | Annotated[dict[str, tuple[Amount, ...]], Tag(BY_AREA)],
    Discriminator(lambda given: BY_AREA if isinstance(given, Mapping) else IN_TURN),
]
"""Days since the notification of each case: of all areas in turn, or by area."""


class Backlog(Part):
    """What is open when the run begins, in all areas together."""

    waiting: int = Field(default=0, ge=0, le=1_000_000, description="cases that nobody has")
    waiting_days: float = number(90, "how long they have waited, on average", "days", (30, 365))
    ages: Ages = Field(default=(), description="days of each, or a table of these by area, in their place")
    in_hand: int = Field(default=0, ge=0, le=1_000_000, description="cases that somebody has")
    in_hand_days: float = number(120, "how long ago they were notified, on average", "days", (60, 365))
    in_hand_ages: Ages = Field(default=(), description="days of each, or by area, in place of these two")
    in_hand_left: Share = Field(default=0.5, description="of their hours still to be worked")


class Demand(Part):
    """What is notified."""

    a_year: float = number(
        85, "notifications a year, of all areas together", "cases a year", (70, 100),
        "3,000 to 3,650 a year ÷ 36 to 42 ICBs (domain.md)", "worse",
    )  # fmt: skip
    trend: float = Field(
        default=0.0, ge=-0.5, le=0.5, description="growth a year, such as 0.03; after the months of history"
    )
    season: tuple[Amount, ...] = Field(
        default=(), description="twelve factors, January first, taken relative to their mean; empty: none"
    )
    swing: float = Field(default=0.0, ge=0, lt=1, description="a sine's share of the rate")
    swing_weeks: float = Field(default=52.0, gt=0, description="and its period (unit: weeks)")
    history: tuple[Amount, ...] = Field(default=(), description="notified in each month, in place of a_year")
    at_random: bool = Field(default=True, description="false: as evenly as can be")
    skills: tuple[Skill, ...] = Field(default=(), max_length=MOST_SKILLS)
    priority_share: Share = Field(default=0.0, description="of cases with priority")
    backlog: Backlog = Backlog()


class Shock(Part):
    """Something that goes wrong for a while."""

    kind: Literal["system_down", "wave", "staff_away"] = Field(
        description="nothing can be notified; more is; some are not there"
    )
    from_week: float = Field(ge=0)
    to_week: float = Field(gt=0)
    factor: float = Field(default=1.0, ge=0, description="of a wave: so many times what is usual")
    release_weeks: float = Field(
        default=2.0, ge=0, description="after it is up again, what waited comes in these"
    )
    share: Share = Field(default=1.0, description="of hours that are not there, while staff are away")


class Holds(Part):
    """Statutory processes and families' requests, which stop the clock."""

    share: Share = number(0.15, "of cases that are put on hold", "share", (0.05, 0.35), grows="worse")
    after: Spread = Field(default=Spread(mean=30, cv=1.0), description="days after notification")
    lasts: Spread = Field(default=Spread(mean=120, cv=1.0), description="days")


class Evidence(Part):
    """GP records and at least one other account."""

    days: float = number(28, "until it is in, once it was asked for", "days", (14, 56), grows="worse")
    cv: float = Field(default=0.5, ge=0, le=5)
    slow_share: Share = number(0.15, "of cases whose evidence is slow", "share", (0.05, 0.3), grows="worse")
    slow_days: float = number(84, "how long that takes", "days", (56, 140), grows="worse")
    admin_hours: float = number(3.0, "of administration a case", "hours", (1.5, 6), grows="worse")
    admin_wte: float = Field(
        default=0.0, ge=0, le=10_000, description="staff for it, by pool; 0: reviewers do it themselves"
    )
    admin_week: float = number(
        28.0, "hours of one of them that go there", "hours a week", (24, 32), grows="better"
    )
    admin_cost: float = number(
        38_000, "full cost of one a year", "£", (34_000, 42_000),
        "Agenda for Change band 4, 2025/26, and a quarter for on-costs",
    )  # fmt: skip
    on_notification: bool = Field(default=False, description="asked for at once, and not on allocation")
    good_days: float = number(
        14, "how long a link stays good", "days", (7, 28), "GP records links expire after two weeks", "better"
    )
    lapse_share: Share = number(
        0.3, "of those too old by then that are asked for again", "share", (0, 1), grows="worse"
    )
    again_days: float = number(7, "how long that takes", "days", (3, 14), grows="worse")


class Work(Part):
    """What a review takes."""

    initial_hours: float = number(14, "of an initial review", "hours", (8, 24), grows="worse")
    focused_hours: float = number(26, "more, of one that becomes focused", "hours", (16, 45), grows="worse")
    focused_share: Share = number(0.2, "of reviews that become focused", "share", (0.1, 0.4), grows="worse")
    cv: float = Field(default=0.5, ge=0, le=5, description="standard deviation ÷ mean of both")
    kind: Literal["lognormal", "exponential", "fixed"] = "lognormal"
    sign_off_days: float = number(
        10, "from the end of work until it may be signed off", "days", (3, 28), grows="worse"
    )
    panel_weeks: float = number(2, "between two panels", "weeks", (1, 6), grows="worse")
    rework: float = number(
        0.25, "of the hours again, when a review is returned", "share", (0.1, 0.5), grows="worse"
    )
    handover_hours: float = number(
        3, "that a new face needs, when someone leaves", "hours", (1, 8), grows="worse"
    )


Kind = Literal["dedicated", "day_job", "bank", "provider"]
KINDS: Final[tuple[str, ...]] = get_args(Kind)


class Group(Part):
    """Some posts alike."""

    name: str = Field(min_length=1, max_length=64)
    kind: Kind = "dedicated"
    wte: float | None = Field(
        default=None, ge=0, le=10_000, description="full-time posts; a rest is a part-time one"
    )
    people: int | None = Field(
        default=None, ge=0, le=10_000, description="in place of wte: so many of hours_a_week"
    )
    hours_a_week: float = Field(default=FULL_TIME, ge=0, le=168, description="contracted, of one of them")
    review_share: Share = number(
        0.85, "of hours at work that go into reviews", "share", (0.7, 0.95), grows="better"
    )
    away_weeks: Annotated[float, Field(le=52)] = number(
        8.4, "of leave, bank holidays and training", "weeks a year", (7, 10),
        "29 + 8 + 5 days (domain.md)", "worse",
    )  # fmt: skip
    sickness: Share = number(0.051, "of hours", "share", (0.036, 0.067), "NHS England 2025", "worse")
    turnover: Annotated[float, Field(le=52)] = number(
        0.10, "leave in a year", "share a year", (0.088, 0.125), "NHS workforce statistics", "worse"
    )
    recruitment_weeks: float = number(16, "until there is a new one", "weeks", (8, 30), grows="worse")
    training_weeks: float = number(4, "before they begin", "weeks", (1, 10), grows="worse")
    first_case: float = number(1.6, "times the hours, of the first review", "times", (1, 2.5), grows="worse")
    cases_to_learn: float = number(
        8, "reviews by which that shrinks to a third", "reviews", (3, 20), grows="worse"
    )
    forgets_weeks: float = number(52, "in which experience halves", "weeks", (26, 104), grows="better")
    experienced: bool = Field(default=True, description="those who are there at the start have learnt")
    returned: Share = number(0.1, "of reviews returned at sign-off", "share", (0.03, 0.25), grows="worse")
    caseload: int = Field(default=8, ge=1, le=200, description="cases that one has at once")
    cases_a_year: float | None = Field(default=None, gt=0, description="that one takes at most")
    from_week: float = Field(default=0.0, ge=0, description="not there before; a provider's lead time")
    joining_weeks: float = Field(
        default=0.0, ge=0, description="from then on, in which they come one after the other; 0: all at once"
    )
    to_week: float | None = Field(default=None, gt=0, description="gone after: staff for a time")
    skills: tuple[str, ...] = ()
    areas: tuple[str, ...] = Field(default=(), description="homes; empty: all, by their shares")
    cost: float = number(
        64_000, "full cost of a full-time post a year", "£", (55_000, 75_000),
        "Agenda for Change band 7, 2025/26, and a quarter for on-costs",
    )  # fmt: skip
    price: float = Field(default=0.0, ge=0, description="of one review, of a provider (unit: £)")
    minimum: float = Field(default=0.0, ge=0, description="reviews a year that are paid in any case")
    ceiling: float | None = Field(
        default=None, gt=0, description="reviews a year at most, of all of them together"
    )


class Targets(Part):
    """What is wanted: shares in time, of cases whose clock stops while on hold (eligible), or of all."""

    allocated_months: float = Field(default=3.0, gt=0)
    begun_months: float = Field(
        default=4.0, gt=0, description="until work on it begins: allocation, and a month for its evidence"
    )
    completed_months: float = Field(default=6.0, gt=0)
    allocated: Share | None = Field(default=None, description="share allocated within allocated_months")
    begun: Share | None = Field(default=None, description="share begun within begun_months")
    completed: Share | None = Field(default=0.95, description="share completed within completed_months")
    of: Literal["eligible", "all"] = "eligible"
    chance: Share = Field(default=0.9, description="years of ten in which it is to be so, ÷ 10")

    def months(self, end: End) -> float:
        """Within how many months a case is to be allocated, begun or completed."""
        return float(getattr(self, f"{end}_months"))

    def share(self, end: End) -> float | None:
        """The share that is wanted; None: it is not asked."""
        found: float | None = getattr(self, end)
        return found


class Discipline(Part):
    """Which case a reviewer takes next."""

    order: Literal["oldest", "urgency", "allocator"] = "urgency"
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

    name: str = Field(min_length=1, max_length=120)
    says: str = Field(default="", max_length=2000, description="what is asked")
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
