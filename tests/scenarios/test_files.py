"""Scenario files: the sound is run, what cannot be is refused with its key, a variant is the base changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from allocator.errors import BadInput
from scenarios.files import BASE, changed, keys, read_scenario, scenario_of, value_at, variants
from scenarios.run import run_variant
from scenarios.sources import sources

TEAM = {"name": "team", "wte": 2}


def document(**tables: Any) -> dict[str, Any]:
    """A sound document, with some tables in place of its own."""
    return {"name": "a test", "run": {"years": 1, "replications": 5}, "groups": [TEAM]} | tables


def faults(content: object) -> dict[str, str]:
    """The code of each fault by its pointer; none where it is sound."""
    try:
        scenario_of(content)
    except BadInput as error:
        return {fault.pointer or "": fault.code for fault in error.faults}
    return {}


def with_group(**values: Any) -> dict[str, Any]:
    """A document whose only group is so."""
    return document(groups=[TEAM | values])


SOUND: list[dict[str, Any]] = [
    document(),
    with_group(wte=0.3),
    with_group(wte=0),
    with_group(caseload=1),
    with_group(training_weeks=52),
    document(demand={"a_year": 0}),
    document(demand={"backlog": {"ages": [0, 400.5]}}),
    document(demand={"backlog": {"ages": {"ICB": [0, 400.5]}, "in_hand_ages": {}}}),
    document(demand={"backlog": {"in_hand_ages": [0, 0.5]}}),
    document(demand={"history": [0, 7, 9]}),
    document(demand={"season": [0] * 11 + [1]}),
    document(demand={"skills": [{"name": "autism", "share": 1}]}, groups=[TEAM | {"skills": ["autism"]}]),
    document(demand={"skills": [{"name": "autism", "share": 0}]}),
    document(run={"years": 0.01}, groups=[TEAM | {"training_weeks": 0}]),
    document(run={"years": 1, "measure_from": 0.99}),
    document(shocks=[{"kind": "wave", "from_week": 500, "to_week": 501}]),
    document(variants=[{"name": "more", "change": {"groups.team.wte": 3}}]),
]


@pytest.mark.parametrize("at", range(len(SOUND)))
def test_what_is_just_within_its_range_runs(at: int) -> None:
    """A near miss of a fault is none: extremes are what people try first."""
    one = scenario_of(SOUND[at])
    for named in variants(one):
        found = run_variant(named.scenario, range(3))
        assert found.open.min() >= 0
        assert np.isfinite(found.hours).all()


BREACHES: list[tuple[dict[str, Any], str, str]] = [
    (with_group(wte=-1), "/groups/0/wte", "bad-value"),
    (with_group(wte=float("nan")), "/groups/0/wte", "bad-value"),
    (with_group(cost=float("inf")), "/groups/0/cost", "bad-value"),
    (with_group(sickness=1.01), "/groups/0/sickness", "bad-value"),
    (with_group(away_weeks=53), "/groups/0/away_weeks", "bad-value"),
    (with_group(caseload=0), "/groups/0/caseload", "bad-value"),
    (with_group(people=3), "/groups/0", "one-of-two"),
    (with_group(training_weeks=53), "/groups/0/training_weeks", "too-long"),
    (with_group(skills=["autism"]), "/groups/0/skills", "unknown-skill"),
    (with_group(areas=["Nowhere"]), "/groups/0/areas", "unknown-area"),
    (with_group(wages=3), "/groups/0/wages", "unknown-key"),
    (with_group(wte=10_000, turnover=52), "/groups", "too-many"),
    (document(groups=[TEAM, TEAM]), "/groups/1/name", "duplicate"),
    (document(groups=[]), "/groups", "bad-value"),
    (document(areas=[]), "/areas", "bad-value"),
    (document(says="\ud800"), "/says", "bad-value"),
    (document(evidence={"admin_wte": 1, "admin_week": 0}), "/evidence/admin_week", "bad-value"),
    (document(assumptions={"steady": {"low": 0, "high": 1, "reason": "x"}}),
     "/assumptions/steady", "unknown-key"),
    (document(areas=[{"name": "A", "neighbours": ["Z"]}]), "/areas/0/neighbours", "unknown-area"),
    (document(demand={"a_year": float("inf")}), "/demand/a_year", "bad-value"),
    (document(demand={"a_year": 1e8}), "/demand", "too-many"),
    (document(demand={"history": [-1]}), "/demand/history/0", "bad-value"),
    (document(demand={"backlog": {"ages": [-1]}}), "/demand/backlog/ages/0", "bad-value"),
    (document(demand={"backlog": {"ages": {"ICB": [3, -1]}}}), "/demand/backlog/ages/ICB/1", "bad-value"),
    (document(demand={"backlog": {"ages": {"Q": [1]}}}), "/demand/backlog/ages/Q", "unknown-area"),
    (document(demand={"backlog": {"in_hand_ages": {"Q": []}}}), "/demand/backlog/in_hand_ages/Q",
     "unknown-area"),
    (document(demand={"season": [0] * 12}), "/demand/season", "bad-value"),
    (document(demand={"season": [1] * 11}), "/demand/season", "bad-value"),
    (document(demand={"season": [-1] + [2] * 11}), "/demand/season/0", "bad-value"),
    (document(demand={"skills": [{"name": "autism", "share": 0.2}]}), "/demand/skills/0", "skill-nobody-has"),
    (document(run={"years": 1, "measure_from": 1}), "/run/measure_from", "bad-order"),
    (document(run={"years": 9000}, demand={"a_year": 1, "season": [1] * 12}), "/run/years", "too-long"),
    (document(run={"years": 3000}, demand={"a_year": 1, "trend": 0.5}), "/demand", "too-many"),
    (document(shocks=[{"kind": "wave", "from_week": 5, "to_week": 5}]), "/shocks/0/to_week", "bad-order"),
    (document(assumptions={"work.nothing": {"low": 1, "high": 2, "reason": "x"}}),
     "/assumptions/work.nothing", "unknown-key"),
    (document(assumptions={"work.rework": {"low": 2, "high": 1, "reason": "x"}}),
     "/assumptions/work.rework", "bad-order"),
    (document(variants=[{"name": BASE}]), "/variants/0/name", "duplicate"),
    (document(variants=[{"name": "v"}, {"name": "v"}]), "/variants/1/name", "duplicate"),
    (document(variants=[{"name": "v", "change": {"groups.team.wtf": 1}}]),
     "/variants/0/change/groups.team.wtf", "unknown-key"),
    (document(variants=[{"name": "v", "change": {"groups.team.wte": -1}}]),
     "/variants/0/change/groups/0/wte", "bad-value"),
    (document(variants=[{"name": "v", "change": {"groups.team.training_weeks": 60}}]),
     "/variants/0/change/groups/0/training_weeks", "too-long"),
]  # fmt: skip


@pytest.mark.parametrize("at", range(len(BREACHES)))
def test_what_cannot_be_is_refused_with_its_key(at: int) -> None:
    """One fault, at its place, and none that only follows from it."""
    content, pointer, code = BREACHES[at]
    assert faults(content) == {pointer: code}


def test_every_fault_is_told_at_once() -> None:
    """Nobody wants to mend a file seven times."""
    content = document(
        run={"years": -1, "replications": 0}, demand={"a_year": "many"}, pooling="village", groups=[TEAM, {}]
    )
    assert set(faults(content)) == {
        "/run/years", "/run/replications", "/demand/a_year", "/pooling", "/groups/1/name",
    }  # fmt: skip


def test_faults_of_variants_are_told_beside_those_of_the_base() -> None:
    """What is impossible in the base does not hide what is wrong with a variant."""
    found = faults(with_group(skills=["x"]) | {"variants": [{"name": "v", "change": {"nothing": 1}}]})
    assert found == {"/groups/0/skills": "unknown-skill", "/variants/0/change/nothing": "unknown-key"}


FILES: list[tuple[str, bytes, str]] = [
    ("latin.toml", 'name = "Zoë"'.encode("latin-1"), "unreadable"),
    ("nul.toml", b"\0\0", "broken-file"),
    ("half.toml", b'name = "a', "broken-file"),
    ("twice.toml", b'name = "a"\nname = "b"', "broken-file"),
    ("twice.json", b'{"name": "a", "name": "b"}', "broken-file"),
    ("deep.json", b"[" * 100_000, "broken-file"),
    ("long.json", b'{"name": ' + b"9" * 5000 + b"}", "broken-file"),
    ("list.json", b"[]", "bad-value"),
    ("empty.toml", b"", "bad-value"),
]


@pytest.mark.parametrize(("name", "content", "code"), FILES)
def test_a_file_that_is_none_is_refused(name: str, content: bytes, code: str, tmp_path: Path) -> None:
    """With its name, whatever is in it."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadInput) as raised:
        read_scenario(path)
    assert {(fault.code, fault.file) for fault in raised.value.faults} == {(code, name)}


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    """As any file that cannot be read."""
    for path in (tmp_path, tmp_path / "missing.toml"):
        with pytest.raises(BadInput) as raised:
            read_scenario(path)
        assert raised.value.faults[0].code == "unreadable"


