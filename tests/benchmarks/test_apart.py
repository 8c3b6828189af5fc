"""Work in a process of its own is measured whole: it, and whatever it starts."""

import os
import subprocess
import sys

import pytest

from benchmarks._apart import apart
from benchmarks._memory import tree

MEGABYTES = 150
HOLD = f"held = bytearray({MEGABYTES} * 10**6); import time; time.sleep(1.5)"


def _hold_in_a_child() -> int:
    return subprocess.run([sys.executable, "-c", HOLD]).returncode


def test_work_apart_is_measured_and_may_die() -> None:
    """A process of its own tells its peak, and one that dies gives no value instead of an error."""
    lived, died = apart(abs, -3), apart(os._exit, 3)
    assert lived.value == 3
    assert lived.cpu_seconds is not None
    assert (died.value, died.cpu_seconds) == (None, None)


def test_work_that_fails_fails_here() -> None:
    """With the traceback of there."""
    with pytest.raises(RuntimeError, match="invalid literal for int"):
        apart(int, "three")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere nothing tells of children")
def test_the_memory_of_children_counts() -> None:
    """A search that starts processes cannot hide in them what it needs."""
    peak = apart(_hold_in_a_child).peak_mb
    assert peak is not None
    assert peak > MEGABYTES


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere nothing tells of children")
def test_a_tree_has_children_and_nothing_that_ended() -> None:
    """The numbers of a process and of those it started; of one that is gone, none."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        assert {os.getpid(), child.pid} <= set(tree(os.getpid()))
        child.kill()
    assert tree(child.pid) == []
