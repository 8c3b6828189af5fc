"""Calls for what came of scenarios: as figures, as files, and beside each other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from allocator.store import jobs
from allocator.store.jobs import OTHER, Job
from api.calls import Call, Reply, Route
from api.downloads import download, media
from api.errors import Refusal
from api.roles import STAFF_AND_COMMISSIONERS
from api.scenariojobs import ONE, ScenarioJob, readable, told
from api.stored import Body
from api.work import SIZE
from scenarios.answers import ScenarioAnswer, VariantAnswer
from scenarios.estimates import short
from scenarios.files import scenario_of
from scenarios.fill import Filled, Kept
from scenarios.report import page, size_page, write_sizes, write_workbook
from scenarios.sizing import Sized

MOST_COMPARED = 4


class AsAsked(Body):
    """A scenario as it was asked for, or as it was filled in and run."""

    job: ScenarioJob
    scenario: dict[str, JsonValue] = Field(description="With every default")
    filled: tuple[Filled, ...] = Field(default=(), description="What was filled in, and where it is from")
    kept: tuple[Kept, ...] = Field(default=(), description="What was not filled in, and why")


class Result(AsAsked):
    """What came of it."""

    answer: ScenarioAnswer | Sized


class Format(BaseModel):
    """As which file."""

    model_config = ConfigDict(frozen=True)

    format: Literal["html", "xlsx"] = Field(default="html")


class Others(BaseModel):
    """With which others."""

    model_config = ConfigDict(frozen=True)

    others: str = Field(
        default="",
        pattern=r"^[0-9a-f,]{0,64}$",
        description=f"ids, commas between, {MOST_COMPARED - 1} at most",
    )


class Compared(Body):
    """One variant in a line, or how many are needed."""

    job: str
    scenario: str
    variant: str
    says: str
    completed_in_time: float | None = Field(description="Share, of the cases that the target is of")
    target: float | None
    chance: float | None = Field(description="Of a year that meets the target; of a size: all targets")
    cleared_by: date | None = Field(description="By then nobody is overdue in nine runs of ten")
    cleared_chance: float | None = Field(description="Of nobody being overdue before the run ends")
    open_at_end: float | None
    cost_a_year: float
    cost_a_review: float | None


class Comparison(Body):
    """Variants of several scenarios beside each other."""

    items: tuple[Compared, ...]


@dataclass(frozen=True)
class _Document:
    """What is kept of a scenario that has ended, or was asked for."""

    scenario: dict[str, JsonValue]
    notes: dict[str, JsonValue]
    answer: JsonValue = None


def routes() -> tuple[Route, ...]:
    """The calls."""
    return (
        Route("GET", f"{ONE}/document", "scenario-document", "A scenario as it was asked for, to change it",
              STAFF_AND_COMMISSIONERS, _asked, AsAsked),
        Route("GET", f"{ONE}/result", "scenario-result", "What a scenario says", STAFF_AND_COMMISSIONERS,
              _result, Result),
        Route("GET", f"{ONE}/report", "scenario-report", "The same as a page or workbook",
              STAFF_AND_COMMISSIONERS, _report, Result, query=Format, files=media("html", "xlsx")),
        Route("GET", f"{ONE}/comparison", "compare-scenarios", "Variants of up to four scenarios, in a line",
              STAFF_AND_COMMISSIONERS, _compare, Comparison, query=Others),
    )  # fmt: skip


def _asked(call: Call) -> Reply:
    job = readable(call, call.path["job"])
    found = _document(call, job)
    if found is None:
        raise Refusal(404, "not-found", "It is not kept what was asked: it failed, or was forgotten.")
    said = {"job": told(call, job), "scenario": found.scenario, **found.notes}
    return Reply(AsAsked.model_validate(said))


def _result(call: Call) -> Reply:
    return Reply(_told(call, call.path["job"]))


def _report(call: Call) -> Reply:
    found = _told(call, call.path["job"])
    kind: Literal["html", "xlsx"] = call.query.format
    content = _page(found) if kind == "html" else _workbook(found)
    return download(found, content, kind, "scenario")


def _page(found: Result) -> bytes:
    scenario, answer = scenario_of(found.scenario), found.answer
    text = size_page(scenario, answer) if isinstance(answer, Sized) else page(scenario, answer)
    return text.encode()


def _workbook(found: Result) -> bytes:
    scenario, answer, out = scenario_of(found.scenario), found.answer, BytesIO()
    if isinstance(answer, Sized):
        write_sizes(scenario, answer, out)
    else:
        write_workbook(scenario, answer, out)
    return out.getvalue()


def _compare(call: Call) -> Reply:
    ids = [call.path["job"], *filter(None, call.query.others.split(","))]
    if len(ids) > MOST_COMPARED:
        raise Refusal(422, "bad-parameter", f"Up to {MOST_COMPARED} scenarios can be compared.")
    return Reply(Comparison(items=tuple(row for one in ids for row in _lines(call, one))))


def _lines(call: Call, job_id: str) -> Iterator[Compared]:
    found = _told(call, job_id).answer
    if isinstance(found, ScenarioAnswer):
        yield from (_line(job_id, found.scenario, one) for one in found.variants)
    else:
        yield _size_line(job_id, found)


def _line(job_id: str, scenario: str, one: VariantAnswer) -> Compared:
    rows = [row for row in one.areas[0].in_time if row.end == "completed"]
    completed = next((row for row in rows if row.target is not None), rows[0])
    whole = one.areas[0]
    return Compared(
        job=job_id,
        scenario=scenario,
        variant=one.name,
        says=one.says,
        completed_in_time=completed.share.mean if completed.share else None,
        target=completed.target,
        chance=completed.chance,
        cleared_by=whole.clearance.sure_day,
        cleared_chance=whole.clearance.chance,
        open_at_end=whole.at_end.mean,
        cost_a_year=one.money.a_year.mean,
        cost_a_review=one.money.a_review,
    )


def _size_line(job_id: str, found: Sized) -> Compared:
    at, clear = found.steady.at, found.clearing
    completed = next((row for row in at.shares if row.end == "completed"), None)
    return Compared(
        job=job_id,
        scenario=found.scenario,
        variant=f"{short(at.wte):g} WTE: how many are needed",
        says=found.says,
        completed_in_time=completed.share.mean if completed and completed.share else None,
        target=completed.target if completed else None,
        chance=at.chance,
        cleared_by=None,
        cleared_chance=clear.chance if clear else None,
        open_at_end=None,
        cost_a_year=at.cost,
        cost_a_review=None,
    )


def _told(call: Call, job_id: str) -> Result:
    """What came of a scenario.

    Raises
    ------
    Refusal
        404 while there is nothing to tell.
    """
    job = readable(call, job_id)
    found = _document(call, job)
    if found is None or found.answer is None:
        raise Refusal(404, "not-found", "There is no result: it is still to come, or it failed.")
    kind = Sized if job.wish.options[OTHER] == SIZE else ScenarioAnswer
    answer = kind.model_validate(found.answer)
    said = {"job": told(call, job), "scenario": found.scenario, "answer": answer, **found.notes}
    return Result.model_validate(said)


def _document(call: Call, job: Job) -> _Document | None:
    """What is kept: of one that has ended with its answer, else as it was asked for; None: nothing."""
    text = jobs.answer_of(call.connection, job.job_id)
    if text is not None:
        kept = json.loads(text)
        notes = {name: kept[name] for name in ("filled", "kept") if name in kept}
        return _Document(_whole(kept["scenario"]), notes, kept.get("answer"))
    return None if job.wish.snapshot is None else _Document(_whole(json.loads(job.wish.snapshot)), {})


def _whole(scenario: dict[str, JsonValue]) -> dict[str, JsonValue]:
    """The scenario with every default."""
    return scenario_of(scenario).model_dump(mode="json")