def test_toml_and_json_say_the_same(tmp_path: Path) -> None:
    """With or without a byte order mark, whichever way the suffix is written."""
    table = tmp_path / "one.toml"
    table.write_text(
        '\ufeffname = "a test"\n[run]\nyears = 1\nreplications = 5\n[[groups]]\nname = "team"\nwte = 2\n',
        encoding="utf-8",
    )
    other = tmp_path / "ONE.JSON"
    other.write_text(json.dumps(document()), encoding="utf-8")
    assert read_scenario(table) == read_scenario(other) == scenario_of(document())


def test_an_empty_variant_is_the_base_row_by_row() -> None:
    """The same luck in every replication, so that a difference is the change's and nothing else's."""
    one = scenario_of(document(variants=[{"name": "nothing"}]))
    base, same = (run_variant(named.scenario, range(5)) for named in variants(one))
    for name, values in vars(base).items():
        assert np.array_equal(values, getattr(same, name)), name


def test_a_variant_may_change_a_whole_list() -> None:
    """Another workforce altogether is a change as well."""
    groups: Any = [{"name": "x", "wte": 1}, {"name": "y", "people": 3}]
    one = changed(scenario_of(document()), {"groups": groups})
    assert [(group.name, group.wte, group.people) for group in one.groups] == [("x", 1, None), ("y", None, 3)]


