"""The compiled search, run as the Python that it is written in."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

import numpy as np
import pytest
from numba.core.dispatcher import Dispatcher

import solver

MODULES: tuple[ModuleType, ...] = tuple(
    importlib.import_module(f"solver.{found.name}") for found in pkgutil.iter_modules(solver.__path__)
)


def compiled() -> dict[str, Dispatcher]:
    """Every compiled function, by the module that it is written in and its name."""
    return {
        f"{value.__module__}.{name}": value
        for module in MODULES
        for name, value in vars(module).items()
        if isinstance(value, Dispatcher) and value.__module__ == module.__name__
    }


@contextmanager
def interpreted() -> Iterator[None]:
    """Within the block nothing of the solver is compiled, whichever module calls it."""
    with pytest.MonkeyPatch.context() as patch, np.errstate(over="ignore"):  # chance overflows on purpose
        for module in MODULES:
            for name, value in list(vars(module).items()):
                if isinstance(value, Dispatcher):
                    patch.setattr(module, name, value.py_func)
        yield
