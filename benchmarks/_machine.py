"""What the figures were taken on."""

from __future__ import annotations

import os
import platform
from pathlib import Path

CPU_INFO, MEMORY_INFO = Path("/proc/cpuinfo"), Path("/proc/meminfo")


def machine() -> str:
    """Return the processor, how many, the memory where it is told, the system and Python."""
    memory = _after(MEMORY_INFO, "MemTotal")
    gigabytes = f", {int(memory.split()[0]) * 1024 / 1e9:.0f} GB" if memory else ""
    processor = _after(CPU_INFO, "model name") or platform.processor() or platform.machine()
    system = f"{platform.system()} {platform.machine()}"
    return f"{os.cpu_count()} × {processor}{gigabytes}, {system}, Python {platform.python_version()}"


def load() -> str:
    """Return how busy the machine was over the last minute: figures are fair only on a quiet one."""
    if not hasattr(os, "getloadavg"):
        return "not known here"
    return f"{os.getloadavg()[0]:.1f} runnable on average"


def _after(path: Path, key: str) -> str:
    """Return the value of a key in one of the system's own files; empty where there is none."""
    if not path.exists():
        return ""
    rows = (line.partition(":") for line in path.read_text("utf-8").splitlines())
    return next((value.strip() for name, _, value in rows if name.strip() == key), "")
