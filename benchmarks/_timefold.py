"""Timefold beside us: in a Python environment of its own, which is made when it is first asked for.

It needs Java 17 or later, and is for instances of up to 2,000 cases × 300 reviewers.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from pathlib import Path

import numpy as np

from benchmarks._models import Answer
from benchmarks._rivals_home import STARTING_SECONDS, python, quietly, why_without
from benchmarks._snapshots import Posed
from solver.outcome import Limits
from solver.problem import Problem

MODEL = Path(__file__).with_name("_timefold_model.py")
OLDEST_JAVA = 17
MOST_PLACES, MOST_REVIEWERS = 2_000, 300


def why_not(cases: int, reviewers: int) -> str | None:
    """Return in one line why Timefold cannot take part; None if it can, and then it is installed."""
    if cases > MOST_PLACES or reviewers > MOST_REVIEWERS:
        return f"it is asked only up to {MOST_PLACES:,} × {MOST_REVIEWERS:,}"
    java = _java()
    if java < OLDEST_JAVA:
        return f"it needs Java {OLDEST_JAVA}, and " + (
            f"this is Java {java}" if java else "there is none here"
        )
    return why_without("timefold")


def timefold(posed: Posed, limits: Limits) -> Answer:
    """Return Timefold's answer; the limit is its search's alone, and it proves no bound.

    Raises
    ------
    RuntimeError
        It failed; with the last it said.
    """
    with tempfile.TemporaryDirectory() as folder:
        problem, answer = Path(folder) / "problem.json", Path(folder) / "answer.json"
        problem.write_text(json.dumps(_document(posed.problem)), "utf-8")
        words = [str(problem), str(answer), str(limits.seconds), str(limits.seed)]
        done = quietly([str(python()), str(MODEL), *words], limits.seconds + STARTING_SECONDS)
        if done.returncode:
            raise RuntimeError(f"Timefold failed: {done.stderr[-500:]}")
        told = json.loads(answer.read_text("utf-8"))
    if not told["score"].startswith("0hard/"):
        return None, None
    return np.array(told["assignment"], np.int64), None


def _document(p: Problem) -> dict[str, object]:
    of_place = [slice(*p.arc_start[place : place + 2]) for place in range(p.n_places)]
    places = [
        {
            "case": int(p.case[place]),
            "penalty": int(p.penalty[place]),
            "required": bool(p.required[place]),
            "pinned": bool(p.required[place] and not p.movable[place]),
            "needs": int(p.needs[place]),
            "link": int(p.link[place]),
            "slots": int(p.arc_slots[mine].max(initial=0)),  # of a place all arcs take as many
            "reviewers": p.arc_reviewer[mine].tolist(),
            "minutes": p.arc_minutes[mine].tolist(),
        }
        for place, mine in enumerate(of_place)
    ]
    g = p.groups
    members = (p.arc_place[g.arc], p.arc_reviewer[g.arc], g.of_member, g.limit[g.of_member], g.amount)
    return {
        "reviewers": np.stack([p.capacity, p.slots], axis=1).tolist(),
        "places": places,
        "members": np.stack(members, axis=1).tolist(),
    }


def _java() -> int:
    """Return which Java is here, 0 if none."""
    java = shutil.which("java")
    if java is None:
        return 0
    found = re.search(r'version "(\d+)', quietly([java, "-version"], STARTING_SECONDS).stderr)
    return int(found[1]) if found else 0
