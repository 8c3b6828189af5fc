"""Runs a piece of work in a process of its own, so that its memory and its caches are nobody else's."""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Generic, TypeVar

from benchmarks._memory import TreeWatch, own_peak_mb

T = TypeVar("T")


@dataclass(frozen=True)
class Measured(Generic[T]):
    """What the work returned, None if its process died; and what the whole process took.

    Parameters
    ----------
    seconds : wall seconds from the process's start to its end
    cpu_seconds, peak_mb : of the process and its children together; None where they are not known
    """

    value: T | None
    seconds: float
    cpu_seconds: float | None
    peak_mb: float | None


def apart(work: Callable[..., T], *arguments: object) -> Measured[T]:
    """Return what `work(*arguments)` gives in a process started afresh, and what it took.

    Raises
    ------
    RuntimeError
        The work failed; with its traceback.
    """
    context, watch, began = get_context("spawn"), TreeWatch(), time.perf_counter()
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_measured, args=(there, work, arguments))
    process.start()
    there.close()
    with watch.on(process.pid or 0):
        told: Told[T] | None = _hear(here)
        process.join()
    seconds = time.perf_counter() - began
    if told is None:
        return Measured(None, seconds, None, None)
    value, fault, cpu_seconds, peak_mb = told
    if fault:
        raise RuntimeError(fault)
    return Measured(value, seconds, cpu_seconds, None if peak_mb is None else max(peak_mb, watch.most_mb))


Told = tuple[T | None, str, float, float | None]


def _hear(connection: Connection) -> Told[T] | None:
    """Return what a process tells; None if it dies before it has told anything."""
    try:
        told: Told[T] = connection.recv()
    except EOFError:
        return None
    return told


def _measured(connection: Connection, work: Callable[..., T], arguments: tuple[object, ...]) -> None:
    value, fault = None, ""
    try:
        value = work(*arguments)
    except MemoryError:
        os._exit(1)  # as if the system had ended it
    except Exception:  # noqa: BLE001 - whatever it is, it is told, and raised where it was asked for
        fault = traceback.format_exc()
    connection.send((value, fault, sum(os.times()[:4]), own_peak_mb()))
    connection.close()
