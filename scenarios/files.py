"""Scenario files, TOML or JSON: read with every fault, and variants made of the base."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, JsonValue, ValidationError

from allocator.errors import BadInput, Fault
from scenarios.scenario import Scenario
from scenarios.workforce import WEEKS_A_YEAR

BASE = "base"
SHIPPED = Path(__file__).with_name("shipped")
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
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput([Fault("unreadable", "the file cannot be read", file=path.name)]) from error
    try:
        document = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except RecursionError:
        raise BadInput([Fault("broken-file", "it is nested too deeply", file=path.name)]) from None
    except ValueError as error:
        raise BadInput([Fault("broken-file", str(error), file=path.name)]) from error
    return scenario_of(document, path.name)


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
        raise BadInput([_fault(one, file) for one in error.errors(include_url=False)]) from None
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
            "there is no such key",
            file,
            pointer=f"/assumptions/{key}",
            hint=_near(scenario, key),
        )
        for key in scenario.assumptions
        if not isinstance(value_at(scenario, key), int | float)
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
        raise BadInput([_fault(one, None) for one in error.errors(include_url=False)]) from None
    impossible = list(_impossible(found, None))
    if impossible:
        raise BadInput(impossible)
    return found


def value_at(scenario: Scenario, key: str) -> object:
    """What stands under a key with dots; None where nothing does."""
    at: Any = scenario.model_dump(mode="json", exclude={"variants", "assumptions"})
    for part in key.split("."):
        at = _child(at, part)
        if at is None:
            return None
    return at


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


def _child(document: Any, name: str) -> Any:
    """One part of a document: of a table by key, of a list by the name of an entry."""
    if isinstance(document, dict):
        return document.get(name)
    if isinstance(document, list):
        return next((one for one in document if isinstance(one, dict) and one.get("name") == name), None)
    return None


def _put(document: Any, key: str, value: JsonValue) -> bool:
    """Whether a key was there, which now has another value."""
    *path, last = key.split(".")
    for part in path:
        document = _child(document, part)
    if isinstance(document, dict) and last in document:
        document[last] = value
        return True
    return False


def _near(scenario: Scenario, key: str) -> str:
    close = get_close_matches(key, keys(scenario), n=1, cutoff=0.4)
    return f"did you mean {close[0]}?" if close else "keys are written with dots, such as demand.a_year"


def _fault(one: Any, file: str | None) -> Fault:
    message = str(one["msg"]).removeprefix("Value error, ")
    pointer = "".join(f"/{part}" for part in one["loc"])
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
    for pointer, code, message, value in (*_twice(scenario), *_of_areas(scenario), *_of_groups(scenario)):
        yield Fault(code, message, file, pointer=pointer, value=value)
    for pointer, code, message, value in (*_of_skills(scenario), *_of_times(scenario)):
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


def _of_groups(scenario: Scenario) -> Iterator[Wrong]:
    weeks = scenario.run.years * WEEKS_A_YEAR
    for at, group in enumerate(scenario.groups):
        if (group.wte is None) == (group.people is None):
            yield f"/groups/{at}", "one-of-two", "give either wte or people", group.name
        if group.training_weeks >= weeks:
            message = "training that is longer than the run: nobody would ever be ready"
            yield f"/groups/{at}/training_weeks", "too-long", message, group.training_weeks


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
    season = scenario.demand.season
    if season and (len(season) != 12 or not sum(season) > 0):
        yield "/demand/season", "bad-value", "twelve factors, January first, not all 0", len(season)


def _twice(scenario: Scenario) -> Iterator[Wrong]:
    listed: dict[str, tuple[BaseModel, ...]] = {
        "areas": scenario.areas, "groups": scenario.groups, "demand/skills": scenario.demand.skills,
    }  # fmt: skip
    for table, entries in listed.items():
        names = [str(getattr(one, "name", "")) for one in entries]
        for at, name in enumerate(names):
            if name in names[:at]:
                yield f"/{table}/{at}/name", "duplicate", "the name stands twice", name
