"""An earlier plan to begin from: who had which place, and the level-1 prices of its certificate, by id.

It may be of another snapshot and another day. Nothing in it binds a plan: what no longer fits is left out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from allocator.errors import BadInput, Fault
from allocator.plan import Change, LevelCertificate, RoleName
from allocator.written import Seat

HINT = "the folder that `plan --out` wrote, or the document that `plan --json` gave"


class _Said(BaseModel):
    """What is read of a document; the rest of it does not matter here."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _Given(_Said):
    case_id: str
    role: RoleName
    reviewer_id: str
    change: Change


class _Empty(_Said):
    case_id: str
    role: RoleName
    reason_code: str


class _Plan(_Said):
    plan_id: str
    assignments: tuple[_Given, ...]
    unassigned: tuple[_Empty, ...]


class _Levels(_Said):
    unallocated: LevelCertificate


class _Certificate(_Said):
    plan_id: str
    unit: Literal[1000] = 1000
    levels: _Levels


@dataclass(frozen=True)
class Previous:
    """What is used of an earlier plan.

    Parameters
    ----------
    plan_id : the earlier plan's
    reviewer_of : by case and role, who had the place
    priced : the places that were open in it and not on hold: each has a price, be it 0
    level : level 1 of its certificate, in thousandths of a point
    """

    plan_id: str
    reviewer_of: Mapping[Seat, str]
    priced: frozenset[Seat]
    level: LevelCertificate

    @staticmethod
    def of(plan: object, certificate: object) -> Previous:
        """Return what is used of a plan's document and its certificate's.

        Raises
        ------
        BadInput
            If either is not what it is said to be, or the certificate is another plan's.
        """
        said, proof = _read(_Plan, plan, "plan.json"), _read(_Certificate, certificate, "certificate.json")
        if proof.plan_id != said.plan_id:
            message = f"is of plan {proof.plan_id}, and plan.json is plan {said.plan_id}"
            raise BadInput([Fault("other-certificate", message, file="certificate.json", hint=HINT)])
        had = {(one.case_id, one.role): one.reviewer_id for one in said.assignments}
        were_open = {(one.case_id, one.role) for one in said.assignments if one.change != "kept"}
        were_open |= {(one.case_id, one.role) for one in said.unassigned if one.reason_code != "on_hold"}
        return Previous(said.plan_id, had, frozenset(were_open), proof.levels.unallocated)

    @cached_property
    def fingerprint(self) -> str:
        """The SHA-256 of all that is used: found in a time, two plans of one id can differ."""
        used = [self.plan_id, sorted(self.reviewer_of.items()), sorted(self.priced)]
        text = json.dumps([used, self.level.model_dump(mode="json")], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


Document = TypeVar("Document", bound=_Said)


def _read(kind: type[Document], document: object, name: str) -> Document:
    """Return the document as what is read of it; every place where it is otherwise is a fault."""
    try:
        return kind.model_validate(document)
    except ValidationError as error:
        faults = [
            Fault(
                "unreadable-plan", one["msg"], name, pointer="/" + "/".join(map(str, one["loc"])), hint=HINT
            )
            for one in error.errors(include_url=False)
        ]
        raise BadInput(faults) from error
