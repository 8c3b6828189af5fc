"""What completed reviews tell as files that are read back: a policy, and what is laid over a scenario."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from allocator.intake import read_policy
from scenarios.calibrate.figures import POLICY, Calibration, Figure
from scenarios.toml import as_toml

POLICY_FILE: Final = "policy.toml"
SCENARIO_FILE: Final = "scenario.toml"
MOST_DAYS: Final = 730
"""That a policy takes."""
PANEL: Final = "work.panel_weeks"
PANEL_REASON: Final = "the wait for a panel is in work.sign_off_days"
Document = dict[str, Any]


def write(found: Calibration, out: Path, source: str) -> None:
    """Nothing; `out` has the two files.

    Parameters
    ----------
    source : where the reviews come from, for who reads the files

    Raises
    ------
    BadInput
        A policy cannot be so, such as hours more than a hundred times those of the first type.
    """
    policy = policy_of(found)
    read_policy(policy)
    origin = f"From {found.reviews:,} completed reviews ({source}), seed {found.seed}."
    missing = [f"Not told: {one.what}: {one.why}." for one in found.untold]
    notes = {one.fills: _interval(one) for one in found.figures if one.fills}
    out.mkdir(parents=True, exist_ok=True)
    _save(out / POLICY_FILE, as_toml(policy, notes, (origin, *missing)))
    use = f"To lay it over a scenario: allocator scenario fill SCENARIO.toml --calibrated {SCENARIO_FILE}"
    _save(out / SCENARIO_FILE, as_toml(fragment_of(found), notes, (origin, use, *missing)))


def policy_of(found: Calibration) -> Document:
    """The keys of a policy that are told."""
    kinds: Document = {}
    for one in found.figures:
        if one.is_policy and one.fills:
            kind, _, key = one.fills.removeprefix(POLICY).rpartition(".")
            in_days = key.endswith("_days")
            kinds.setdefault(kind, {})[key] = min(MOST_DAYS, round(one.value)) if in_days else one.value
    return {"review_types": kinds} if kinds else {}


def fragment_of(found: Calibration) -> Document:
    """The keys of a scenario that are told, with their ranges as `assumptions`."""
    document: Document = {}
    ranges: Document = {}
    for one in found.figures:
        if one.fills and not one.is_policy:
            _put(document, one.fills, one.value)
            reason = f"95 % interval of {one.reviews:,} completed reviews"
            ranges[one.fills] = {"low": one.low, "high": one.high, "reason": reason}
    if "work.sign_off_days" in ranges:
        _put(document, PANEL, 0)
        ranges[PANEL] = {"low": 0, "high": 0, "reason": PANEL_REASON}
    if found.on_notification is not None:
        _put(document, "evidence.on_notification", found.on_notification)
    return document | ({"assumptions": ranges} if ranges else {})


def _put(document: Document, key: str, value: object) -> None:
    *tables, last = key.split(".")
    for name in tables:
        document = document.setdefault(name, {})
    document[last] = value


def _interval(one: Figure) -> str:
    of = f"{one.of}: " if one.of else ""
    return f"{of}{one.low:g} to {one.high:g}, of {one.reviews:,} reviews"


def _save(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
