"""An example of every call, as the description shows it; a test sends them all, in their order.

`examples.json` holds them, with one snapshot and one plan of it that several share. After a change of what a
plan says, `python -m api.examples` plans the snapshot anew and writes the file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from pydantic import JsonValue

from allocator.allocate import PlanRequest, allocate
from allocator.answer import answer_of, as_text
from allocator.intake import parse_snapshot
from api.openapi import Example, Operation

FILE = Path(__file__).with_name("examples.json")


@dataclass(frozen=True)
class Sent:
    """One call that the file lists.

    Parameters
    ----------
    call : name of the operation
    who : `admin`, `reviewer`, `session`, or nobody
    status : of its answer
    """

    call: str
    who: str | None
    status: int
    example: Example


@lru_cache(maxsize=1)
def every() -> tuple[Sent, ...]:
    """All of them, in the order in which they can be sent."""
    document = json.loads(FILE.read_text("utf-8"))
    shared = {f"${name}": document[name] for name in ("snapshot", "plan")}
    return tuple(
        Sent(one["call"], one["who"], one["status"], _example(one, shared)) for one in document["calls"]
    )


def shown(operation: Operation) -> Operation:
    """The operation with the first example of it."""
    found = next((one.example for one in every() if one.call == operation.name), Example())
    return replace(operation, example=found)


def renew() -> None:
    """Nothing; the file has the plan that is made of its snapshot now."""
    document = json.loads(FILE.read_text("utf-8"))
    moment = datetime.fromisoformat(document["snapshot"]["as_of"]).replace(tzinfo=UTC)
    reading = parse_snapshot(document["snapshot"], today=moment.date())
    made = allocate(reading, PlanRequest(effort=1, workers=1), lambda: moment)
    document["plan"] = json.loads(as_text(answer_of(reading, made)))
    FILE.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8", newline="\n")


def _example(one: Mapping[str, JsonValue], shared: Mapping[str, JsonValue]) -> Example:
    return Example(_texts(one.get("path")), _texts(one.get("query")), _filled(one.get("body"), shared))


def _texts(given: JsonValue) -> dict[str, str]:
    return {name: str(value) for name, value in given.items()} if isinstance(given, dict) else {}


def _filled(value: JsonValue, shared: Mapping[str, JsonValue]) -> JsonValue:
    if isinstance(value, str):
        return shared.get(value, value)
    if isinstance(value, dict):
        return {name: _filled(one, shared) for name, one in value.items()}
    return value


if __name__ == "__main__":
    renew()
