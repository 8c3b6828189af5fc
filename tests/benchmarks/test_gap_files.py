"""Published assignment problems are read as they are meant, and come back in their own terms."""

import json
from pathlib import Path

import pytest

from benchmarks import gap
from benchmarks._gap_files import FormError, best_known, find, read_problems

ONE = "2 3\n 1 2 3\n 4 5 9\n 7 8 9\n 1 1 1\n 9 2\n"
SEVERAL = f"2\n{ONE}{ONE}"


def _data(folder: Path) -> Path:
    for path, text in {
        "gap/yagiura/c02003": ONE,
        "gap/orlib/gap1.txt": SEVERAL,
        "gap/orlib/gapd.txt": f"1 {ONE}",
        "gap/best_known.csv": "instance,objective,best_known\ngap1-2,max,16\nc02003,min,9\n",
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="ascii")
    return folder


def test_a_file_of_one_problem_is_read_by_agents(tmp_path: Path) -> None:
    """Costs and resources stand by agents, and become arcs by jobs."""
    (only,) = find("c02003", _data(tmp_path))
    problem = only.as_problem()
    assert (only.name, only.maximise) == ("c02003", False)
    assert problem.arc_points.tolist() == [1, 4, 2, 5, 3, 9]
    assert problem.arc_minutes.tolist() == [7, 1, 8, 1, 9, 1]
    assert problem.capacity.tolist() == [9, 2]
    assert problem.required.all()
    assert problem.movable.all()


def test_a_file_of_several_names_each(tmp_path: Path) -> None:
    """OR-Library's problems are numbered, those of gapa to gapd named by size; one alone can be asked for."""
    data = _data(tmp_path)
    assert [one.name for one in find("gap1", data)] == ["gap1-1", "gap1-2"]
    assert [one.name for one in find("gap1-2", data)] == ["gap1-2"]
    assert [one.name for one in find("d02003", data)] == ["d02003"]
    assert find("gap1-9", data) == find("nothing", data) == find("d02003", None) == []


def test_profits_are_maximised(tmp_path: Path) -> None:
    """gap1 to gap12 hold profits: least points is most profit, and points turn back into profit."""
    first = find("gap1", _data(tmp_path))[0]
    assert first.maximise
    assert first.as_problem().arc_points.tolist() == [8, 5, 7, 4, 6, 0]
    assert first.of_points(8 + 4 + 0) == 1 + 5 + 9


@pytest.mark.parametrize("text", ["", "2 3 1 2 3", "1 2 3", f"{ONE} 5 5", "2 x"])
def test_a_broken_file_is_refused(tmp_path: Path, text: str) -> None:
    """Too few numbers, too many or none are no problem at all."""
    (tmp_path / "bad").write_text(text, encoding="ascii")
    with pytest.raises(FormError):
        read_problems(tmp_path / "bad")


@pytest.mark.usefixtures("in_this_process")
def test_rows_stand_beside_the_best_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Small problems are proved, in the file's own terms, beside the best known of the same direction."""
    data = _data(tmp_path)
    assert best_known(None) == {}
    words = ["gap1-2", "c02003", "--data", str(data), "--time-limit", "4", "--workers", "1"]
    assert gap.main([*words, "--rivals", "scip"]) == 0
    most, rival, least, _ = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert [most["method"], rival["method"]] == ["portfolio", "scip"]
    assert (most["objective"], most["bound"], most["best_known"]) == (15, 15, 16)
    assert (most["off_units"], most["bound_off_best_known"]) == (1, round(-1 / 16, 5))
    assert most["checkpoints"]["4"] == {"value": 15, "bound": 15, "gap": 0}
    assert (rival["objective"], rival["bound"]) == (15, 15)
    assert (least["objective"], least["bound"], least["off_best_known"]) == (12, 12, round(3 / 9, 5))
    assert (least["off_units"], least["bound_off_best_known"]) == (3, round(-3 / 9, 5))


def test_what_is_not_there_is_skipped_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Without data the benchmark says so and ends well."""
    assert gap.main(["d20400"]) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "gap: skipped d20400: there is no such file here, and no --data DIR was given\n"
