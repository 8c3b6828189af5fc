"""What plans are told in: how good they are, what something costs, and what has become of a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from api.words import count, figure

Json = Any
LINE_STATES: Final[Mapping[str, str]] = {
    "proposed": "To approve",
    "approved": "Approved",
    "published": "Published",
    "undone": "Undone",
}
STATE_COLOURS: Final[Mapping[str, str]] = {
    "proposed": "blue",
    "approved": "yellow",
    "published": "green",
    "undone": "grey",
}
LEVELS: Final[Mapping[str, str]] = {
    "unallocated": "Giving waiting work a reviewer",
    "late": "Having as little as possible late",
    "cost": "Short journeys, home areas and even diaries",
}
_COSTS: Final[Mapping[str, tuple[str, str]]] = {
    "unallocated": (
        "more work is left without a reviewer",
        "less work is left without a reviewer",
    ),
    "late": ("more is late", "less is late"),
    "cost": ("journeys are longer or diaries fuller", "journeys are shorter or diaries less full"),
}
NOTHING_PROVED: Final = 100
"""Per cent from which a distance says nothing: all that could be gained is still open."""
LEAST_TOLD: Final = 0.1
"""Per cent below which a distance is told as less than that."""


def proved(gap_percent: float | None) -> str:
    """How far something is from the best, as it is proved."""
    if gap_percent is None:
        return "nothing is known yet"
    if gap_percent <= 0:
        return "proved to be the best there can be"
    if gap_percent >= NOTHING_PROVED:
        return "the best that was found, and not proved to be near the best there can be"
    if gap_percent < LEAST_TOLD:
        return f"proved to be within {figure(LEAST_TOLD)}% of the best there can be"
    return f"proved to be within {figure(gap_percent)}% of the best there can be"


def costs(points: Mapping[str, int | None]) -> list[str]:
    """What becomes better or worse, the weightiest first; empty: nothing."""
    return list(_costs(points))


def _costs(points: Mapping[str, int | None]) -> Iterator[str]:
    for level, (more, fewer) in _COSTS.items():
        number = points.get(level) or 0
        if number:
            yield f"{more if number > 0 else fewer} ({count(abs(number), 'point')})"


def waiting(total: Json) -> dict[str, int]:
    """How many cases wait, get a lead, get one late, and change hands: a case that somebody declined waits.

    Parameters
    ----------
    total : what a plan does for some cases, as its call tells it
    """
    placed = total["placed"] + total["moved_waiting"]
    return {
        "waiting": placed + total["without"],
        "placed": placed,
        "late": total["placed_late"] + total["moved_waiting_late"],
        "moved": total["moved"] - total["moved_waiting"],
    }


def summary(total: Json) -> str:
    """What a plan does, in a sentence or two."""
    found = waiting(total)
    more = [
        (found["moved"], "case changes hands", "cases change hands"),
        (total["on_hold"], "more case is on hold", "more cases are on hold"),
        (total["seconds_without"], "second reviewer is missing", "second reviewers are missing"),
    ]
    told = (f"{count(number, one, many)}." for number, one, many in more if number)
    return " ".join([_of_waiting(found["waiting"], found["placed"], found["late"]), *told])


def _of_waiting(waiting: int, placed: int, late: int) -> str:
    """How many of those who wait get a lead, and how many of them in time."""
    if waiting == 0:
        return "No case waits for a lead."
    verb = "gets" if placed == 1 else "get"
    if placed == 0:
        return f"None of {count(waiting, 'waiting case')} gets a lead."
    when = f"{late:,} of them late" if late else "all of them in time"
    return f"{placed:,} of {count(waiting, 'waiting case')} {verb} a lead, {when} as far as can be foreseen."


def place(case_id: str, role: str) -> str:
    """A place of a case in words."""
    return f"case {case_id}" if role == "lead" else f"the second place of case {case_id}"


def costs_of(other: Json) -> list[str]:
    """What somebody else for a place makes better or worse, as it was found or at least."""
    points = {
        level: price["found"] if price["found"] is not None else max(0, price["floor"] or 0)
        for level, price in other["prices"].items()
    }
    return costs(points)


def seats(case_id: str, role: str, other: Json) -> list[Json]:
    """Who has which place if somebody else has one, and what else that asks for."""
    mine = {"case_id": case_id, "role": role, "reviewer_id": other["reviewer_id"]}
    rest = [
        {"case_id": one["case_id"], "role": one["role"], "reviewer_id": one["after"]}
        for one in other["changes"]
    ]
    return [mine, *rest]


def key(line: Json) -> str:
    """A line as a tick box names it: `seat_of` reads it again."""
    return f"{line['role']} {line['case_id']}"


def seat_of(text: str) -> Json:
    """The place that a tick box names."""
    role, _, case_id = text.partition(" ")
    return {"role": role, "case_id": case_id}
