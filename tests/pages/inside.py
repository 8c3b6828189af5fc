"""Jobs done in a thread of this process: what another process takes to begin would be most of a journey."""

from __future__ import annotations

import threading
from collections.abc import Callable

from allocator.jobs.child import ChildDied
from allocator.jobs.work import Json, Result, Task


class Inside:
    """What a runner's child is, without a process of its own."""

    def __init__(self, task: Task, do: Callable[..., Result]) -> None:
        self.progress: Json | None = None
        self._stopped = threading.Event()
        self._found: list[Result] = []
        self._thread = threading.Thread(target=self._run, args=(task, do), daemon=True)
        self._thread.start()

    def wait(self, seconds: float) -> Result | None:
        """The result, if there is one within so many seconds."""
        self._thread.join(seconds)
        if not self._found and not self._thread.is_alive():
            raise ChildDied("it broke; the thread says how")
        return self._found[0] if self._found else None

    def stop(self) -> None:
        """Nothing; the work ends as soon as it can."""
        self._stopped.set()

    def memory(self) -> int:
        """Bytes of its own: none."""
        return 0

    def kill(self) -> None:
        """Nothing; the work has ended."""
        self._stopped.set()
        self._thread.join()

    def _run(self, task: Task, do: Callable[..., Result]) -> None:
        self._found.append(do(task, self._tell, self._stopped.is_set))

    def _tell(self, progress: Json) -> None:
        self.progress = progress
