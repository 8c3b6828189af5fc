"""`allocator`, with a clock that can be set back: what is in CLOCK_FILE, in seconds, is added to the time."""

import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

from api import clock

OFFSET = Path(os.environ["CLOCK_FILE"])


def shifted() -> datetime:
    """The present moment as this machine's clock has it."""
    try:
        seconds = float(OFFSET.read_text("ascii"))
    except (OSError, ValueError):  # it is being written, or not there
        seconds = 0.0
    return datetime.now(clock.LONDON) + timedelta(seconds=seconds)


clock.now = shifted

if __name__ == "__main__":
    from api.cli import main

    sys.exit(main())
