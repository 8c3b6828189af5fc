"""The policy: what is shipped, and every fault of one that is given."""

# ruff: noqa: E501 - messages are compared whole, and are read best on one line

from pathlib import Path
from typing import Any

import pytest

import allocator
from allocator.errors import BadInput
from allocator.intake import parse_snapshot, read_snapshot
from allocator.policy import Policy
from tests.allocator.intake.formats import TODAY, WRITERS, sound

SHIPPED = Path(allocator.__file__).parent / "policy.toml"


def faults_of(policy: Any) -> list[str]:
    """Return the lines of a policy's faults."""
    with pytest.raises(BadInput) as caught:
        parse_snapshot(sound(), policy=policy, today=TODAY)
    return [f"{fault.code}: {fault}" for fault in caught.value.faults]


def test_the_shipped_file_is_the_default_policy() -> None:
    """The file that explains the keys and the models that hold them say the same."""
    snapshot = parse_snapshot(sound(), policy=SHIPPED, today=TODAY).snapshot
    assert snapshot.policy == Policy()
    assert list(snapshot.policy.review_types) == ["initial", "focused"]
    assert snapshot.policy.base_type.hours == 14


def test_the_shipped_file_explains_every_key() -> None:
    """Each key has a comment right above it, or is explained by the type above."""
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    for name, model in Policy.model_fields.items():
        assert name in "".join(lines)
        for key in getattr(model.annotation, "model_fields", {}):
            at = next(at for at, line in enumerate(lines) if line.lstrip("# ").startswith(f"{key} ="))
            assert lines[at - 1].startswith("#"), key


SLIPS = {
    "unknown-key: /horizon/wekks: unknown key `horizon.wekks`: did you mean `weeks`?": {"horizon": {"wekks": 3}},
    "unknown-key: /review_types/focused/second/skils: unknown key `review_types.focused.second.skils`: "
    "did you mean `skills`?": {"review_types": {"focused": {"second": {"skils": []}}}},
    "unknown-key: /foo: unknown key `foo`: the keys are horizon, clocks, review_types, conflict, geography, "
    "capacity, weights, chance": {"foo": 1},
    "out-of-range: /horizon/weeks: `horizon.weeks` is out of range (value 0): "
    "should be greater than or equal to 1": {"horizon": {"weeks": 0}},
    "out-of-range: /capacity/max_workload: `capacity.max_workload` is out of range (value 2.5): "
    "should be less than or equal to 2": {"capacity": {"max_workload": 2.5}},
    "wrong-type: /horizon/weeks: `horizon.weeks` has a value of the wrong type (value '8'): "
    "should be a valid integer": {"horizon": {"weeks": "8"}},
    "wrong-type: /conflict: `conflict` has a value of the wrong type (value 3): should be an object": {"conflict": 3},
    "wrong-type: /review_types/initial/hours: `review_types.initial.hours` has a value of the wrong type "
    "(value True): should be a valid number": {"review_types": {"initial": {"hours": True}}},
    "nan: /capacity/max_workload: `capacity.max_workload` is not a finite number (value 'nan'): "
    "should be a finite number": {"capacity": {"max_workload": float("nan")}},
    "bad-choice: /geography/rule: `geography.rule` is not one of the words allowed (value 'are'): "
    "should be 'area', 'distance' or 'anywhere'": {"geography": {"rule": "are"}},
    "missing-value: /review_types/short/hours: `review_types.short.hours` is required: required":
        {"review_types": {"short": {"admin_hours": 2}}},
    "bad-policy-value: /weights/workload: `weights.workload` is not right: bands must increase in share and in "
    "rate, such as [[0.5, 1], [0.8, 2]]": {"weights": {"workload": [[0.5, 1], [0.5, 2]]}},
    "bad-policy-value: /weights/workload: `weights.workload` is not right: a band's share has at most 4 decimals, such "
    "as 0.3333": {"weights": {"workload": [[0, 1], [1 / 3, 1000]]}},
    "bad-policy-value: : `the policy` is not right: `focused` must not take more than 100 times the hours of the first "
    "type": {"review_types": {"initial": {"hours": 0.01}}},
    "bad-policy-value: /capacity/year_starts: `capacity.year_starts` is not right: "
    "day is out of range for month": {"capacity": {"year_starts": "02-29"}},
    "bad-policy-value: /clocks: `clocks` is not right: complete_months must not be less than allocate_months":
        {"clocks": {"allocate_months": 9}},
    "bad-policy-value: : the policy is nested too deep or holds other than JSON values": {"foo": {1, 2}},
}  # fmt: skip


