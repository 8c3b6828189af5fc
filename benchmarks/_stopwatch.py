"""Times the steps inside a function that is measured whole."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from types import ModuleType
from typing import Any
from unittest.mock import patch


class Stopwatch:
    """Adds up wall seconds by step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time the body, also when it fails."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - began

    @contextmanager
    def around(self, module: ModuleType, *names: str) -> Iterator[None]:
        """Time each call of these functions that the module makes: the product itself is what is measured."""
        with ExitStack() as stack:
            for name in names:
                stack.enter_context(patch.object(module, name, self._timed(name, getattr(module, name))))
            yield

    def _timed(self, name: str, function: Any) -> Any:
        @wraps(function)
        def timed(*arguments: Any, **named: Any) -> Any:
            with self.step(name):
                return function(*arguments, **named)

        return timed
