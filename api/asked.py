"""What each question over HTTP holds, and the answers that are made of several."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from allocator.desk import Desk, Now, Publication
from allocator.edit import Consequence, PlanEdit
from allocator.errors import BadInput, Fault
from allocator.fields import Day
from allocator.intake import Reading
from allocator.plan import Part, RoleName
from allocator.report import Bottleneck, Chances, Fairness, Queue
from api.schemas import PlanAnswer

Document = dict[str, JsonValue]
LONGEST = 60.0


class Asked(BaseModel):
    """What every question holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    snapshot: Document = Field(description="As for /v1/plans")
    quarantine: bool = Field(default=False, description="Read the sound rows, and leave the others out")


class _Timed(Asked):
    time_limit: Annotated[float, Field(gt=0, le=LONGEST, allow_inf_nan=False)] = Field(
        default=5.0, description="Seconds of each search"
    )
    effort: Annotated[int, Field(ge=1, le=1000)] | None = Field(
        default=None, description="A fixed amount of work instead of time"
    )
    seed: Annotated[int, Field(ge=0, lt=2**31)] = Field(default=1, description="Of the search")


class _OfPlan(_Timed):
    plan: Document = Field(description="What /v1/plans answered, or a plan.json")
    certificate: Document | None = Field(default=None, description="Its certificate.json, if it is not in it")

    def documents(self) -> tuple[Document, Document]:
        """The plan and its certificate.

        Raises
        ------
        BadInput
            There is no certificate.
        """
        inside = self.plan.get("certificate")
        proof = inside if self.certificate is None and isinstance(inside, dict) else self.certificate
        if proof is None:
            hint = "the answer of /v1/plans has it"
            raise BadInput([Fault("no-certificate", "is missing", pointer="/certificate", hint=hint)])
        return self.plan, proof


class _Published(Part):
    case_id: str
    role: RoleName = "lead"
    reviewer_id: str


class _Since(Asked):
    published: tuple[_Published, ...] = Field(
        default=(), description="Allocations that people were told of after the snapshot was taken"
    )

    @property
    def publications(self) -> list[Publication]:
        """The same as values of the desk."""
        return [Publication(one.case_id, one.role, one.reviewer_id) for one in self.published]


class _OfNow(_Since):
    top: Annotated[int, Field(ge=1, le=1000)] = Field(default=5, description="How many at most")

    def now(self, reading: Reading) -> Now:
        """What stands, publications counted."""
        return Desk(reading.snapshot).now(self.publications)


class ExplainQuestion(_OfPlan):
    """Why a case is where it is, why not a reviewer, who else at what price."""

    case_id: str
    reviewer_id: str | None = Field(default=None, description="Why not this one")
    redact: bool = Field(default=False, description="Do not tell what is on record of interests and refusals")


class LinesQuestion(_OfPlan):
    """Every line of a plan, and what anyone else would cost at least."""


class SuggestQuestion(_OfNow):
    """Who should take one case now."""

    case_id: str
    role: RoleName | None = Field(default=None, description="Default: the open place")


class NextQuestion(_OfNow):
    """What a reviewer with hours should take next."""

    reviewer_id: str


class HandoverQuestion(_Timed, _Since):
    """Who takes over from a reviewer."""

    reviewer_id: str
    first_day: Day | None = Field(default=None, description="First day without them; else the snapshot's")
    last_day: Day | None = Field(
        default=None, description="Last day without them; empty: they do not come back"
    )


class EditQuestion(_OfPlan):
    """What edits of a plan would do."""

    edits: tuple[PlanEdit, ...] = Field(min_length=1, description="Done in this order")
    make: bool = Field(default=False, description="Make the plan, if no edit breaks a rule")
    anew: bool = Field(default=False, description="Plan the rest anew around the edits")


class DiffQuestion(Asked):
    """What differs between two plans."""

    before: Document = Field(description="The earlier plan")
    after: Document = Field(description="The later plan, of the snapshot")


class ReportQuestion(_OfPlan):
    """What a plan is as a whole."""


class EditAnswer(Part):
    """What edits of a plan would do, and the plan that they make."""

    consequences: tuple[Consequence, ...]
    plan: PlanAnswer | None = Field(description="Empty if it was not asked for, or an edit breaks a rule")


class ReportAnswer(Part):
    """What a plan is as a whole."""

    queue: Queue
    bottlenecks: tuple[Bottleneck, ...] = Field(description="What ten more hours would place, most first")
    fairness: Fairness
    published: Fairness = Field(description="The same as it may be published")
    chances: Chances
