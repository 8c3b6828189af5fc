"""The locks, and the question whether each pin has a wheel everywhere."""

from pathlib import Path

import pytest

from tools import platforms
from tools.platforms import PLATFORMS, missing, pins, wanted

ROOT = Path(__file__).parents[1]
LINUX, WINDOWS, _ = PLATFORMS
LOCK = """click==8.1 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
tzdata==2026.1 ; sys_platform == 'win32' \\
    --hash=sha256:cc
numpy==1 ; python_full_version < '3.12' \\
    --hash=sha256:dd
"""


def _lock(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_names_no_host_and_hashes_every_pin(name: str) -> None:
    """No address of an index, no place for packages, and no pin without a hash."""
    text = _lock(name)
    assert not any(word in text for word in ("://", "index-url", "find-links", "trusted-host"))
    assert all("--hash=sha256:" in hashes and "==" in str(pin.specifier) for pin, hashes in pins(text))


def test_the_development_lock_holds_the_same_runtime_pins() -> None:
    """What is tested is what is run."""
    runtime, development = (
        set(map(str, dict(pins(_lock(n))))) for n in ("requirements.lock", "requirements-dev.lock")
    )
    assert runtime <= development


def test_a_marker_is_judged_by_the_platform_asked_about() -> None:
    """A pin for Windows is asked for on Windows alone, and one for old Pythons on those alone."""
    assert set(wanted(LOCK, LINUX, "3.11")) == {"click", "numpy"}
    assert set(wanted(LOCK, LINUX, "3.13")) == {"click"}
    assert set(wanted(LOCK, WINDOWS, "3.13")) == {"click", "tzdata"}


def test_a_pin_is_asked_for_with_its_hashes_and_without_its_marker() -> None:
    """pip is to check the hashes, and not to judge the marker by its own machine."""
    assert wanted(LOCK, WINDOWS, "3.11")["tzdata"] == "tzdata==2026.1 --hash=sha256:cc"


def test_every_missing_wheel_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """pip stops at the first missing wheel; asking goes on until all are known."""

    def ask(lines: list[str], platform: object, python: str) -> str:
        bad = [line.split("==")[0] for line in lines if not line.startswith("numpy")]
        return f"ERROR: No matching distribution found for {bad[0]}==1" if bad else ""

    monkeypatch.setattr(platforms, "ask", ask)
    assert missing(wanted(LOCK, WINDOWS, "3.11"), WINDOWS, "3.11") == ["click==8.1", "tzdata==2026.1"]


def test_no_network_is_not_a_missing_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another complaint of pip is told as it is."""
    monkeypatch.setattr(platforms, "ask", lambda *_: "ERROR: no network")
    with pytest.raises(RuntimeError, match="no network"):
        missing(wanted(LOCK, LINUX, "3.11"), LINUX, "3.11")
