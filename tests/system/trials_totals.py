"""Trials of the limits: capacity, open cases, a year, a contract, administration."""

from __future__ import annotations

from typing import Any

from tests.system.documents import Document, Row, case, days, held_by
from tests.system.trial import NOBODY, SECOND, Trial, lead, second


def with_contract(**terms: Any) -> Document:
    """R1 is of the provider acme."""
    contracts = [{"provider": "acme", **terms}]
    return lead(who={"employment": "provider", "provider": "acme"}, contracts=contracts)


def holding(hours: float, of: Row | None = None, who: Row | None = None, **tables: Any) -> Document:
    """R1 holds C9 already."""
    return lead(of, who, case("C9", **held_by("R1", hours_left=hours)), **tables)


def second_holding(hours: float) -> Document:
    """R1, who may become second, leads C9 already."""
    return second(None, None, case("C9", **held_by("R1", hours_left=hours)))


def in_areas(admin_hours_per_week: float, *more: Row) -> Document:
    """Area QA has so many hours of administration a week."""
    areas = [{"area": "QA", "admin_hours_per_week": admin_hours_per_week}, {"area": "QB"}]
    return lead(None, None, *more, areas=areas)


R1_HOLDS = {"told": {"C1 lead": "R1", "C9 lead": "R1"}, "instead": {"C1 lead": "R2", "C9 lead": "R1"}}
TWO_HELD = [case(name, **held_by("R1")) for name in ("C8", "C9")]
ADMIN_HELD = [case("C9", **held_by("R2", admin_hours_left=hours)) for hours in (1, 4.01, 4)]
NINE_TENTHS = {"capacity": {"max_workload": 0.9}}
TRIALS = (
    Trial(
        "capacity",
        "234 hours to the minute",
        fine=lead(),
        breach=lead({"effort_hours": 234.01}),
        near=lead({"effort_hours": 234}),
    ),
    Trial(
        "capacity",
        "hours times the factor",
        fine=lead(who={"hours_factor": 1.5}),
        breach=lead({"effort_hours": 156.01}, {"hours_factor": 1.5}),
        near=lead({"effort_hours": 156}, {"hours_factor": 1.5}),
    ),
    Trial(
        "capacity",
        "beside held work",
        fine=holding(1),
        breach=holding(220.02),
        near=holding(220),
        **R1_HOLDS,
    ),
    Trial(
        "capacity",
        "nine tenths of it, if the policy says so",
        fine=lead(policy=NINE_TENTHS),
        breach=lead({"effort_hours": 210.61}, policy=NINE_TENTHS),
        near=lead({"effort_hours": 210.6}, policy=NINE_TENTHS),
    ),
    Trial(
        "capacity",
        "of a second",
        fine=second_holding(10),
        breach=second_holding(231.02),
        near=second_holding(231),
        told={**SECOND["told"], "C9 lead": "R1"},
        instead={**SECOND["instead"], "C9 lead": "R1"},
    ),
    Trial(
        "open_cases",
        "one's own limit, with what is held on hold",
        fine=holding(1),
        breach=lead(
            None,
            {"max_open_cases": 1},
            case("C9", on_hold_since="2026-10-20", **held_by("R1")),
        ),
        near=lead(
            None,
            {"max_open_cases": 2},
            case("C9", on_hold_since="2026-10-20", **held_by("R1")),
        ),
        **R1_HOLDS,
    ),
    Trial(
        "open_cases",
        "two for day-job staff",
        fine=lead(None, {"employment": "day_job"}),
        breach=lead(None, {"employment": "day_job"}, *TWO_HELD),
        near=lead(None, {"employment": "day_job"}, TWO_HELD[1]),
        told={"C1 lead": "R1", "C8 lead": "R1", "C9 lead": "R1"},
        told_fine={"C1 lead": "R1"},
        told_near={"C1 lead": "R1", "C9 lead": "R1"},
        instead={"C1 lead": "R2", "C8 lead": "R1", "C9 lead": "R1"},
    ),
    Trial(
        "year_limit",
        "four a year",
        fine=lead(),
        breach=lead(who={"cases_a_year": 4, "cases_this_year": 4}),
        near=lead(who={"cases_a_year": 4, "cases_this_year": 3}),
    ),
    Trial(
        "contract",
        "cases left",
        fine=with_contract(),
        breach=with_contract(cases_left=0),
        near=with_contract(cases_left=1),
    ),
    Trial(
        "contract",
        "hours left",
        fine=with_contract(),
        breach=with_contract(hours_left=13.98),
        near=with_contract(hours_left=14),
    ),
    Trial(
        "contract",
        "its last day",
        fine=with_contract(),
        breach=with_contract(ends_on=days(-1)),
        near=with_contract(ends_on=days(0)),
    ),
    Trial(
        "admin",
        "of a new case",
        fine=in_areas(10),
        breach=in_areas(0.49),
        near=in_areas(0.5),
        **NOBODY,
    ),
    Trial(
        "admin",
        "beside what held cases need",
        fine=in_areas(1, ADMIN_HELD[0]),
        breach=in_areas(1, ADMIN_HELD[1]),
        near=in_areas(1, ADMIN_HELD[2]),
        told={"C1 lead": "R1", "C9 lead": "R2"},
        instead={"C1 lead": None, "C9 lead": "R2"},
    ),
)
