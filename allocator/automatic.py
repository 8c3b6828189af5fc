"""The automatic rule: which new lines of a plan may count with nobody looking, and why the others wait."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any

from allocator.plan import RoleName
from allocator.snapshot import Snapshot

Seat = tuple[str, RoleName]


class Waits(StrEnum):
    """Why a line waits for a person."""

    MOVED = "moved"
    OTHER_AREA = "other-area"
    INDEPENDENCE = "independence-to-confirm"
    WORKLOAD = "workload"
    LATE = "late"
    FRAGILE = "fragile"
    OTHER_PLACE = "other-place"


WORDS: Mapping[Waits, str] = {
    Waits.MOVED: "it takes a case from somebody",
    Waits.OTHER_AREA: "its reviewer is another area's",
    Waits.INDEPENDENCE: "no organisation of its case is known, so its reviewer must declare independence",
    Waits.WORKLOAD: "its reviewer's workload would be 90% or more",
    Waits.LATE: "its case would be late",
    Waits.FRAGILE: "it may well be late: its chance to be in time is small",
    Waits.OTHER_PLACE: "the other place of its case waits",
}


def automatic(
    snapshot: Snapshot, plan: Mapping[str, Any], fragile: Collection[str]
) -> dict[Seat, tuple[Waits, ...]]:
    """Of every new or moved line, why it waits for a person; nothing: it may count at once.

    Parameters
    ----------
    snapshot : what the plan was made of
    plan : the content of plan.json
    fragile : cases whose chance to be in time is small
    """
    cases = {one.case_id: one for one in snapshot.cases}
    home = {one.reviewer_id: one.areas[0] for one in snapshot.reviewers}  # whoever else has them is lent them
    easy = {one["reviewer_id"] for one in plan["workloads"] if one["state"] == "ok"}
    found: dict[Seat, list[Waits]] = {}
    for line in plan["assignments"]:
        if line["change"] == "kept":
            continue
        case, who = cases[line["case_id"]], line["reviewer_id"]
        holds = {
            Waits.MOVED: line["change"] == "moved",
            Waits.OTHER_AREA: case.area != home[who],
            Waits.INDEPENDENCE: not case.organisations,
            Waits.WORKLOAD: who not in easy,
            Waits.LATE: line["on_time"] is not True,
            Waits.FRAGILE: case.case_id in fragile,
        }
        found[line["case_id"], line["role"]] = [why for why, is_so in holds.items() if is_so]
    stopped = {case_id for (case_id, _), why in found.items() if why}
    return {
        seat: tuple(why) if why or seat[0] not in stopped else (Waits.OTHER_PLACE,)
        for seat, why in found.items()
    }
