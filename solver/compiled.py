"""How functions are compiled: with numba, without the interpreter's lock, and kept on disk.

Numba keeps what it compiled by the file it is in; a caller in another file would go on with the old code of
what it calls. So all of it is kept under a digest of every file here.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import config, njit

HERE = Path(__file__).parent
F = TypeVar("F", bound=Callable[..., Any])


def _kept_in() -> str:
    """The folder for what these very sources compile to: the environment's own, if there is one."""
    sources = b"".join(path.read_bytes() for path in sorted(HERE.glob("*.py")))
    own = sys.prefix != sys.base_prefix and os.access(sys.prefix, os.W_OK)
    base = Path(sys.prefix) / "pycache" if own else HERE / "__pycache__"
    return str(base / "compiled" / hashlib.sha256(sources).hexdigest()[:16])


if not os.environ.get("NUMBA_CACHE_DIR"):
    config.CACHE_DIR = _kept_in()  # type: ignore[attr-defined]

kernel = njit(cache=True, nogil=True)
"""Decorates what Python calls: compiled when it is first called, or loaded if it was before."""

inner = njit(nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)  # type: ignore[call-overload]
"""Decorates what only compiled code calls: it is kept with its callers, which halves the time to compile."""


def bare_kernel(function: F) -> F:
    """The function for Python to call, which makes and returns no array: nobody counts who holds which.

    Where small functions hand many tables to each other, counting took six sevenths of the time. Whoever
    calls holds the tables until it is done, so that none can go.
    """
    return cast(F, njit(cache=True, nogil=True, _nrt=False)(function))  # type: ignore[call-overload]


def inlined(function: F) -> F:
    """The function compiled into its callers, as bare as they are."""
    made = njit(nogil=True, no_cpython_wrapper=True, no_cfunc_wrapper=True, forceinline=True, _nrt=False)  # type: ignore[call-overload]
    return cast(F, made(function))
