"""The ready-made queue that comes with the package: one area, 85 cases, 12 reviewers, all made up."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def demo_folder() -> Path:
    """Return the folder of the demo's snapshot: CSV files and the policy, which says its day."""
    return Path(str(files("allocator.sample"))) / "demo"
