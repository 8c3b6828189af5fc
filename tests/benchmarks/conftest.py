"""What these tests do without."""

import time
from collections.abc import Callable
from typing import TypeVar

import pytest

from benchmarks import _alone, _snapshots, allocation, desk, gap, reading
from benchmarks._apart import Measured

T = TypeVar("T")


@pytest.fixture(autouse=True)
def _lukewarm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is measured here, so the cache need not be warm."""
    monkeypatch.setattr(_alone, "_warm_cache", lambda: None)


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is measured runs in this process: for tests of what is told of it. test_apart is of processes."""
    for module in (_alone, _snapshots, allocation, desk, gap, reading):
        monkeypatch.setattr(module, "apart", _here)


def _here(work: Callable[..., T], *arguments: object) -> Measured[T]:
    began, cpu = time.perf_counter(), time.process_time()
    value = work(*arguments)
    return Measured(value, time.perf_counter() - began, time.process_time() - cpu, 100.0)
