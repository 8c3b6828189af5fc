"""Stopping a solver of somebody else's from outside, while it runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

POLL_SECONDS = 0.05


@contextmanager
def watched(stopped: Callable[[], bool], stop: Callable[[], object]) -> Iterator[None]:
    """While the block runs, call `stop` whenever `stopped` is true.

    It is called again and again: a stop that comes before the solver has begun would be lost if told once.
    """
    done = threading.Event()

    def watch() -> None:
        while not done.wait(POLL_SECONDS):
            if stopped():
                stop()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
