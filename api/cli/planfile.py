"""A snapshot and a plan as the command line names them, before the audit reads the plan properly."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from allocator.errors import BadInput, Fault
from allocator.intake import Reading, read_snapshot
from allocator.previous import Previous
from api import clock
from api.cli.options import Again, Source

_HINT = "the folder that `plan --out` wrote, or its plan.json"


def read_source(snapshot: Path, how: Source) -> Reading:
    """Return a snapshot, read as the command line says.

    Raises
    ------
    BadInput
        With every fault of it.
    """
    return read_snapshot(
        snapshot,
        policy=how["policy"],
        as_of=how["as_of"],
        today=clock.now().date(),
        quarantine=how["quarantine"],
    )


def read_again(snapshot: Path, plan: Mapping[str, object], how: Again) -> Reading:
    """Return the snapshot as it was read for a plan: as of the plan's day."""
    return read_source(
        snapshot, {"policy": how["policy"], "quarantine": how["quarantine"], "as_of": _as_of(plan)}
    )


def read_plan(path: Path) -> Mapping[str, object]:
    """Return the content of plan.json, from its folder or the file itself.

    Raises
    ------
    BadInput
        When there is no such file, or it is no JSON object.
    """
    return _object(path / "plan.json" if path.is_dir() else path)


def read_previous(path: Path) -> Previous:
    """Return an earlier plan, from its folder, its plan.json, or the document with its certificate in it.

    Raises
    ------
    BadInput
        When a file cannot be read, is something else, or the certificate is missing or another plan's.
    """
    plan = read_plan(path)
    return Previous.of(plan, sure_certificate(path, plan))


def sure_certificate(path: Path, plan: Mapping[str, object]) -> object:
    """Return a plan's certificate.

    Raises
    ------
    BadInput
        When there is none, or it is no JSON object.
    """
    certificate = read_certificate(path, plan)
    return _object(folder_of(path) / "certificate.json") if certificate is None else certificate


def read_certificate(path: Path, plan: Mapping[str, object]) -> object | None:
    """Return a plan's certificate, from the document itself or beside it; None where there is none.

    Raises
    ------
    BadInput
        When there is one, and it is no JSON object.
    """
    if path.is_file() and "certificate" in plan:
        return plan["certificate"]
    beside = (path if path.is_dir() else path.parent) / "certificate.json"
    return _object(beside) if beside.exists() else None


def _object(file: Path) -> Mapping[str, object]:
    """Return the JSON object in a file."""
    try:
        content = json.loads(file.read_bytes())
    except OSError as error:
        raise BadInput([_fault(file, f"cannot be read: {error.strerror}")]) from error
    except (ValueError, RecursionError) as error:
        raise BadInput([_fault(file, "not JSON")]) from error
    if not isinstance(content, dict):
        raise BadInput([_fault(file, "not a JSON object")])
    return content


def folder_of(path: Path) -> Path:
    """Return the folder that a plan's files are in, from the folder or its plan.json.

    Raises
    ------
    BadInput
        When it is another file: a plan is checked with its certificate and its tables.
    """
    if path.is_dir():
        return path
    if path.name != "plan.json":
        raise BadInput([_fault(path, "not a plan's folder")])
    return path.parent


def _as_of(plan: Mapping[str, object]) -> date | None:
    stated = plan.get("as_of")
    try:
        return date.fromisoformat(stated) if isinstance(stated, str) else None
    except ValueError:
        return None  # the audit says so


def _fault(file: Path, message: str) -> Fault:
    return Fault("unreadable-plan", message, file=str(file), hint=_HINT)
