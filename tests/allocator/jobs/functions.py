"""Job functions that do something else than plan: they are imported by the child process."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from allocator.jobs.work import Result, Task, work
from allocator.store import Database, import_tables
from tests.allocator.store.build import DAY, NOW, case

Tell, Stopped = Callable[[dict[str, Any]], None], Callable[[], bool]


def dies(task: Task, tell: Tell, stopped: Stopped) -> Result:
    """Nothing: its process ends without a word."""
    os._exit(9)


def eats(task: Task, tell: Tell, stopped: Stopped) -> Result:
    """Nothing: it takes more and more memory."""
    held = []
    while True:
        held.append(bytearray(50_000_000))
        time.sleep(0.05)


def tells_how_nice(task: Task, tell: Tell, stopped: Stopped) -> Result:
    """How nice its process is, as a problem."""
    return Result(problem={"code": "nice", "detail": str(os.nice(0))})


def waits(task: Task, tell: Tell, stopped: Stopped) -> Result:
    """The problem `stopped`, once somebody wants it to stop; its process is known by a file."""
    Path(str(task.options["folder"])).joinpath(f"{os.getpid()}").touch()
    tell({"seconds": 0.5, "working_on": "unallocated", "levels": {}})
    while not stopped():
        time.sleep(0.02)
    return Result(problem={"code": "stopped", "detail": "As was wanted."})


def busy(task: Task, tell: Tell, stopped: Stopped) -> Result:
    """Nothing: it hears nobody."""
    Path(str(task.options["folder"])).joinpath(f"{os.getpid()}").touch()
    while True:
        pass


def meddles(task: Task, tell: Tell, stopped: Stopped) -> Result:
    """The plan, after which a case is told of in other words."""
    result, database = work(task, tell, stopped), Database(task.url)
    with database.write("key:other", lambda: NOW + timedelta(seconds=1)) as tx:
        import_tables(tx, {"cases": [case("C1", notified_on="2026-08-03")]}, DAY)
    database.close()
    return result
