"""Made-up snapshots: the same twice, sound, and like a real queue."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from allocator.errors import BadInput
from allocator.sample import GeographyFiles, SampleSpec, make_sample
from allocator.snapshot import Snapshot
from tests.allocator.sample.build import bytes_of, read_back, written

AREAS = """area,name,latitude,longitude,organisation,neighbours,admin_hours_per_week,successors
QA1,North,53.0,-1.0,QA1,QA2,,
QA2,Middle,52.5,-1.1,QA2,QA1;QA3,,
QA3,South,52.0,-1.2,QA3,QA2,,
QA4,Island,50.7,-1.3,QA4,,,
QA0,Closed,52.2,-1.2,QA0,QA1,,QA3
"""
ORGANISATIONS = """organisation,name,latitude,longitude,area
RA1,North Trust,53.01,-1.02,QA1
RA2,Middle Trust,52.51,-1.12,QA2
RA3,"South, East and West Trust",52.02,-1.21,QA3
RA4,Island Trust,50.71,-1.31,QA4
"""


@pytest.fixture
def geography_files(tmp_path: Path) -> GeographyFiles:
    """Return a map of three connected areas, an island and a closed area."""
    files = GeographyFiles(tmp_path / "areas.csv", tmp_path / "organisations.csv")
    files.areas.write_text(AREAS, encoding="utf-8")
    files.organisations.write_text(ORGANISATIONS, encoding="utf-8")
    return files


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """Return a sample large enough for everything rare to occur."""
    spec = SampleSpec(cases=3_000, reviewers=400, areas=8, seed=5)
    return read_back(spec, tmp_path_factory.mktemp("big")).snapshot


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("size", [(85, 12, 1), (0, 1, 1), (1, 1, 1), (40, 3, 12), (300, 45, 4)])
def test_intake_finds_no_fault(tmp_path: Path, size: tuple[int, int, int], seed: int) -> None:
    """Every sample is valid input, down to none and one of everything; hours may be assumed, no more."""
    cases, reviewers, areas = size
    spec = SampleSpec(cases=cases, reviewers=reviewers, areas=areas, seed=seed)
    reading = read_back(spec, tmp_path)
    assert not reading.warnings
    assert (len(reading.snapshot.cases), len(reading.snapshot.reviewers)) == (cases, reviewers)
    assert len(reading.snapshot.areas) == areas
    assert reading.snapshot.as_of == spec.as_of


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    """Two runs write the same files, and another seed writes others."""
    spec = SampleSpec(cases=200, reviewers=30, areas=3, seed=7)
    first = bytes_of(written(spec, tmp_path / "a"))
    assert first == bytes_of(written(spec, tmp_path / "b"))
    other = SampleSpec(cases=200, reviewers=30, areas=3, seed=8)
    assert first["cases.csv"] != bytes_of(written(other, tmp_path / "c"))["cases.csv"]


def test_another_process_with_another_hash_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    """Nothing depends on the order of a set."""
    script = (
        "import sys; from pathlib import Path; from allocator.sample import *;"
        "spec = SampleSpec(cases=120, reviewers=15, areas=2);"
        "write_sample(make_sample(spec, spec.rng()), Path(sys.argv[1]))"
    )
    for hash_seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        subprocess.run([sys.executable, "-c", script, str(tmp_path / hash_seed)], check=True, env=environment)
    assert bytes_of(tmp_path / "1") == bytes_of(tmp_path / "2")


def test_a_map_gives_its_areas_and_trusts(tmp_path: Path, geography_files: GeographyFiles) -> None:
    """With a map the areas are a connected set of its open ones, and its trusts are involved in the care."""
    for seed in range(5):
        spec = SampleSpec(cases=60, reviewers=10, areas=3, seed=seed, map=geography_files)
        snapshot = read_back(spec, tmp_path / str(seed)).snapshot
        assert [area.area for area in snapshot.areas] == ["QA1", "QA2", "QA3"]
        assert snapshot.areas[1].neighbours == ("QA1", "QA3")
        named = {code for case in snapshot.cases for code in case.organisations}
        assert {"RA1", "RA2", "RA3"} <= named
        assert "RA4" not in named


@pytest.mark.parametrize(("areas", "message"), [(5, "it has 4 in all"), (4, "no connected set of 4")])
def test_a_map_without_so_many_areas_is_refused(
    geography_files: GeographyFiles, areas: int, message: str
) -> None:
    """Asking for more neighbours than a map has says so."""
    spec = SampleSpec(areas=areas, map=geography_files)
    with pytest.raises(BadInput, match=message):
        make_sample(spec, spec.rng())


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda text: text.replace(b"neighbours", b"neighbors"), "line 1, column neighbours: .* is missing"),
        (lambda text: text.replace(b"52.5", b"x", 1), "column latitude: `latitude` is not a number"),
        (lambda text: b"\xff" + text, "not a CSV file in UTF-8"),
        (lambda text: b"", "column area: .* is missing"),
    ],
)
def test_a_map_that_cannot_be_used_is_refused(
    geography_files: GeographyFiles, spoil: Callable[[bytes], bytes], message: str
) -> None:
    """The file, the line and the column are told."""
    geography_files.areas.write_bytes(spoil(geography_files.areas.read_bytes()))
    spec = SampleSpec(map=geography_files)
    with pytest.raises(BadInput, match=f"areas.csv.*{message}"):
        make_sample(spec, spec.rng())


@pytest.mark.parametrize(
    ("name", "value"), [("cases", -1), ("reviewers", 0), ("areas", 0), ("load", 0.0), ("seed", -1)]
)
def test_a_number_out_of_range_is_refused(name: str, value: float) -> None:
    """The range is named."""
    with pytest.raises(ValueError, match=rf"{name} must be from .* to"):
        replace(SampleSpec(), **{name: value})  # type: ignore[arg-type]


def test_dates_are_in_order(big: Snapshot) -> None:
    """Nothing happens before the notification or after the day of the snapshot; holds fit between."""
    for case in big.cases:
        stopped = case.on_hold_since or big.as_of
        assert case.notified_on <= stopped <= big.as_of
        assert case.hold_days <= (stopped - case.notified_on).days
        assert (case.allocated_on is None) == (case.reviewer_id is None)
        if case.allocated_on:
            assert case.notified_on <= case.allocated_on <= (case.evidence_received_on or big.as_of)
        assert (case.evidence_received_on or big.as_of) <= big.as_of
        assert (case.hold_until or stopped) >= stopped
    assert all(decline.on is not None and decline.on <= big.as_of for decline in big.declines)
    assert all(absence.from_ <= absence.to for absence in big.absences)


def test_the_queue_looks_like_one(big: Snapshot) -> None:
    """An old tail, holds, held, locked, focused, linked and out-of-scope cases in plausible shares."""
    n = len(big.cases)

    def share(count: int) -> float:
        return count / n

    ages = [(big.as_of - case.notified_on).days for case in big.cases]
    assert 0.02 < share(sum(age > 365 for age in ages)) < 0.12
    assert 0.15 < share(sum(case.review_type == "focused" for case in big.cases)) < 0.25
    assert 0.07 < share(sum(case.on_hold_since is not None for case in big.cases)) < 0.12
    assert 0.2 < share(sum(case.reviewer_id is not None for case in big.cases)) < 0.5
    assert 0.02 < share(sum(case.linked_to is not None for case in big.cases)) < 0.04
    assert 0.01 < share(sum(case.out_of_scope is not None for case in big.cases)) < 0.04
    assert share(sum(case.priority > 0 for case in big.cases)) < 0.08
    assert share(sum(not case.organisations for case in big.cases)) < 0.06
    assert max(len(case.organisations) for case in big.cases) == 4
    held = [case for case in big.cases if case.reviewer_id is not None]
    for some in (
        [case for case in held if case.locked],
        [case for case in held if case.hours_left is None],
        [case for case in held if case.second_reviewer_id],
        [case for case in held if case.on_hold_since],
        [case for case in held if case.evidence_received_on],
        [case for case in big.cases if case.excluded_reviewers],
        [case for case in big.cases if case.effort_hours],
    ):
        assert 0 < len(some) < n / 2
    assert all(8 <= (case.effort_hours or 8) <= 45 for case in big.cases)


def test_more_deaths_are_notified_in_winter(tmp_path: Path) -> None:
    """Of a year of notifications more fall into the winter half than the other half allows."""
    spec = SampleSpec(cases=20_000, reviewers=300, as_of=date(2026, 4, 1))
    days = [date.fromisoformat(day) for day in make_sample(spec, spec.rng()).tables["cases"]["notified_on"]]
    spec = SampleSpec(cases=20_000, reviewers=300, as_of=date(2026, 10, 1))
    others = [date.fromisoformat(day) for day in make_sample(spec, spec.rng()).tables["cases"]["notified_on"]]

    def first_half_year(end: date, of: list[date]) -> int:
        return sum(end - timedelta(days=180) < day <= end for day in of)

    assert first_half_year(date(2026, 4, 1), days) > first_half_year(date(2026, 10, 1), others) * 1.05


def test_the_staff_looks_like_one(big: Snapshot) -> None:
    """Day-job staff are most heads and few hours; starters, leavers, part absences and limits occur."""
    n = len(big.reviewers)
    by_kind = {
        kind: [r for r in big.reviewers if r.employment == kind]
        for kind in ("day_job", "dedicated", "bank", "agency", "provider")
    }
    assert all(by_kind.values())
    assert len(by_kind["day_job"]) > n / 2
    assert max(r.hours_per_week for r in by_kind["day_job"]) <= 6
    assert max(r.hours_per_week for r in big.reviewers) <= 37.5
    assert any(r.hours_per_week == 0 for r in big.reviewers)
    assert any(r.starts_on and r.starts_on > big.as_of for r in big.reviewers)
    assert any(r.leaves_on and r.leaves_on >= big.as_of for r in big.reviewers)
    gone = {r.reviewer_id for r in big.reviewers if r.leaves_on and r.leaves_on < big.as_of}
    assert any(case.reviewer_id in gone for case in big.cases)
    assert all((r.provider is not None) == (r.employment == "provider") for r in big.reviewers)
    assert {contract.provider for contract in big.contracts} == {r.provider for r in by_kind["provider"]}
    assert {r.review_types for r in big.reviewers} == {(), ("initial",), ("focused",)}
    assert any(absence.percent < 100 for absence in big.absences)
    assert len({absence.reviewer_id for absence in big.absences}) < len(big.absences)


def test_interests_are_of_every_kind(big: Snapshot) -> None:
    """Every kind occurs, open and ended, within and outside cooling off, in organisations and in cases."""
    kinds = {"employment", "financial", "professional", "personal", "indirect", "involvement"}
    assert {interest.kind for interest in big.interests} == kinds
    years_ago = {(big.as_of - i.to).days // 365 for i in big.interests if i.to is not None}
    assert {0, 1, 2, 3} <= years_ago
    assert any(interest.to is None for interest in big.interests)
    assert any(interest.from_ is not None and interest.from_ > big.as_of for interest in big.interests)
    assert any(interest.case_id for interest in big.interests)
    changed = {o.organisation for o in big.organisations if o.successor or o.parent}
    assert any(interest.organisation in changed for interest in big.interests)
    assert any(code in changed for case in big.cases for code in case.organisations)
