"""What an old system would export: half of what may be given is missing, and some rows have faults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

Rows = list[dict[str, Any]]
TOGETHER: Final = (
    ("organisations",),
    ("latitude", "longitude"),
    ("skills",),
    ("priority",),
    ("effort_hours",),
    ("evidence_received_on", "evidence_expected_on"),
    ("hours_left",),
    ("admin_hours_left",),
    ("second_hours_left",),
    ("hold_reason",),
    ("hold_until",),
    ("linked_to",),
)
"""Fields of a case that may be missing, those that are given together in one."""
FAULTS: Final[Sequence[tuple[str, object]]] = (
    ("notified_on", "31.02.2026"),
    ("notified_on", None),
    ("area", "Q99X"),
    ("area", None),
    ("review_type", "first look"),
    ("priority", 12),
    ("effort_hours", -1),
    ("evidence_received_on", "soon"),
)
"""What is wrong in an old system's rows; None: it is missing."""


@dataclass(frozen=True)
class Aged:
    """An old system's export.

    Parameters
    ----------
    tables : by name
    planted : by case with a fault, the field that has it
    """

    tables: Mapping[str, Rows]
    planted: Mapping[str, str]


def aged(tables: Mapping[str, Rows], rng: np.random.Generator, missing: float = 0.5, faults: int = 0) -> Aged:
    """The tables as an old system has them.

    Parameters
    ----------
    missing : the share of what may be given that is not
    faults : how many cases have one; no other row names these, so that they alone cannot be kept
    """
    named = {row.get("case_id") for name in ("declines", "interests") for row in tables.get(name, ())}
    cases = [_forgetting(row, rng, missing) for row in tables["cases"]]
    free = [at for at, row in enumerate(cases) if row["case_id"] not in named]
    chosen = rng.choice(np.array(free), size=min(faults, len(free)), replace=False)
    planted = {}
    for number, at in enumerate(sorted(map(int, chosen))):
        name, value = FAULTS[number % len(FAULTS)]
        cases[at] = {key: one for key, one in cases[at].items() if key != name}
        cases[at] |= {} if value is None else {name: value}
        planted[str(cases[at]["case_id"])] = name
    return Aged({**tables, "cases": cases}, planted)


def _forgetting(row: Mapping[str, Any], rng: np.random.Generator, missing: float) -> dict[str, Any]:
    gone = {name for names in TOGETHER if rng.random() < missing for name in names}
    return {name: value for name, value in row.items() if name not in gone}
