"""Scenario files, TOML or JSON: read with every fault, and variants made of the base."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, JsonValue, ValidationError

from allocator.errors import BadInput, Fault
from scenarios.demand import flow, open_at_start
from scenarios.scenario import BY_AREA, IN_TURN, Scenario
from scenarios.units import WEEKS_A_YEAR

BASE = "base"
AGES = ("ages", "in_hand_ages")
"""What may be written in two forms; a fault names the place, not the form."""
SHIPPED = Path(__file__).with_name("shipped")
MOST_CASES, MOST_POST_WEEKS, MOST_LEAVERS = 1_000_000, 5_000_000, 100_000
"""What one replication may have: beyond, memory or patience would be at an end before it is."""
Document = Mapping[str, JsonValue]


@dataclass(frozen=True)
class Named:
    """One variant as a scenario of its own."""

    name: str
    scenario: Scenario


def read_scenario(path: Path) -> Scenario:
    """The scenario in a file.

    Raises
    ------
    BadInput
        With all that is wrong in it, each by its key.
    """
    return scenario_of(read_document(path), path.name)


def read_document(path: Path) -> object:
    """What a TOML or JSON file holds.

    Raises
    ------
    BadInput
        It cannot be read, or is no such file.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput([Fault("unreadable", "the file cannot be read", file=path.name)]) from error
    try:
        is_json = path.suffix.lower() == ".json"
        document: object = json.loads(text, object_pairs_hook=_once) if is_json else tomllib.loads(text)
    except RecursionError:
        raise BadInput([Fault("broken-file", "it is nested too deeply", file=path.name)]) from None
    except ValueError as error:
        raise BadInput([Fault("broken-file", str(error), file=path.name)]) from error
    return document


def shipped() -> dict[str, Path]:
    """The scenario files that come with the program, by name."""
    return {path.stem: path for path in sorted(SHIPPED.glob("*.toml"))}


def scenario_of(document: object, file: str | None = None) -> Scenario:
    """A decoded document as a scenario that can be run, its variants too.

    Raises
    ------
    BadInput
        With all that is wrong in it, each by its key.
    """
    try:
        scenario = Scenario.model_validate(document)
    except ValidationError as error:
        raise BadInput(faults_of(error, file)) from None
    faults = [*_impossible(scenario, file)]
    names = [BASE, *(one.name for one in scenario.variants)]
    for at, variant in enumerate(scenario.variants):
        if names.index(variant.name) <= at:
            place = f"/variants/{at}/name"
            faults.append(
                Fault("duplicate", "the name stands twice", file, pointer=place, value=variant.name)
            )
        try:
            changed(scenario, variant.change)
        except BadInput as error:
            faults += [_within(one, f"/variants/{at}/change", file) for one in error.faults]
    faults += [
        Fault(
            "unknown-key",
            "there is no number under this key",
            file,
            pointer=f"/assumptions/{key}",
            hint=_near(scenario, key),
        )
        for key in scenario.assumptions
        if type(value_at(scenario, key)) not in (int, float)
    ]
    if faults:
        raise BadInput(faults)
    return scenario


def variants(scenario: Scenario) -> tuple[Named, ...]:
    """The base, and every variant of it."""
    base = scenario.model_copy(update={"variants": ()})
    return (
        Named(BASE, base),
        *(Named(one.name, changed(scenario, one.change)) for one in scenario.variants),
    )


def changed(scenario: Scenario, change: Mapping[str, JsonValue]) -> Scenario:
    """The base with some keys changed, without variants of its own.

    Raises
    ------
    BadInput
        A key that there is not, or a value that cannot be.
    """
    document = scenario.model_dump(mode="json", exclude={"variants"})
    faults = []
    for key, value in change.items():
        if not _put(document, key, value):
            hint = _near(scenario, key)
            faults.append(Fault("unknown-key", "there is no such key", pointer=f"/{key}", hint=hint))
    if faults:
        raise BadInput(faults)
    try:
        found = Scenario.model_validate(document)
    except ValidationError as error:
        raise BadInput(faults_of(error, None)) from None
    impossible = list(_impossible(found, None))
    if impossible:
        raise BadInput(impossible)
    return found


def value_at(scenario: Scenario, key: str) -> object:
    """What stands under a key with dots; None where nothing does."""
    document = scenario.model_dump(mode="json", exclude={"variants", "assumptions"})
    table, last = _holder(document, key)
    return None if table is None else table.get(last)


