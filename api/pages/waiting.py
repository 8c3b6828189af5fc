"""What a page tells of a job that waits: whether anybody works on it, or on others before it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

LONG_WAIT: Final = timedelta(seconds=20)
"""So long a job waits where nobody works on any before it is said that no worker runs."""


def nobody_works(job: Mapping[str, Any], now: datetime) -> bool:
    """Whether a job that is not done waits for a worker that does not run, or was left by one."""
    if job["state"] not in ("queued", "running") or job["running"]:
        return False
    waited = now - datetime.fromisoformat(job["made_at"])
    return job["state"] == "running" or waited > LONG_WAIT
