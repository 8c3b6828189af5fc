"""How many examples a property really had: draws that are thrown away are none."""

from __future__ import annotations

import re
from typing import Final

from hypothesis import settings

DEAR: Final = 40
PASSING = re.compile(r"- (\d+) passing")
EXHAUSTED = "Stopped because nothing left to do"


def dear() -> settings:
    """Fewer examples for a property each of which plans more than once; as many as any in the slow set."""
    usual, everyday = settings(), settings.get_profile("default")
    return settings(max_examples=DEAR if usual.max_examples == everyday.max_examples else usual.max_examples)


def wanted_of(test: object) -> int:
    """How many examples a property is to have."""
    own = getattr(test, "_hypothesis_internal_use_settings", None)
    return (own or settings()).max_examples


def too_few(statistics: str, wanted: int) -> bool:
    """Whether hypothesis tells of fewer examples than were wanted, though there would have been more."""
    counted = PASSING.findall(statistics)
    return bool(counted) and sum(map(int, counted)) < wanted and EXHAUSTED not in statistics
