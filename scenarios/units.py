"""Days and hours that scenarios count in, each said once."""

from __future__ import annotations

from typing import Final

WEEK: Final = 7.0
YEAR: Final = 365.25
MONTH: Final = YEAR / 12
WEEKS_A_YEAR: Final = YEAR / WEEK
FULL_TIME: Final = 37.5
"""Hours a week of a full-time post."""
