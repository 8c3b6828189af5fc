"""Ctrl-C: of a plan the first asks for the best so far, the second ends; what serves ends in good order."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from time import monotonic
from types import FrameType
from typing import TypeVar

from api.cli.faults import Exit

T = TypeVar("T")
_AGAIN_AFTER_SECONDS = 0.1
ONE_PRESS_SECONDS = 0.2
"""Two signals so close are one Ctrl-C: `timeout` signals a command, and its group with it once more."""


def cancellable(work: Callable[[Callable[[], bool]], T]) -> T:
    """Return what `work(cancelled)` returns; after a Ctrl-C `cancelled()` is true.

    The work runs beside the main thread, for Python hears a Ctrl-C in the main thread alone, and not before
    it comes back from a solver.
    """
    asked = threading.Event()
    with ThreadPoolExecutor(1, "plan") as beside, _Listening(asked):
        future: Future[T] = beside.submit(work, asked.is_set)
        while not future.done():
            wait([future], _AGAIN_AFTER_SECONDS)  # a wait without an end would keep Windows from hearing
        return future.result()


@contextmanager
def until_told(ended: threading.Event) -> Iterator[None]:
    """While entered, Ctrl-C or being asked to end (SIGTERM) sets `ended`, and nothing else happens."""

    def hear(*_: object) -> None:
        ended.set()

    before = {one: signal.signal(one, hear) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


class _Listening:
    """While entered, Ctrl-C is ours; only the main thread may say so, elsewhere nothing changes."""

    def __init__(self, asked: threading.Event) -> None:
        self._asked = asked
        self._first = 0.0
        self._is_main = threading.current_thread() is threading.main_thread()

    def __enter__(self) -> None:
        if self._is_main:
            self._before = signal.signal(signal.SIGINT, self._hear)

    def __exit__(self, *_: object) -> None:
        if self._is_main:
            signal.signal(signal.SIGINT, self._before)

    def _hear(self, signum: int, frame: FrameType | None) -> None:
        heard = monotonic()
        if self._asked.is_set():
            if heard - self._first < ONE_PRESS_SECONDS:
                return
            sys.stderr.write("\nstopped\n")
            sys.stderr.flush()
            os._exit(Exit.STOPPED)  # the solver's threads cannot be ended otherwise
        self._first = heard
        self._asked.set()
        sys.stderr.write("\nstopping; the best plan so far follows (Ctrl-C again: stop without it)\n")
        sys.stderr.flush()
