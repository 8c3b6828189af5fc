"""The journal of what was published: seen by every process at once, no place twice, whole or not at all."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from allocator.desk import Desk, Journal, Publication, suggest
from allocator.errors import BadInput
from tests.allocator.build import case, reviewer, snapshot

AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
C1, C2 = Publication("C1", "lead", "R1"), Publication("C2", "lead", "R1")
ANOTHER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from allocator.desk import Journal, Publication
from allocator.errors import BadInput
sys.stdin.readline()
try:
    told = Journal(Path(sys.argv[1])).publish(
        [Publication("C1", "lead", sys.argv[2])], datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
    )
except BadInput:
    told = 0
print(told)
"""


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    """A journal that nobody has written yet."""
    return Journal(tmp_path / "published.db")


def _another(folder: Path, who: str) -> subprocess.Popen[str]:
    """A process that publishes C1 to somebody once it is told to."""
    words = [sys.executable, "-c", ANOTHER, str(folder / "published.db"), who]
    return subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_what_is_published_is_read_again(journal: Journal) -> None:
    """By case and role; publishing it again is no news."""
    assert journal.read() == ()
    assert journal.publish([C2, C1], AT, "p1") == 2
    assert journal.read() == (C1, C2)
    assert journal.publish([C1], AT) == 0
    assert journal.read() == (C1, C2)


def test_a_place_is_published_to_one_person(journal: Journal) -> None:
    """The second is told who was first, and nothing of what they sent is noted."""
    journal.publish([C1], AT)
    with pytest.raises(BadInput) as caught:
        journal.publish([C2, Publication("C1", "lead", "R2")], AT)
    (fault,) = caught.value.faults
    assert (fault.code, fault.value) == ("already-published", "R2")
    assert fault.message == "the lead of C1 was published to R1 at 2026-11-02T09:30:00+00:00"
    assert journal.read() == (C1,)


@pytest.mark.parametrize("content", [b"no database at all, but a note to self" * 50, None])
def test_another_file_is_refused(content: bytes | None, tmp_path: Path) -> None:
    """A file that is no journal, and a folder."""
    path = tmp_path / "other"
    path.mkdir() if content is None else path.write_bytes(content)
    for attempt in (lambda: Journal(path).read(), lambda: Journal(path).publish([C1], AT)):
        with pytest.raises(BadInput) as caught:
            attempt()
        assert [fault.code for fault in caught.value.faults] == ["unreadable-journal"]


def test_a_publish_by_another_process_is_counted_in_the_next_suggestion(
    journal: Journal, tmp_path: Path
) -> None:
    """R1 has hours for one case; once somebody else gave them C1, C2 goes to R2."""
    people = [reviewer(hours_per_week=2.0), reviewer("R2", latitude=52.0, longitude=0.0)]
    desk = Desk(snapshot([case(latitude=51.0, longitude=0.0), case("C2")], people))
    assert len(suggest(desk.now(journal.read()), "C2").suggestions) == 2
    told, _ = _another(tmp_path, "R1").communicate("now\n")
    assert told.strip() == "1"
    answer = suggest(desk.now(journal.read()), "C2")
    assert [one.reviewer_id for one in answer.suggestions] == ["R2"]
    assert [one.reviewer_id for one in answer.others] == ["R1"]
    assert suggest(desk.now(journal.read()), "C1").notes == ("C1 has a lead: R1.",)


def test_of_many_at_once_one_is_told_yes(journal: Journal, tmp_path: Path) -> None:
    """Four processes publish the same case to four people at the same moment."""
    running = [_another(tmp_path, f"R{number}") for number in range(4)]
    for one in running:
        assert one.stdin is not None
        one.stdin.write("now\n")
        one.stdin.flush()
    told = [one.communicate()[0].strip() for one in running]
    assert sorted(told) == ["0", "0", "0", "1"]
    assert [one.reviewer_id for one in journal.read()] == [f"R{told.index('1')}"]
