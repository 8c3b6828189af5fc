"""CP-SAT as OR-tools has it, imported when it is first used: with it comes pandas, half a second a start."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import *  # noqa: F403


MODULE = "ortools.sat.python.cp_model"


def load() -> None:
    """Nothing; it is imported by now, and not in the middle of what is timed."""
    import_module(MODULE)


def __getattr__(name: str) -> Any:
    """Whatever is asked for, as it stands there."""
    return getattr(import_module(MODULE), name)
