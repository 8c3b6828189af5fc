"""What `POST /v1/plans` takes in its query and gives as its answer."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from allocator.allocate import PlanRequest
from allocator.intake import Rejected
from allocator.plan import Certificate, Plan


class PlanQuery(BaseModel):
    """How far to search, and what may be moved."""

    model_config = ConfigDict(frozen=True)

    time_limit: float | None = Field(
        default=None, gt=0, le=3600, allow_inf_nan=False, description="seconds to search; default: the wait"
    )
    effort: int | None = Field(
        default=None,
        ge=1,
        le=1000,
        description="a fixed amount of work instead of time: the same plan anywhere",
    )
    gap: float = Field(
        default=0, ge=0, le=100, allow_inf_nan=False, description="per cent: stop a level at this proved gap"
    )
    max_moves: int = Field(
        default=0, ge=0, le=100_000, description="held cases that may change hands by choice"
    )
    seed: int = Field(default=1, ge=0, lt=2**31, description="of the search")
    workers: int = Field(
        default=1, ge=1, le=256, description="processors to use, as far as the server has them"
    )
    quarantine: bool = Field(default=False, description="plan the sound rows; `rejected` lists the others")

    def request(self, seconds: float, workers: int) -> PlanRequest:
        """The same, for the allocator, with so many seconds and at most so many workers."""
        return PlanRequest(
            time_limit=min(self.time_limit or seconds, seconds),
            effort=self.effort,
            gap=self.gap,
            max_moves=self.max_moves,
            workers=min(self.workers, workers),
            seed=self.seed,
        )


class PlanAnswer(Plan):
    """plan.json, with what stands in the files beside it."""

    certificate: Certificate = Field(description="certificate.json: the prices that prove the bound")
    rejected: tuple[Rejected, ...] = Field(description="rows left out under `quarantine`")
