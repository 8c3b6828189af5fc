"""The options that the benchmarks share."""

from __future__ import annotations

import argparse
import os
from pathlib import Path


def parser(name: str, description: str, time_limit: float) -> argparse.ArgumentParser:
    """Return a parser with the options every benchmark takes."""
    made = argparse.ArgumentParser(prog=f"run.py bench {name} --", description=description)
    made.add_argument("--time-limit", type=float, default=time_limit, help="wall seconds a method has")
    made.add_argument("--seed", type=int, nargs="+", default=[1])
    made.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    made.add_argument("--data", type=Path, help="folder of the public data")
    return made
