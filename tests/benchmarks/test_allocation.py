"""Our own plan beside the rivals' on a small snapshot, and who is ahead over several."""

import json

import pytest

from benchmarks import allocation
from benchmarks._found import CHECKPOINTS, Heard, kept
from benchmarks._means import LEAST_GAP, Standing, geometric_mean, mean_lines, mean_rows, standings
from solver.outcome import Progress
from tests.benchmarks.rows import mark, row

SMALL = ["--cases", "40", "--reviewers", "6", "--seed", "3", "--workers", "1"]


def test_our_own_row_comes_first_and_the_rivals_share_its_problem(capsys: pytest.CaptureFixture[str]) -> None:
    """On a small snapshot every method has a row, none is below the best bound, and means end the list."""
    options = ["--checkpoints", "3", "2", "--rivals", "oldest-first", "highs"]
    assert allocation.main([*SMALL, *options]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["method"], one["time_limit"]) for one in rows[:4]] == [
        ("portfolio", 3), ("oldest-first", 3), ("highs", 2), ("highs", 3),
    ]  # fmt: skip
    assert all(one["gap_to_best_bound"] >= 0 for one in rows[:4])
    assert {"start_up", "read", "solve", "audit", "write"} <= set(rows[0]["split"])
    assert rows[0]["whole_process"] > rows[0]["seconds"]
    assert len({one["levels"]["unallocated"]["fixed"] for one in rows[:4]}) == 1
    assert {one["instance"] for one in rows[4:]} == {"mean of 40x6 at 2 s", "mean of 40x6 at 3 s"}
    assert [one["method"] for one in rows[4:]].count("portfolio") == 2


def test_sizes_come_in_pairs(capsys: pytest.CaptureFixture[str]) -> None:
    """Two numbers of cases and one of reviewers is a slip of the pen."""
    with pytest.raises(SystemExit):
        allocation.main(["--cases", "40", "50", "--reviewers", "6"])
    assert "need equally many numbers" in capsys.readouterr().err


def test_a_limit_is_kept_within_a_twentieth_or_a_second() -> None:
    """Whichever is more."""
    assert kept(5.99, 5)
    assert not kept(6.01, 5)
    assert kept(62.9, 60)
    assert not kept(63.1, 60)


def test_a_moment_shows_what_was_known_by_then() -> None:
    """The last news before it; at the limit, the end; nothing before there was a plan."""
    heard = Heard(0, 0.0)
    heard.news = [(1.5, mark(9)), (4.0, mark(7))]
    levels: dict[str, dict[str, object]] = {"unallocated": {"value": 5, "bound": 5, "fixed": 0}}
    found = heard.at(CHECKPOINTS, 10.0, levels)
    assert {moment: told["value"] for moment, told in found.items()} == {"2": 9, "5": 7, "10": 5}
    heard(Progress(0.0, 0, (8, 0, 0), (4, 0, 0), (0, 0, 0), "greedy", 1, 1))
    assert heard.news[-1][1] == mark(8, 4)


def test_standings_are_to_the_best_bound_of_all() -> None:
    """Who has nothing by a moment stands where one stands who places nothing; instant rivals stand alike."""
    levels = {"unallocated": {"fixed": 20}}
    rows = [
        row(0.1, levels=levels, nothing=220, checkpoints={"5": mark(100)}),
        row(0.1, method="oldest-first", nothing=220),
        row(None, method="highs", nothing=220, time_limit=2),
    ]
    found = {(one.moment, one.method): one.gap for one in standings(rows, [2, 5])}
    assert found == {
        (2, "portfolio"): 130 / 200,
        (2, "oldest-first"): 10 / 80,
        (2, "highs"): 130 / 200,
        (5, "portfolio"): 10 / 80,
        (5, "oldest-first"): 10 / 80,
    }


def test_a_proved_optimum_does_not_rule_the_mean() -> None:
    """A gap of 0 counts as the least there is."""
    assert geometric_mean([0.0, 0.01]) == pytest.approx((LEAST_GAP * 0.01) ** 0.5)


def test_our_mean_is_told_as_a_share_of_the_best_rivals() -> None:
    """1 is level, below 1 is ahead; who was not asked about every instance is not among them."""
    of_gaps = {"portfolio": 0.01, "highs": 0.02, "cp-sat": 0.04}
    told = [Standing(5.0, method, gap) for method, gap in of_gaps.items()]
    found = list(mean_rows("500x60", [*told, *told, Standing(5.0, "timefold", 0.001)], 2))
    assert [one.method for one in found] == ["portfolio", "highs", "cp-sat"]
    assert found[0].instance == "mean of 500x60 at 5 s"
    assert [one.more.get("of_best_rival") for one in found] == [0.5, None, None]


def test_means_make_a_table_of_methods_and_moments() -> None:
    """The least of each moment is marked; rows that are no means have nothing to do with it."""
    gaps = {"portfolio": (0.01, 0.02), "highs": (0.02, 0.01)}
    told = [
        Standing(at, method, gap)
        for method, pair in gaps.items()
        for at, gap in zip((5.0, 10.0), pair, strict=True)
    ]
    assert list(mean_lines([row(0.1), *mean_rows("500x60", told, 2)])) == [
        ["geometric mean gap %, 1 of 500x60", "5 s", "10 s"],
        ["portfolio", "**1.00**", "2.00"],
        ["highs", "2.00", "**1.00**"],
    ]
    assert list(mean_lines([row(0.1)])) == []
