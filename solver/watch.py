"""Doing something again and again beside what runs, such as stopping somebody else's solver from outside."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

POLL_SECONDS = 0.05


@contextmanager
def repeatedly(action: Callable[[], object], seconds: float) -> Iterator[None]:
    """While the block runs, do something every so many seconds, in a thread of its own."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(seconds):
            action()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def watched(stopped: Callable[[], bool], stop: Callable[[], object]) -> AbstractContextManager[None]:
    """While the block runs, call `stop` whenever `stopped` is true.

    It is called again and again: a stop that comes before the solver has begun would be lost if told once.
    """
    return repeatedly(lambda: stopped() and stop(), POLL_SECONDS)
