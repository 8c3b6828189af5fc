"""The version that plans are stamped with, and the versions of what decides how they come out."""

import platform
from importlib.metadata import version

VERSION = "0.1.0"


def versions() -> dict[str, str]:
    """Return the versions of this package, of Python, numpy and ortools."""
    parts = {name: version(name) for name in ("numpy", "ortools")}
    return {"allocator": VERSION, "python": platform.python_version(), **parts}
