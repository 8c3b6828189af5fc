"""Wild little snapshots: every column used, every rule near its edge, the same for the same seed."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from allocator.cases import Case
from allocator.places import Area, Contract, Organisation
from allocator.policy import Policy
from allocator.reviewers import Absence, Decline, Interest, Reviewer
from allocator.snapshot import Snapshot
from tests.allocator.build import AS_OF, policy

AREAS = ("QAA", "QBB", "QCC")
CODES = ("R1", "R2", "R3", "R4", "R5", "QAA0")
SKILLS = ("autism", "mha", "senior")
KINDS = ("employment", "financial", "professional", "personal", "indirect", "involvement")


def wild(seed: int, n_cases: int = 8, n_reviewers: int = 5) -> Snapshot:
    """A snapshot in which anything may be given that the contract allows."""
    rng = random.Random(seed)
    reviewers = [_reviewer(rng, i) for i in range(n_reviewers)]
    ids = [r.reviewer_id for r in reviewers]
    cases = [_case(rng, i, ids) for i in range(n_cases)]
    return Snapshot(
        as_of=AS_OF,
        policy=_policy(rng),
        cases=tuple(cases),
        reviewers=tuple(reviewers),
        absences=tuple(_absence(rng, ids) for _ in range(rng.randrange(6))),
        declines=tuple(
            Decline(reviewer_id=rng.choice(ids), case_id=rng.choice(cases).case_id)
            for _ in range(rng.randrange(3))
        ),
        interests=tuple(_interest(rng, ids, cases) for _ in range(rng.randrange(5))),
        areas=_areas(rng) if rng.random() < 0.8 else (),
        organisations=tuple(
            Organisation(
                organisation=code,
                parent=rng.choice((None, None, *CODES[i + 1 :])),
                successor=rng.choice((None, None, *CODES[i + 1 :])),
            )
            for i, code in enumerate(CODES)
        ),
        contracts=tuple(
            Contract(
                provider=provider,
                cases_left=rng.choice((None, 0, 1, 2)),
                hours_left=rng.choice((None, 14.0, 33.3)),
                ends_on=rng.choice((None, None, AS_OF, AS_OF - timedelta(days=1))),
            )
            for provider in ("acme", "bright")
        ),
    )


def _near(rng: random.Random, days: int) -> date:
    return AS_OF + timedelta(days=rng.randint(-days, days))


def _maybe(rng: random.Random, share: float, value: Any) -> Any:
    return value if rng.random() < share else None


def _some(rng: random.Random, of: tuple[str, ...], share: float) -> tuple[str, ...]:
    return tuple(one for one in of if rng.random() < share)


def _policy(rng: random.Random) -> Policy:
    rule = rng.choice(("area", "area", "distance", "anywhere"))
    return policy(
        conflict={
            "commissioner_is_conflict": rng.random() < 0.3,
            "unknown_organisations": rng.choice(("warn", "warn", "hold")),
        },
        geography={"rule": rule, "max_distance_km": rng.choice((None, 60.0, 200.0))},
        capacity={
            "max_workload": rng.choice((1.0, 1.0, 0.9, 1.1)),
            "bank_holidays": rng.choice(("england", "none")),
        },
        horizon={"weeks": rng.choice((2, 4, 8))},
        weights={"kilometre": rng.choice((1, 1, 0, 3)), "move": rng.choice((50, 5))},
    )


def _case(rng: random.Random, number: int, ids: list[str]) -> Case:
    notified = AS_OF - timedelta(days=rng.randrange(400))
    kind = rng.choice(("initial", "initial", "focused"))
    fields: dict[str, Any] = {}
    if rng.random() < 0.35:
        fields["reviewer_id"] = rng.choice((*ids, "GONE"))
        fields["allocated_on"] = notified + timedelta(days=rng.randrange((AS_OF - notified).days + 1))
        fields["hours_left"] = _maybe(rng, 0.5, rng.choice((0.0, 3.3, 10.0)))
        fields["admin_hours_left"] = rng.choice((0.0, 2.0, 3.7))
        fields["locked"] = rng.random() < 0.3
        others = [i for i in (*ids, "GONE") if i != fields["reviewer_id"]]
        if kind == "focused" and rng.random() < 0.5:
            fields["second_reviewer_id"] = rng.choice(others)
            fields["second_hours_left"] = _maybe(rng, 0.5, 1.7)
    if rng.random() < 0.15:
        fields["on_hold_since"] = notified + timedelta(days=rng.randrange((AS_OF - notified).days + 1))
    if rng.random() < 0.6:
        fields |= {"latitude": 52.0 + rng.random(), "longitude": rng.random()}
    return Case(
        case_id=f"C{number}",
        area=rng.choice(AREAS),
        notified_on=notified,
        review_type=kind,
        priority=rng.choice((0, 0, 0, 3)),
        skills=_some(rng, SKILLS[:2], 0.2),
        organisations=_some(rng, CODES[:5], 0.2),
        # nobody has more left than the whole effort
        effort_hours=None if fields.get("hours_left") else _maybe(rng, 0.3, rng.choice((0.7, 9.99, 21.5))),
        hold_days=rng.choice((0, 0, 0, 30)),
        evidence_received_on=_maybe(rng, 0.3, notified + timedelta(days=rng.randrange(300))),
        excluded_reviewers=_some(rng, tuple(ids), 0.08),
        linked_to=_maybe(rng, 0.3, rng.choice(("fire", "flood"))),
        out_of_scope=_maybe(rng, 0.08, "child"),
        **fields,
    )


def _reviewer(rng: random.Random, number: int) -> Reviewer:
    place = {"latitude": 52.0 + rng.random(), "longitude": rng.random()} if rng.random() < 0.6 else {}
    areas = list(AREAS)
    rng.shuffle(areas)
    return Reviewer(
        reviewer_id=f"V{number}",
        areas=tuple(areas[: rng.choice((1, 2, 3))]),
        hours_per_week=rng.choice((0.0, 1.0, 3.7, 10.0, 30.0)),
        employment=rng.choice(("dedicated", "day_job", "provider")),
        provider=rng.choice((None, None, "acme", "bright", "other")),
        skills=_some(rng, SKILLS, 0.6),
        review_types=rng.choice(((), (), ("initial",), ("initial", "focused"))),
        organisations=_some(rng, CODES, 0.1),
        max_distance_km=rng.choice((None, None, 40.0)),
        max_open_cases=rng.choice((None, None, 1, 3)),
        cases_a_year=rng.choice((None, None, 4)),
        cases_this_year=rng.choice((None, 2, 4)),
        starts_on=_maybe(rng, 0.2, _near(rng, 30)),
        leaves_on=_maybe(rng, 0.2, _near(rng, 90)),
        horizon_weeks=rng.choice((None, None, 3)),
        hours_factor=rng.choice((1.0, 1.0, 0.85, 1.333)),
        **place,
    )


def _absence(rng: random.Random, ids: list[str]) -> Absence:
    first = _near(rng, 30)
    return Absence(
        reviewer_id=rng.choice(ids),
        from_=first,
        to=first + timedelta(days=rng.randrange(20)),
        percent=rng.choice((100.0, 60.0, 33.3)),
    )


def _interest(rng: random.Random, ids: list[str], cases: list[Case]) -> Interest:
    about = (
        {"organisation": rng.choice(CODES)} if rng.random() < 0.6 else {"case_id": rng.choice(cases).case_id}
    )
    start = _maybe(rng, 0.4, _near(rng, 80))
    end = _maybe(rng, 0.5, AS_OF - timedelta(days=rng.choice((10, 731, 760))))
    if start is not None and end is not None and end < start:
        start = None
    return Interest(reviewer_id=rng.choice(ids), kind=rng.choice(KINDS), from_=start, to=end, **about)


def _areas(rng: random.Random) -> tuple[Area, ...]:
    return tuple(
        Area(
            area=code,
            latitude=_maybe(rng, 0.5, 52.5),
            longitude=0.5,
            organisation=f"{code}0" if code == "QAA" else None,
            neighbours=_some(rng, AREAS, 0.3),
            admin_hours_per_week=rng.choice((None, None, 1.0, 2.5)),
        )
        for code in AREAS
    )
