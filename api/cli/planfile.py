"""What the command line needs to know of a plan that was written, before the audit reads it properly."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from allocator.errors import BadInput, Fault


def read_plan(path: Path) -> Mapping[str, object]:
    """Return the content of plan.json, from its folder or the file itself.

    Raises
    ------
    BadInput
        When there is no such file, or it is no JSON object.
    """
    file = path / "plan.json" if path.is_dir() else path
    try:
        content = json.loads(file.read_bytes())
    except FileNotFoundError as error:
        raise BadInput([_fault(file, "no such file", "the folder that `plan --out` wrote")]) from error
    except (ValueError, RecursionError) as error:
        raise BadInput([_fault(file, "not JSON", "plan.json as it was written")]) from error
    if not isinstance(content, dict):
        raise BadInput([_fault(file, "not a JSON object", "plan.json as it was written")])
    return content


def as_of_plan(path: Path) -> date | None:
    """Return the day the plan says it was made for; None if it says none that can be read."""
    stated = read_plan(path).get("as_of")
    try:
        return date.fromisoformat(stated) if isinstance(stated, str) else None
    except ValueError:
        return None


def _fault(file: Path, message: str, hint: str) -> Fault:
    return Fault("broken-plan", message, file=str(file), hint=hint)
