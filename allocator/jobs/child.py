"""A process of its own for one job: it can be stopped, limited and killed, and dies with its parent."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from allocator.jobs.work import Json, Result, Task, work

ORPHANED, MEGABYTE = 70, 1024 * 1024
NEWS_EVERY_SECONDS = 0.5
GIVES_WAY = 10
"""So much nicer a plan is to other processes: whoever calls the service waits, and a plan has its time."""
_spawn = multiprocessing.get_context("spawn")


class ChildDied(RuntimeError):  # noqa: N818 - what happened, in the words of the domain
    """The process ended without a word: it was killed, or it broke."""


class Child:
    """One job in a process of its own.

    Parameters
    ----------
    do : the job function; its process imports the module that it is in
    """

    def __init__(self, task: Task, do: Callable[..., Result] = work) -> None:
        self._line, theirs = _spawn.Pipe()
        self._process = _spawn.Process(target=_main, args=(theirs, task, do), daemon=True)
        self._process.start()
        theirs.close()  # else nobody would see that the other end is gone
        self.progress: Json | None = None

    @property
    def pid(self) -> int:
        """The number of the process."""
        assert self._process.pid is not None
        return self._process.pid

    def wait(self, seconds: float) -> Result | None:
        """The result, if there is one within so many seconds; `progress` is the newest that was told.

        Raises
        ------
        ChildDied
            There will be none.
        """
        until = time.monotonic() + seconds
        while self._line.poll(max(0.0, until - time.monotonic())):
            try:
                word, content = self._line.recv()
            except (EOFError, OSError) as error:
                raise ChildDied(f"exit code {self._process.exitcode}") from error
            if word == "result":
                return Result(**content)
            self.progress = content
        return None

    def stop(self) -> None:
        """Nothing; the process ends its search as soon as it can and gives its best."""
        with contextlib.suppress(OSError):
            self._line.send("stop")

    def memory(self) -> int:
        """Bytes that the process holds now; 0 where the system does not say."""
        try:
            pages = Path(f"/proc/{self.pid}/statm").read_text(encoding="ascii").split()[1]
        except (OSError, IndexError):
            return 0
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def kill(self) -> None:
        """Nothing; the process is gone."""
        self._process.kill()
        self._process.join()
        self._line.close()


def _main(line: Connection[Any, Any], task: Task, do: Callable[..., Result]) -> None:
    """Do the job and say what came of it; without a parent there is nobody to do it for."""
    stopped, lock, told = threading.Event(), threading.Lock(), 0.0

    def listen() -> None:
        try:
            while line.recv() != "stop":
                pass
            stopped.set()
            line.recv()
        except (EOFError, OSError):
            os._exit(ORPHANED)

    def say(word: str, content: Json) -> None:
        with lock, contextlib.suppress(OSError):
            line.send((word, content))

    def tell(progress: Json) -> None:
        nonlocal told
        if not progress["levels"] or time.monotonic() - told >= NEWS_EVERY_SECONDS:
            told = time.monotonic()
            say("progress", progress)

    give_way = getattr(os, "nice", None)  # there is none on Windows
    if give_way is not None:
        give_way(GIVES_WAY)
    threading.Thread(target=listen, daemon=True).start()
    say("result", vars(do(task, tell, stopped.is_set)))