def keys(scenario: Scenario) -> list[str]:
    """Every key with dots."""
    return list(_keys(scenario.model_dump(mode="json", exclude={"variants", "assumptions"}), ""))


def _keys(document: Any, prefix: str) -> Iterator[str]:
    if isinstance(document, dict):
        for name, value in document.items():
            yield from _keys(value, f"{prefix}.{name}" if prefix else name)
    elif (
        isinstance(document, list)
        and document
        and all(isinstance(one, dict) and "name" in one for one in document)
    ):
        for one in document:
            yield from _keys(one, f"{prefix}.{one['name']}")
    else:
        yield prefix


def _holder(document: Any, key: str) -> tuple[dict[str, Any] | None, str]:
    """The table in which the last part of a key stands, and that part; None where the way ends before.

    An entry of a list goes by its name, which may have dots itself: the longest name that fits is meant.
    """
    while True:
        if isinstance(document, list):
            named = [
                one for one in document if isinstance(one, dict) and key.startswith(f"{one.get('name')}.")
            ]
            document = max(named, key=lambda one: len(one["name"]), default=None)
            key = key[len(document["name"]) + 1 :] if document else key
        if not isinstance(document, dict):
            return None, key
        first, dot, rest = key.partition(".")
        if not dot:
            return document, key
        document, key = document.get(first), rest


def _put(document: Any, key: str, value: JsonValue) -> bool:
    """Whether a key was there, which now has another value."""
    table, last = _holder(document, key)
    if table is None or last not in table:
        return False
    table[last] = value
    return True


