"""What each part is worth, how it grows, and what the first start costs: rows of small instances."""

import json

import pytest

from allocator.sample import SampleSpec, make_sample
from benchmarks import ablation, cold, desk, growth, invariance, replan
from benchmarks._rows import Row

Told = list[dict[str, object]]


def _rows(capsys: pytest.CaptureFixture[str]) -> Told:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_part_left_out_stands_beside_the_whole(capsys: pytest.CaptureFixture[str]) -> None:
    """The whole comes first; a row without a part says how its value and its bound differ."""
    assert ablation.main(["24x4", "--without", "greedy", "--time-limit", "1.5", "--workers", "1"]) == 0
    whole, without = _rows(capsys)
    assert [whole["method"], without["method"]] == ["portfolio", "without greedy"]
    assert "objective_against_whole" in without
    assert "objective_against_whole" not in whole


def test_copies_stand_beside_what_they_are_copies_of(capsys: pytest.CaptureFixture[str]) -> None:
    """The same gap, and seven times the points."""
    assert invariance.main(["24x4", "--time-limit", "4", "--workers", "1"]) == 0
    as_it_is, permuted, dearer = _rows(capsys)
    assert as_it_is["objective"] == permuted["objective"]
    assert dearer["objective"] == 7 * int(str(as_it_is["objective"]))
    assert [permuted["gap_differs"], dearer["gap_differs"]] == [0, 0]


def test_growth_is_told_as_a_power(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four times the seconds at four times the pairs is linear; one size tells nothing."""

    def planned(size: str, *_: object) -> Row:
        pairs = {"10x2": 100, "20x4": 400}[size]
        return Row(size, "portfolio", 1, 1, 0.0, pairs / 50, 0.0, 200.0, more={"pairs": pairs})

    monkeypatch.setattr(growth, "_row", planned)
    *sizes, last = growth.rows(["10x2", "20x4"])
    assert [one.instance for one in sizes] == ["10x2", "20x4"]
    assert last.more["seconds_exponent"] == pytest.approx(1)
    assert last.more["memory_exponent"] == pytest.approx(0)
    assert len(list(growth.rows(["10x2"]))) == 1


def test_new_cases_are_open_ones_under_new_ids() -> None:
    """Nothing they name is missing from the snapshot that they come to."""
    one, other = (make_sample(spec, spec.rng()) for spec in (SampleSpec(seed=1), SampleSpec(seed=2)))
    cases = replan.with_more(one, other, 5).tables["cases"]
    assert len(set(cases["case_id"])) == one.rows("cases") + 5
    assert not any(cell for name in replan.ONLY_OPEN for cell in cases[name][-5:])
    named = {code for cell in cases["organisations"][-5:] for code in cell.split(";") if code}
    assert named <= set(one.tables["organisations"]["organisation"])


def test_a_plan_from_an_earlier_one_stands_beside_one_from_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Four rows; the last two have a tenth of the search, and the last says how far it is from the second."""
    words = ["--cases", "30", "--reviewers", "5", "--more", "3", "--time-limit", "4", "--workers", "1"]
    assert replan.main(words) == 0
    *told, warm = _rows(capsys)
    assert [one["method"] for one in told] == [replan.FIRST, replan.COLD, replan.HASTY]
    whole, again, hasty, short = (float(str(one["time_limit"])) for one in (*told, warm))
    assert whole == again == 4
    assert hasty == short >= 0.4
    assert warm["method"] == replan.WARM
    assert {"gap_above_cold", "objective_against_cold", "bound_against_cold"} <= set(warm)
    assert warm["instance"] == "30x5-load1.1+3"


def test_a_size_is_written_with_an_x(capsys: pytest.CaptureFixture[str]) -> None:
    """Anything else is refused with an example."""
    with pytest.raises(SystemExit):
        growth.main(["500"])
    assert "500 is no size; write it such as 500x60" in capsys.readouterr().err


@pytest.mark.slow
def test_the_first_start_compiles_and_the_second_does_not(capsys: pytest.CaptureFixture[str]) -> None:
    """Two rows, of processes that share a cache which is empty at first."""
    assert cold.main(["--workers", "1"]) == 0
    assert [one["method"] for one in _rows(capsys)] == list(cold.STARTS)


def test_single_cases_are_timed(capsys: pytest.CaptureFixture[str]) -> None:
    """Suggestions, explanations and remedies, each with how many were asked and how long they took."""
    assert desk.main(["--cases", "24", "--reviewers", "4", "--time-limit", "2"]) == 0
    rows = _rows(capsys)
    assert [row["method"] for row in rows] == ["suggest", "explain", "remedies"]
    for row in rows:
        assert int(str(row["asked"])) > 0
        assert 0 < float(str(row["p50_ms"])) <= float(str(row["p95_ms"])) <= float(str(row["longest_ms"]))