@pytest.mark.parametrize("message", SLIPS)
def test_each_slip_of_a_policy_gives_its_exact_message(message: str) -> None:
    """By key, as a JSON pointer, with what would be right."""
    assert faults_of(SLIPS[message]) == [message.replace(": : ", ": ")]


@pytest.mark.parametrize("form", WRITERS)
def test_every_fault_of_a_policy_is_reported_with_the_rows(form: str, tmp_path: Path) -> None:
    """Four slips of the policy, one of a row: five faults, in every format."""
    document = sound() | {
        "policy": {"horizon": {"weeks": 0}, "geography": {"rule": "x"}, "foo": 1, "as_of": "never"}
    }
    document["cases"][0]["priority"] = 12
    with pytest.raises(BadInput) as caught:
        read_snapshot(WRITERS[form](document, tmp_path), today=TODAY)
    codes = sorted(fault.code for fault in caught.value.faults)
    assert codes == ["bad-choice", "not-a-date", "out-of-range", "out-of-range", "unknown-key"]
    policy = next(fault for fault in caught.value.faults if fault.code == "unknown-key")
    place = {"csv": "policy.toml /foo", "xlsx": "policy line 4 /foo", "json": "snapshot.json /policy/foo"}
    assert policy.where() == place[form]
    day = next(fault for fault in caught.value.faults if fault.code == "not-a-date")
    place = {
        "csv": "policy.toml /as_of",
        "xlsx": "policy line 5 /as_of",
        "json": "snapshot.json /policy/as_of",
    }
    assert day.where() == place[form]


def test_the_day_of_a_policy_that_replaces_another_is_looked_for_there(tmp_path: Path) -> None:
    """The fault names the file that was given, not the snapshot's own policy."""
    path = tmp_path / "p.toml"
    path.write_text('as_of = "1 May"\n', encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        parse_snapshot(sound() | {"policy": {"as_of": "2026-05-04"}}, policy=path, today=TODAY)
    (fault,) = caught.value.faults
    assert fault.where() == "p.toml /as_of"


def test_a_file_that_is_no_toml_says_where(tmp_path: Path) -> None:
    """Syntax, encoding, a file that is not there, and a policy that is no object."""
    path = tmp_path / "p.toml"
    path.write_text("[horizon]\nweeks = = 8\n", encoding="utf-8")
    hint = 'keys as `weeks = 8` under `[horizon]`; text in "quotes"'
    assert faults_of(path) == [f"broken-toml: p.toml line 2: not TOML at column 9: {hint}"]
    path.write_text("x = " + "[" * 100_000, encoding="utf-8")
    assert faults_of(path) == [f"broken-toml: p.toml: not TOML: {hint}"]
    path.write_bytes(b"\xff\xfea")
    assert faults_of(path)[0].startswith("wrong-encoding: p.toml: the file is UTF-16")
    assert faults_of(tmp_path / "nil.toml")[0].startswith("unreadable: nil.toml: the file cannot be opened (")
    with pytest.raises(BadInput) as caught:
        parse_snapshot(sound() | {"policy": [1]}, today=TODAY)
    assert str(caught.value) == "/policy: the policy is not an object: an object of keys"


def test_a_policy_sheet_needs_its_header_and_each_key_once(tmp_path: Path) -> None:
    """Columns key and value; a key twice, or a value where keys are wanted, is a fault."""
    import xlsxwriter

    path = tmp_path / "s.xlsx"
    header = ["case_id", "area", "notified_on", "review_type", "reviewer_id", "areas", "hours_per_week"]
    for rows, expected in (
        ([["weeks", 8]], ["no-header: policy line 1: line 1 is not key, value: columns key and value"]),
        (
            [["key", "value"], ["horizon.weeks", 8], ["horizon.weeks", 9], ["horizon.weeks.x", 1]],
            [
                f"duplicate-key: policy line {line}, column key: key `{key}` stands twice (value '{key}'): keep one"
                for line, key in ((3, "horizon.weeks"), (4, "horizon.weeks.x"))
            ],
        ),
        (
            [["key", "value"], ["weights.workload", "[[1"], ["capacity.year_starts", "04-01"]],
            [
                "wrong-type: policy line 2 /weights/workload: `weights.workload` has a value of the wrong type "
                "(value '[[1'): should be a valid array"
            ],
        ),
    ):
        with xlsxwriter.Workbook(str(path)) as book:
            for name in ("cases", "reviewers"):
                book.add_worksheet(name).write_row(0, 0, header[4:] if name == "reviewers" else header[:4])
            sheet = book.add_worksheet("policy")
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
        with pytest.raises(BadInput) as caught:
            read_snapshot(path, today=TODAY)
        assert [f"{fault.code}: {fault}" for fault in caught.value.faults] == expected