def test_every_key_that_is_listed_can_be_changed() -> None:
    """What the workbook shows as a key is one that a variant may name: a name with dots, too."""
    content = document(
        groups=[
            TEAM,
            {"name": "St. Mary", "wte": 1},
            {"name": "St", "wte": 3},
            {"name": "a.b.c", "people": 4},
        ],
        demand={"skills": [{"name": "s.1", "share": 0}]},
        areas=[{"name": "N. Shore"}],
    )
    one = scenario_of(content)
    for key in keys(one):
        if not key.endswith(".name") and not key.startswith("shocks"):
            here: Any = value_at(one, key)
            assert changed(one, {key: here}) == one, key
    assert changed(one, {"groups.St. Mary.wte": 7}).groups[1].wte == 7
    assert changed(one, {"groups.St.wte": 7}).groups[2].wte == 7
    assert changed(one, {"groups.a.b.c.people": 7}).groups[3].people == 7


def test_a_group_with_a_dot_in_its_name_has_its_assumptions_tried() -> None:
    """The tornado left them out without a word, for it could not change them."""
    one = scenario_of(document(groups=[{"name": "St. Mary", "wte": 2}]))
    of_group = [source for source in sources(one) if source.key.startswith("groups.St. Mary.")]
    assert len(of_group) > 5
    for source in of_group:
        assert value_at(changed(one, {source.key: source.high}), source.key) == source.high


def test_an_unknown_key_has_the_one_that_was_meant_beside_it() -> None:
    """A typing mistake is mended by reading the message."""
    with pytest.raises(BadInput) as raised:
        changed(scenario_of(document()), {"demand.a_yaer": 3})
    assert raised.value.faults[0].hint == "did you mean demand.a_year?"
