"""The commands of the store: a snapshot in, its audit verified, the whole of it out and in again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from allocator.store import Database, quarantine
from api import clock
from api.cli import main


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    """The exit code of a command, and the JSON document that it printed."""
    code = main([*words, "--json"])
    return code, json.loads(capsys.readouterr().out)


@pytest.fixture
def store(queue: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    """A store with the small queue in it, which commands find by the environment."""
    url = f"sqlite:///{tmp_path / 'store.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    assert main(["import", str(queue)]) == 0
    return Database(url)


def test_a_queue_is_imported_and_importing_it_again_changes_nothing(
    store: Database, queue: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The audit has no line more."""
    capsys.readouterr()
    before = run(capsys, "audit", "verify")
    code, document = run(capsys, "import", str(queue))
    assert (code, document["kept"]["cases"], document["kept"]["reviewers"]) == (0, 24, 6)
    assert run(capsys, "audit", "verify") == before
    assert before[1]["sound"]


def test_a_snapshot_with_a_fault_leaves_the_store_as_it_is(
    store: Database, broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And under quarantine its sound rows are kept."""
    capsys.readouterr()
    before = run(capsys, "audit", "verify")
    code, document = run(capsys, "import", str(broken))
    assert (code, len(document["faults"])) == (2, 1)
    assert run(capsys, "audit", "verify") == before
    assert run(capsys, "import", str(broken), "--quarantine")[0] == 0


def test_rows_with_faults_are_set_aside_and_counted(
    store: Database, broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Read is kept and set aside, by table and of cases by area; the row lies in the store."""
    capsys.readouterr()
    code, document = run(capsys, "import", str(broken), "--quarantine")
    assert code == 0
    for one in (*document["counts"].values(), *document["cases_by_area"].values()):
        assert one["received"] == one["kept"] + one["set_aside"]
    aside = sum(one["set_aside"] for one in document["counts"].values())
    with store.read() as connection:
        assert len(quarantine.every_open(connection)) == aside > 0
    assert main(["import", str(broken), "--quarantine"]) == 0
    assert " set aside" in capsys.readouterr().out


def test_an_audit_that_was_changed_fails(store: Database, capsys: pytest.CaptureFixture[str]) -> None:
    """And so does one whose end was cut off, if its head was noted."""
    capsys.readouterr()
    head = run(capsys, "audit", "verify")[1]["head"]
    with store.write("thief", clock.now) as tx:
        for event in ("update", "delete"):
            tx.connection.execute(text(f"DROP TRIGGER audit_lines_stay_{event}"))
        tx.connection.execute(text("DELETE FROM audit_values WHERE number > 10"))
        tx.connection.execute(text("DELETE FROM audit_lines WHERE number > 10"))
    assert run(capsys, "audit", "verify")[0] == 0
    code, document = run(capsys, "audit", "verify", "--head", head)
    assert (code, document["sound"], len(document["broken"])) == (1, False, 1)
    assert main(["audit", "verify", "--head", head]) == 1
    assert capsys.readouterr().out.endswith("1 thing does not hold\n")


def test_a_backup_is_restored_elsewhere(
    store: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the same head; where there is a store already it is refused."""
    capsys.readouterr()
    file, other = str(tmp_path / "backup.gz"), f"sqlite:///{tmp_path / 'other.db'}"
    saved = run(capsys, "backup", file)
    assert saved[0] == 0
    assert run(capsys, "restore", file, "--database", other) == saved
    head = saved[1]["head"]
    assert run(capsys, "audit", "verify", "--database", other, "--head", head)[0] == 0
    code, document = run(capsys, "restore", file)
    assert (code, document["faults"][0]["code"]) == (2, "store-there")


def test_an_earlier_program_goes_on_with_the_store(
    store: Database, broken: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is lost is listed and refused first; this program then says what comes before it goes on."""
    assert main(["import", str(broken), "--quarantine"]) == 0
    capsys.readouterr()
    code, document = run(capsys, "downgrade", "0012")
    assert (code, {one["code"] for one in document["faults"]}) == (2, {"would-be-lost"})
    assert main(["downgrade", "0012", "--lose"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said == ["lost: 1 row of `quarantine`", f"{store.name}: at revision 0012"]
    code, document = run(capsys, "key", "list")
    assert (code, document["faults"][0]["code"]) == (2, "store-earlier")
    assert run(capsys, "audit", "verify")[1]["sound"]
    assert run(capsys, "backup", str(tmp_path / "backup.gz"))[1]["revision"] == "0012"
    assert main(["import", str(broken), "--quarantine"]) == 0
    capsys.readouterr()
    assert run(capsys, "key", "list")[0] == 0
    assert run(capsys, "downgrade", "0011", "--lose")[1]["lost"] == {"quarantine": 1}


@pytest.mark.parametrize(("url", "code"), [
    ("mysql://127.0.0.1/x", "bad-database"),
    ("postgresql://nobody@127.0.0.1:1/x", "database-unavailable"),
    ("sqlite:////", "database-unavailable"),
])  # fmt: skip
def test_a_database_that_cannot_be_used_is_said(
    url: str, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one line, without a traceback."""
    exit_code, document = run(capsys, "audit", "verify", "--database", url)
    assert (exit_code, [one["code"] for one in document["faults"]]) == (2, [code])
    assert main(["audit", "verify", "--database", url]) == 2
    assert len(capsys.readouterr().err.splitlines()) <= 2


def test_where_there_is_no_store_that_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And how to make one."""
    code, document = run(capsys, "audit", "verify", "--database", f"sqlite:///{tmp_path / 'none.db'}")
    assert (code, document["faults"][0]["code"]) == (2, "no-store")
    assert "allocator import" in document["faults"][0]["hint"]
    assert list(tmp_path.iterdir()) == []
