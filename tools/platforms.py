"""Ask pip whether every pin of a lock has a wheel on every platform the project promises.

Nothing is downloaded but the packages' listings and metadata. A pin is asked for only where its marker holds:
pip itself would judge the marker by the machine it runs on, not by the one that is asked about.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

PYTHONS = ("3.11", "3.12", "3.13")
GLIBC = ["manylinux2014_x86_64", *(f"manylinux_2_{minor}_x86_64" for minor in (17, 24, 26, 27, 28))]


@dataclass(frozen=True)
class Platform:
    """One kind of machine: pip's tags for it, and how it answers a marker."""

    name: str
    tags: tuple[str, ...]
    sys_platform: str
    os_name: str
    system: str
    machine: str

    def markers(self, python: str) -> dict[str, str]:
        """Return what the markers of a requirement are judged by."""
        return {
            "sys_platform": self.sys_platform,
            "os_name": self.os_name,
            "platform_system": self.system,
            "platform_machine": self.machine,
            "python_version": python,
            "python_full_version": f"{python}.9",
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
            "extra": "",
        }


PLATFORMS = (
    Platform("Linux x86_64", tuple(GLIBC), "linux", "posix", "Linux", "x86_64"),
    Platform("Windows x86_64", ("win_amd64",), "win32", "nt", "Windows", "AMD64"),
    Platform("macOS arm64", ("macosx_14_0_arm64",), "darwin", "posix", "Darwin", "arm64"),
)


def pins(lock: str) -> Iterator[tuple[Requirement, str]]:
    """Yield each requirement of a lock with the lines that state its hashes."""
    for entry in re.split(r"\n(?=\S)", lock.replace("\r\n", "\n").strip()):
        text, *hashes = entry.split(" \\\n")
        if not text.startswith("#"):
            yield Requirement(text), " ".join(line.strip() for line in hashes)


def wanted(lock: str, platform: Platform, python: str) -> dict[str, str]:
    """Return, by name, the lines of a lock that hold on a platform, without their markers."""
    markers = platform.markers(python)
    return {
        pin.name: f"{pin.name}{pin.specifier} {hashes}"
        for pin, hashes in pins(lock)
        if pin.marker is None or pin.marker.evaluate(markers)
    }


def ask(lines: list[str], platform: Platform, python: str) -> str:
    """Return pip's complaint about installing these lines elsewhere; empty when there is none."""
    with tempfile.TemporaryDirectory() as folder:
        lock = Path(folder, "lock.txt")
        lock.write_text("\n".join(lines), encoding="utf-8")
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"]
        command += ["--no-deps", "--only-binary=:all:", "--implementation", "cp", "--python-version", python]
        command += [word for tag in platform.tags for word in ("--platform", tag)]
        command += ["--target", folder, "--require-hashes", "-r", str(lock)]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", errors="replace")
    return (done.stderr.strip() or "pip failed without a word") if done.returncode else ""


def missing(lines: dict[str, str], platform: Platform, python: str) -> list[str]:
    """Return the pins that have no wheel, asking again without each one that pip stumbles over.

    Raises
    ------
    RuntimeError
        When pip fails for another reason than a missing wheel, for example without a network.
    """
    left, without = dict(lines), []
    while complaint := ask(list(left.values()), platform, python):
        found = re.search(r"No matching distribution found for ([\w.\-]+)", complaint)
        if found is None or found[1] not in left:
            raise RuntimeError(complaint.splitlines()[-1])
        without.append(left.pop(found[1]).split()[0])
    return without


def main(arguments: list[str]) -> int:
    """Return 0 if every pin has a wheel everywhere; print one line a platform and Python."""
    lock, bad = Path(arguments[0]).read_text(encoding="utf-8"), 0
    for platform in PLATFORMS:
        for python in PYTHONS:
            lines = wanted(lock, platform, python)
            try:
                without = missing(lines, platform, python)
            except RuntimeError as error:
                print(f"check --platforms: pip could not answer: {error}", file=sys.stderr)
                return 1
            word = f"no wheel for {', '.join(without)}" if without else f"{len(lines)} wheels"
            print(f"{'FAIL' if without else 'ok  '} {platform.name}, Python {python}: {word}", flush=True)
            bad |= bool(without)
    return int(bad)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
