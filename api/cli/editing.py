"""`allocator edit`: a coordinator's hand in a plan."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Unpack

import click
from pydantic import TypeAdapter, ValidationError

from allocator.allocate import PlanRequest
from allocator.answer import answer_of
from allocator.edit import Consequence, Draft, PlanEdit, edited, try_edits
from allocator.errors import BadInput, Fault
from allocator.export import write_plan
from allocator.planned import Planned
from allocator.voice import listed
from api import clock
from api.cli import options, screen, show
from api.cli.faults import Exit
from api.cli.planfile import read_again, read_plan, sure_certificate

KINDS = ("take_back", "forbid", "swap", "give", "pin")
"""The order in which edits of a command line are done: first those that make room."""
SECOND = ":second"


class _Asked(options.Again):
    take_back: tuple[str, ...]
    forbid: tuple[str, ...]
    swap: tuple[str, ...]
    give: tuple[str, ...]
    pin: tuple[str, ...]
    edits: Path | None
    anew: bool
    time_limit: float
    effort: int | None
    seed: int
    workers: int | None


@click.command("edit", short_help="Change lines of a plan by hand, and see what follows.")
@options.SNAPSHOT
@options.PLAN
@click.option("--give", multiple=True, metavar="CASE=R", help="Give a place to R. CASE:second is its second.")
@click.option("--take-back", multiple=True, metavar="CASE", help="Leave a place empty.")
@click.option("--swap", multiple=True, metavar="CASE=CASE", help="Let whoever has two places change them.")
@click.option("--pin", multiple=True, metavar="CASE", help="Keep a place as it is, with --anew.")
@click.option("--forbid", multiple=True, metavar="CASE=R", help="Keep a place from R.")
@click.option("--edits", type=options.A_PATH, metavar="FILE", help="A JSON list of edits, done first.")
@click.option("--anew", is_flag=True, help="Plan the rest anew around the edits; else it stays as it is.")
@options.OUT
@options.TIME_LIMIT
@options.EFFORT
@options.WORKERS
@options.SEED
@options.POLICY
@options.QUARANTINE
@options.JSON
def command(snapshot: Path, plan: Path, out: Path | None, as_json: bool, **how: Unpack[_Asked]) -> None:
    """Say of each edit of PLAN which rule it breaks, what it costs and what follows; --out makes the plan.

    Nothing is done if any edit breaks a rule: then the exit code is 1.
    """
    content = read_plan(plan)
    reading = read_again(snapshot, content, how)
    draft = Draft(Planned.of(reading.snapshot, content, sure_certificate(plan, content)))
    edits = [*_of_file(how["edits"]), *_of_options(how)]
    if not edits:
        raise click.UsageError("give at least one edit, such as --give C1=R2")
    told = try_edits(draft, edits)[1]
    broken = any(one.broken for one in told)
    if out is None or broken:
        if as_json:
            screen.document({"consequences": [one.as_document() for one in told]})
        else:
            screen.say(*(line for one in told for line in lines(one)))
        if broken:
            raise click.exceptions.Exit(Exit.FAILED)
        return
    request = PlanRequest(how["time_limit"], how["effort"], workers=how["workers"], seed=how["seed"])
    allocation, told = edited(reading, draft, edits, request, clock.now, how["anew"])
    out.mkdir(parents=True, exist_ok=True)
    write_plan(allocation, out)
    if as_json:
        screen.document(
            answer_of(reading, allocation) | {"consequences": [one.as_document() for one in told]}
        )
        return
    screen.say(*(line for one in told for line in lines(one)))
    show.summary(allocation.plan, out)


def lines(told: Consequence) -> Iterator[str]:
    """Yield what one edit does, as lines of text."""
    name = _named(told.edit)
    if told.broken:
        for one in told.broken:
            whose = f"{one.reviewer_id} as {one.role} of {one.case_id}"
            yield f"{name}: breaks `{one.rule}`. {whose}: {one.sentence}."
        return
    points = [f"{more:+,} {level}" for level, more in (told.points or {}).items() if more]
    yield f"{name}: {', '.join(points) or 'no points'}. {' '.join(told.follows)}".rstrip()


def _named(edit: PlanEdit) -> str:
    values: dict[str, Any] = edit.model_dump()
    if edit.edit == "rearrange":
        each = (f"{_place(one.case_id, one.role)} to {one.reviewer_id or 'nobody'}" for one in edit.seats)
        return f"rearrange {listed(tuple(each))}"
    place = _place(values["case_id"], values["role"])
    if "other_case_id" in values:
        return f"swap {place} and {_place(values['other_case_id'], values['other_role'])}"
    who = f" to {values['reviewer_id']}" if edit.edit == "give" else ""
    who = f" to be {values['reviewer_id']}'s" if edit.edit == "forbid" else who
    return f"{edit.edit.replace('_', ' ')} {place}{who}"


def _place(case_id: str, role: str) -> str:
    return case_id if role == "lead" else f"the second place of {case_id}"


def _of_file(path: Path | None) -> list[PlanEdit]:
    """The edits of a file.

    Raises
    ------
    BadInput
        It cannot be read, or holds something else: every such place.
    """
    if path is None:
        return []
    try:
        return TypeAdapter(list[PlanEdit]).validate_python(json.loads(path.read_bytes()))
    except OSError as error:
        raise BadInput([Fault("unreadable", f"cannot be read: {error.strerror}", file=path.name)]) from error
    except ValidationError as error:
        raise BadInput(
            [
                Fault("bad-edit", one["msg"], path.name, pointer="/" + "/".join(map(str, one["loc"])))
                for one in error.errors(include_url=False)
            ]
        ) from error
    except (ValueError, RecursionError) as error:
        raise BadInput([Fault("broken-json", "not JSON", file=path.name)]) from error


def _of_options(how: _Asked) -> Iterator[PlanEdit]:
    """Yield the edits of the command line."""
    read = TypeAdapter[PlanEdit](PlanEdit).validate_python
    for kind in KINDS:
        for text in how[kind]:  # type: ignore[literal-required]
            first, equals, second = str(text).partition("=")
            if bool(equals) != (kind in ("give", "forbid", "swap")) or not first or (equals and not second):
                shape = {"swap": "CASE=CASE", "give": "CASE=R", "forbid": "CASE=R"}.get(kind, "CASE")
                raise click.UsageError(f"--{kind.replace('_', '-')} takes {shape}, and not {text}")
            values = {"edit": kind, **_seat(first)}
            if kind == "swap":
                values |= {f"other_{key}": value for key, value in _seat(second).items()}
            elif equals:
                values["reviewer_id"] = second
            yield read(values)


def _seat(text: str) -> dict[str, str]:
    """Case and role of `C1` or `C1:second`."""
    if text.endswith(SECOND):
        return {"case_id": text.removesuffix(SECOND), "role": "second"}
    return {"case_id": text, "role": "lead"}
