"""How hard a sample is, measured with the masks that plans are made with."""

from datetime import date
from pathlib import Path

import pytest

from allocator.intake import read_snapshot
from allocator.sample import SampleSpec, demo_folder, describe
from allocator.snapshot import Snapshot
from tests.allocator.sample.build import LATER, read_back

SIZES = [
    SampleSpec(cases=200, reviewers=30, seed=1),
    SampleSpec(cases=300, reviewers=40, areas=4, seed=2),
    SampleSpec(cases=500, reviewers=60, seed=3, load=1.2),
    SampleSpec(cases=500, reviewers=60, areas=6, seed=4, load=0.8),
    SampleSpec(cases=2_000, reviewers=300, areas=10, seed=5),
    SampleSpec(cases=4_000, reviewers=600, areas=36, seed=6),
]


@pytest.mark.parametrize("spec", SIZES, ids=lambda spec: f"{spec.cases}x{spec.reviewers}x{spec.areas}")
def test_a_sample_is_as_hard_as_promised(tmp_path: Path, spec: SampleSpec) -> None:
    """Few may take a case, conflicts bite, many have little time, and the load is as asked."""
    hard = describe(read_back(spec, tmp_path).snapshot)
    assert hard.eligible_share <= 0.30
    assert hard.few_share >= 0.10
    assert hard.nobody_share <= 0.03
    assert hard.conflict_share >= 0.15
    assert hard.small_share >= 0.40
    assert hard.load == pytest.approx(spec.load, rel=0.03)


@pytest.mark.parametrize("seed", range(8))
def test_one_area_is_as_hard(tmp_path: Path, seed: int) -> None:
    """With a dozen reviewers too, where one person is 8 %."""
    hard = describe(read_back(SampleSpec(seed=seed), tmp_path).snapshot)
    assert hard.eligible_share <= 0.30
    assert hard.few_share >= 0.10
    assert hard.nobody_share <= 0.03
    assert hard.conflict_share >= 0.15
    assert hard.small_share >= 0.40
    assert hard.load == pytest.approx(1.0, rel=0.03)


def test_the_figures_are_those_of_a_queue_counted_by_hand() -> None:
    """Two waiting cases, one held, one on hold, one out of scope; four reviewers, one of them elsewhere."""
    case = {"area": "QA1", "notified_on": "2026-09-01", "review_type": "initial"}
    snapshot = Snapshot.model_validate(
        {
            "as_of": date(2026, 9, 14),
            "policy": {"capacity": {"bank_holidays": "none"}},
            "cases": [
                {**case, "case_id": "C1", "organisations": ["RXX"]},
                {**case, "case_id": "C2", "skills": ["bsl"], "review_type": "focused", "effort_hours": 20},
                {**case, "case_id": "C3", "reviewer_id": "R1", "allocated_on": "2026-09-10", "hours_left": 5},
                {**case, "case_id": "C4", "on_hold_since": "2026-09-10"},
                {**case, "case_id": "C5", "out_of_scope": "child"},
            ],
            "reviewers": [
                {"reviewer_id": "R1", "areas": ["QA1"], "hours_per_week": 10, "hours_factor": 1.5},
                {"reviewer_id": "R2", "areas": ["QA1"], "hours_per_week": 2, "organisations": ["RXX"]},
                {"reviewer_id": "R3", "areas": ["QA2"], "hours_per_week": 4, "hours_factor": 0.5},
                {"reviewer_id": "R4", "areas": ["QA3"], "hours_per_week": 5},
            ],
            "areas": [{"area": "QA1", "neighbours": ["QA2"]}, {"area": "QA2"}, {"area": "QA3"}],
        }
    )
    hard = describe(snapshot)
    assert (hard.cases, hard.waiting, hard.held, hard.on_hold, hard.out_of_scope) == (5, 2, 1, 1, 1)
    assert (hard.eligible_median, hard.nobody_share, hard.few_share) == (1.0, 0.5, 1.0)
    assert hard.eligible_share == pytest.approx(1 / 3)  # two of three, and none of three
    assert hard.conflict_share == pytest.approx(1 / 6)
    assert hard.small_share == 0.5  # 16 and 32 hours, and 40 are not fewer than 40
    assert hard.free_hours == pytest.approx(75 + 16 + 32 + 40)
    assert hard.work_hours == pytest.approx(14 * 1.0)  # nobody may take the other; the mean factor is 1
    assert hard.load == pytest.approx(14 / 163)


def test_shortages_are_those_counted_by_hand() -> None:
    """Of two areas the one whose reviewer helps out in the other is short; skills count where five ask."""
    case = {"notified_on": "2026-09-01", "review_type": "initial", "effort_hours": 14}
    north = [{**case, "case_id": f"C1{i}", "area": "QA1", "skills": ["autism"]} for i in range(5)]
    south = [{**case, "case_id": f"C2{i}", "area": "QA2", "skills": ["bsl"] * (i < 4)} for i in range(5)]
    snapshot = Snapshot.model_validate(
        {
            "as_of": date(2026, 9, 14),
            "policy": {"capacity": {"bank_holidays": "none"}},
            "cases": [*north, *south],
            "reviewers": [
                {"reviewer_id": "R1", "areas": ["QA1"], "hours_per_week": 10, "skills": ["autism"]},
                {"reviewer_id": "R2", "areas": ["QA2"], "hours_per_week": 4, "skills": ["bsl"]},
            ],
            "areas": [{"area": "QA1", "neighbours": ["QA2"]}, {"area": "QA2"}],
        }
    )
    found = [(s.area, s.skill, s.work_hours, s.free_hours) for s in describe(snapshot).shortages]
    assert found == [("QA2", "", 70, 16), ("QA1", "autism", 70, 80), ("QA1", "", 70, 80 + 16)]
    line = "autism in QA1 (0.9 ×), all work in QA2 (4.4 ×), all work in QA1 (0.7 ×)"
    assert line in str(describe(snapshot))


@pytest.mark.parametrize("load", [0.8, 1.0, 1.2])
def test_skills_and_areas_are_short_at_any_load(tmp_path: Path, load: float) -> None:
    """Specialists have half the hours they are asked for, the others hours to spare; areas differ."""
    snapshot = read_back(SampleSpec(cases=1_000, reviewers=150, areas=6, load=load), tmp_path).snapshot
    shortages = describe(snapshot).shortages
    skilled = [s for s in shortages if s.skill == "autism"]
    areas = [s.ratio for s in shortages if not s.skill]
    assert len(areas) == 6
    assert max(s.ratio for s in skilled) > 1.5 * load
    assert max(areas) > 1.15 * load > load > min(areas)


def test_the_description_prints_a_line_for_each_figure() -> None:
    """The text names what was counted and what is asked of a hard sample."""
    text = str(describe(read_snapshot(demo_folder(), today=LATER).snapshot))
    for words in (
        "85 cases",
        "12 reviewers",
        "load 1.0",
        "at most three",
        "nobody",
        "conflict",
        "40 hours",
        "autism in",
    ):
        assert words in text


def test_a_load_of_nothing_free_is_infinite() -> None:
    """Work for people without an hour is a load without an end, not a division by zero."""
    snapshot = Snapshot.model_validate(
        {
            "as_of": date(2026, 9, 14),
            "cases": [],
            "reviewers": [{"reviewer_id": "R1", "areas": ["QA1"], "hours_per_week": 0}],
        }
    )
    hard = describe(snapshot)
    assert hard.load == float("inf")
    assert hard.as_dict()["waiting"] == 0
    assert "nothing waits" in str(hard)
