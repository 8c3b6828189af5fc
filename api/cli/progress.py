"""How far a plan has come, on standard error: a bar on a terminal, a line every few seconds elsewhere."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from solver.outcome import Progress, level_gap

LEVELS = ("unallocated", "late", "cost")
EVERY_SECONDS = 3.0
UNKNOWN = 2**62
"""What a level's value is before there is a plan."""


class Listener(Protocol):
    """Hears of a plan's progress, from whatever thread."""

    def __call__(self, news: Progress) -> None:
        """Take one piece of news."""


def sentence(news: Progress) -> str:
    """Return the level worked on with its value, its bound and its gap."""
    value, bound = news.values[news.level], news.bounds[news.level]
    if value >= UNKNOWN:
        return f"{LEVELS[news.level]}: no plan yet, bound {bound:,}"
    gap = 100 * level_gap(value, bound, news.fixed[news.level])
    return f"{LEVELS[news.level]}: {value:,}, bound {bound:,}, gap {gap:.1f} %"


class Lines:
    """One line every few seconds, and one when another level begins."""

    def __init__(self) -> None:
        self._due, self._level = 0.0, -1
        self._lock = threading.Lock()

    def __call__(self, news: Progress) -> None:
        """Print the news if a line is due."""
        with self._lock:
            if news.seconds < self._due and news.level == self._level:
                return
            self._due, self._level = news.seconds + EVERY_SECONDS, news.level
            print(f"{news.seconds:6.0f} s  {sentence(news)}", file=sys.stderr, flush=True)  # noqa: T201


@contextmanager
def shown(seconds: float | None) -> Iterator[Listener]:
    """Yield what hears the progress and shows it; `seconds` is the time limit, None if work is the limit."""
    if not sys.stderr.isatty():
        yield Lines()
        return
    columns = (BarColumn(bar_width=20), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("reading", total=seconds)
        yield lambda news: bars.update(task, completed=news.seconds, description=sentence(news))
