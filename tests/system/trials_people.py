"""Trials of the rules about a person: type, skill, area, excluded, conflict, available."""

from __future__ import annotations

from tests.system.documents import HORIZON_END, case, days
from tests.system.trial import NOBODY, QA, QB, SECOND, Trial, lead, second

TRIALS = (
    Trial(
        "type",
        "the lead may lead the type",
        fine=lead(),
        breach=lead(who={"review_types": ["focused"]}),
        near=lead(who={"review_types": ["focused", "initial"]}),
    ),
    Trial(
        "skill",
        "the lead has every skill of the case",
        fine=lead(),
        breach=lead({"skills": ["autism", "mha"]}, {"skills": ["autism", "senior"]}),
        near=lead({"skills": ["autism", "mha"]}, {"skills": ["mha", "autism"]}),
    ),
    Trial(
        "skill",
        "the second has the second's skills",
        fine=second(),
        breach=second({"skills": ["autism"]}, {"skills": ["autism"]}),
        near=second({"skills": ["autism"]}, {"skills": ["senior"]}),
        **SECOND,
    ),
    Trial(
        "area",
        "the lead covers the area",
        fine=lead(),
        breach=lead(who={"areas": ["QB", "QC"]}),
        near=lead(who={"areas": ["QB", "QC", "QA"]}),
    ),
    Trial(
        "area",
        "the second covers the area",
        fine=second(),
        breach=second(who={"areas": ["QB", "QC"]}),
        near=second(who={"areas": ["QB", "QC", "QA"]}),
        **SECOND,
    ),
    Trial(
        "area",
        "the home is among the case's neighbours, read one way",
        fine=lead(areas=[QA, QB]),
        breach=lead(
            who={"areas": ["QN"]},
            areas=[{"area": "QA"}, {"area": "QB"}, {"area": "QN", "neighbours": ["QA"]}],
        ),
        near=lead(
            who={"areas": ["QN"]},
            areas=[{"area": "QA", "neighbours": ["QN"]}, {"area": "QB"}, {"area": "QN"}],
        ),
    ),
    Trial(
        "area",
        "the lead is near enough: 11.119 km",
        fine=lead(policy={"geography": {"rule": "distance"}}),
        breach=lead(
            who={"latitude": 52.1, "max_distance_km": 11.11}, policy={"geography": {"rule": "distance"}}
        ),
        near=lead(
            who={"latitude": 52.1, "max_distance_km": 11.12}, policy={"geography": {"rule": "distance"}}
        ),
    ),
    Trial(
        "excluded",
        "no lead whom the case excludes",
        fine=lead(),
        breach=lead({"excluded_reviewers": ["R9", "R1"]}),
        near=lead({"excluded_reviewers": ["R9", "R10"]}),
    ),
    Trial(
        "excluded",
        "no second who declined the case",
        fine=second(),
        breach=second(declines=[{"reviewer_id": "R1", "case_id": "C1"}]),
        near=second(
            None,
            None,
            case("C9", out_of_scope="child"),
            declines=[{"reviewer_id": "R1", "case_id": "C9"}],
        ),
        **SECOND,
    ),
    Trial(
        "conflict",
        "no lead with a post at an organisation of the case",
        fine=lead(),
        breach=lead(who={"organisations": ["RYY", "RXX"]}),
        near=lead(who={"organisations": ["RYY", "RXY"]}),
    ),
    Trial(
        "conflict",
        "no second whose interest has not cooled off",
        fine=second(),
        breach=second(
            interests=[{"reviewer_id": "R1", "kind": "financial", "organisation": "RXX", "to": "2024-11-03"}]
        ),
        near=second(
            interests=[{"reviewer_id": "R1", "kind": "financial", "organisation": "RXX", "to": "2024-11-02"}]
        ),
        **SECOND,
    ),
    Trial(
        "conflict",
        "no new lead where the organisations are not known and the policy holds back",
        fine=lead(policy={"conflict": {"unknown_organisations": "hold"}}),
        breach=lead({"organisations": []}, policy={"conflict": {"unknown_organisations": "hold"}}),
        near=lead({"organisations": []}),
        **NOBODY,
    ),
    Trial(
        "available",
        "the evidence is due before the lead leaves",
        fine=lead(),
        breach=lead(who={"leaves_on": days(41)}),
        near=lead(who={"leaves_on": days(42)}),
    ),
    Trial(
        "available",
        "the lead starts within the horizon, at the latest on its last working day",
        fine=lead({"effort_hours": 6}),
        breach=lead({"effort_hours": 6}, {"starts_on": days(1, HORIZON_END)}),
        near=lead({"effort_hours": 6}, {"starts_on": "2026-12-24"}),
        also=frozenset({"capacity"}),
    ),
    Trial(
        "available",
        "the lead has hours at all: 4.68 minutes in 39 days",
        fine=lead({"effort_hours": 0.06}),
        breach=lead({"effort_hours": 0.06}, {"hours_per_week": 0}),
        near=lead({"effort_hours": 0.06}, {"hours_per_week": 0.01}),
        also=frozenset({"capacity"}),
    ),
    Trial(
        "available",
        "the second is not away all the time",
        fine=second(),
        breach=second(absences=[{"reviewer_id": "R1", "from": "2026-10-01", "to": "2026-12-31"}]),
        near=second(absences=[{"reviewer_id": "R1", "from": "2026-10-01", "to": "2026-12-23"}]),
        also=frozenset({"capacity"}),
        **SECOND,
    ),
)
