"""How many examples a property really had: draws that are thrown away are none."""

from __future__ import annotations

import re

PASSING = re.compile(r"- (\d+) passing")
EXHAUSTED = "Stopped because nothing left to do"


def too_few(statistics: str, wanted: int) -> bool:
    """Whether hypothesis tells of fewer examples than were wanted, though there would have been more."""
    counted = PASSING.findall(statistics)
    return bool(counted) and sum(map(int, counted)) < wanted and EXHAUSTED not in statistics
