"""What is said of an id that nothing has."""

from __future__ import annotations

from collections.abc import Collection

from allocator.errors import Fault
from allocator.intake.findings import did_you_mean


def unknown(kind: str, asked: str, known: Collection[str]) -> Fault:
    """The fault of asking for a `kind` (case, reviewer) that the snapshot does not have."""
    near = did_you_mean(asked, tuple(known))
    hint = f"did you mean `{near}`?" if near else None
    return Fault(f"unknown-{kind}", f"the snapshot has no such {kind}", value=asked, hint=hint)