def _once(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    """A table of a JSON file, in which no key may stand twice (TOML does not allow it either)."""
    found: dict[str, JsonValue] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {key!r} stands twice in one table")
        found[key] = value
    return found


def _near(scenario: Scenario, key: str) -> str:
    close = get_close_matches(key, keys(scenario), n=1, cutoff=0.4)
    return f"did you mean {close[0]}?" if close else "keys are written with dots, such as demand.a_year"


def faults_of(error: ValidationError, file: str | None) -> list[Fault]:
    """What is wrong; a list that is short only because its entries are wrong is not wrong itself."""
    found = error.errors(include_url=False)
    within = {one["loc"][:-1] for one in found} | {one["loc"][:-2] for one in found if len(one["loc"]) > 1}
    return [_fault(one, file) for one in found if one["type"] != "too_short" or one["loc"] not in within]


def _fault(one: Any, file: str | None) -> Fault:
    message = str(one["msg"]).removeprefix("Value error, ")
    pointer = "".join(f"/{part}" for part in one["loc"] if part not in (IN_TURN, BY_AREA))
    code = "unknown-key" if one["type"] == "extra_forbidden" else "bad-value"
    value = one["input"] if isinstance(one["input"], str | int | float | bool) else None
    return Fault(code, message[:1].lower() + message[1:], file, pointer=pointer, value=value)


def _within(fault: Fault, place: str, file: str | None) -> Fault:
    return Fault(
        fault.code,
        fault.message,
        file,
        pointer=f"{place}{fault.pointer or ''}",
        value=fault.value,
        hint=fault.hint,
    )


def _impossible(scenario: Scenario, file: str | None) -> Iterator[Fault]:
    """Yield what cannot be, though each value for itself could."""
    for pointer, code, message, value in (
        *_twice(scenario),
        *_of_areas(scenario),
        *_of_groups(scenario),
        *_of_admin(scenario),
    ):
        yield Fault(code, message, file, pointer=pointer, value=value)
    times = list(_of_times(scenario))
    for pointer, code, message, value in (
        *_of_skills(scenario),
        *times,
        *(() if times else _of_size(scenario)),
    ):
        yield Fault(code, message, file, pointer=pointer, value=value)


Wrong = tuple[str, str, str, str | float | None]
"""Where, which code, what is wrong, and with which value."""


def _of_areas(scenario: Scenario) -> Iterator[Wrong]:
    names = [one.name for one in scenario.areas]
    for table, entries in (("areas", scenario.areas), ("groups", scenario.groups)):
        for at, one in enumerate(entries):
            field = "neighbours" if table == "areas" else "areas"
            for other in getattr(one, field):
                if other not in names:
                    yield f"/{table}/{at}/{field}", "unknown-area", "there is no such area", other
    for field in AGES:
        ages = getattr(scenario.demand.backlog, field)
        for other in ages if isinstance(ages, dict) else ():
            if other not in names:
                yield f"/demand/backlog/{field}/{other}", "unknown-area", "there is no such area", other


def _of_groups(scenario: Scenario) -> Iterator[Wrong]:
    weeks = scenario.run.years * WEEKS_A_YEAR
    for at, group in enumerate(scenario.groups):
        if (group.wte is None) == (group.people is None):
            yield f"/groups/{at}", "one-of-two", "give either wte or people", group.name
        if group.training_weeks >= weeks:
            message = "training that is longer than the run: nobody would ever be ready"
            yield f"/groups/{at}/training_weeks", "too-long", message, group.training_weeks


def _of_admin(scenario: Scenario) -> Iterator[Wrong]:
    if scenario.evidence.admin_wte > 0 and scenario.evidence.admin_week == 0:
        yield "/evidence/admin_week", "bad-value", "staff without hours; for none of them admin_wte = 0", 0


def _of_skills(scenario: Scenario) -> Iterator[Wrong]:
    needed = {skill.name for skill in scenario.demand.skills}
    for at, group in enumerate(scenario.groups):
        for name in group.skills:
            if name not in needed:
                yield (
                    f"/groups/{at}/skills",
                    "unknown-skill",
                    "no case needs it: list it in demand.skills",
                    name,
                )
    staffed = [one for one in scenario.groups if (one.wte or one.people or 0) > 0]
    for at, skill in enumerate(scenario.demand.skills):
        if staffed and skill.share > 0 and not any(skill.name in one.skills for one in staffed):
            yield f"/demand/skills/{at}", "skill-nobody-has", "cases need it and nobody has it", skill.name


def _of_times(scenario: Scenario) -> Iterator[Wrong]:
    for at, shock in enumerate(scenario.shocks):
        if shock.to_week <= shock.from_week:
            yield f"/shocks/{at}/to_week", "bad-order", "it ends before it begins", shock.to_week
    if scenario.run.measure_from >= scenario.run.years:
        yield "/run/measure_from", "bad-order", "nothing would be measured", scenario.run.measure_from
    for key, one in scenario.assumptions.items():
        if one.low > one.high:
            yield f"/assumptions/{key}", "bad-order", "the lowest is above the highest", one.low
    season = scenario.demand.season
    if season and (len(season) != 12 or not sum(season) > 0):
        yield "/demand/season", "bad-value", "twelve factors, January first, not all 0", len(season)


def _of_size(scenario: Scenario) -> Iterator[Wrong]:
    """Yield what is too much; the season and the times are right."""
    run, demand = scenario.run, scenario.demand
    if demand.season and run.start.year + run.years >= MAXYEAR:
        yield "/run/years", "too-long", f"a season needs dates, and those end with {MAXYEAR}", run.years
        return
    with np.errstate(over="ignore", invalid="ignore"):
        cases = flow(scenario.model_copy(update={"areas": scenario.areas[:1]}), scenario.areas[0]).total
    cases += open_at_start(scenario)
    if not cases <= MOST_CASES:
        yield "/demand", "too-many", f"a run may have {MOST_CASES:,} cases at most", f"{cases:,.0f}"
    posts = [(one.people if one.people is not None else one.wte or 0.0) for one in scenario.groups]
    weeks = sum(posts) * run.years * WEEKS_A_YEAR
    if weeks > MOST_POST_WEEKS and not scenario.steady:
        yield (
            "/groups",
            "too-many",
            f"a run may have {MOST_POST_WEEKS:,} weeks of posts at most",
            round(weeks),
        )
    leavers = sum(count * one.turnover for count, one in zip(posts, scenario.groups, strict=True)) * run.years
    if leavers > MOST_LEAVERS:
        yield "/groups", "too-many", f"a run may have {MOST_LEAVERS:,} leavers at most", round(leavers)


def _twice(scenario: Scenario) -> Iterator[Wrong]:
    listed: dict[str, tuple[BaseModel, ...]] = {
        "areas": scenario.areas, "groups": scenario.groups, "demand/skills": scenario.demand.skills,
    }  # fmt: skip
    for table, entries in listed.items():
        names = [str(getattr(one, "name", "")) for one in entries]
        for at, name in enumerate(names):
            if name in names[:at]:
                yield f"/{table}/{at}/name", "duplicate", "the name stands twice", name
