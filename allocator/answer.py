"""A plan as one JSON document: what the service answers, what `plan --json` prints, what a job keeps."""

from __future__ import annotations

import json
from dataclasses import asdict

from allocator.allocate import Allocation
from allocator.intake import Reading


def answer_of(reading: Reading, allocation: Allocation) -> dict[str, object]:
    """The content of plan.json, with the certificate and the rows that quarantine left out beside it."""
    plan, certificate = allocation.documents
    return plan | {
        "certificate": certificate,
        "rejected": [
            asdict(row) | {"faults": [fault.as_dict() for fault in row.faults]} for row in reading.rejected
        ],
    }


def as_text(answer: dict[str, object]) -> str:
    """The JSON text of an answer, on one line."""
    return json.dumps(answer, ensure_ascii=False, allow_nan=False)
