"""A folder of CSV files, perhaps with a policy.toml."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path

from allocator.errors import Fault
from allocator.intake.findings import did_you_mean, printable
from allocator.intake.headers import Record, tabulate
from allocator.intake.policies import read_toml
from allocator.intake.sources import Place, Source, decode, read_bytes
from allocator.intake.specs import REQUIRED_TABLES, TABLES

NEARLY = 0.8
"""How like a table's name (0 to 1) the name of an unknown file is before it is taken for a slip."""


def read_folder(path: Path, with_policy: bool) -> Source:
    """Return what the folder's files hold; `with_policy` False leaves its policy.toml unread."""
    source = Source()
    report = source.findings.faults.append
    seen: set[str] = set()
    for file in _files(path, report):
        if file.name.casefold() == "policy.toml":
            source.policy = read_toml(file, report) if with_policy else None
        elif file.suffix.casefold() == ".toml":
            note_stranger(file.stem, file.name, ("policy",), source)
        elif name := claim(file.stem, file.name, seen, source):
            read_csv(name, file, source)
    report_missing(seen, "{}.csv", path.name, source)
    return source


def _files(path: Path, report: Callable[[Fault], None]) -> list[Path]:
    """Return the CSV and TOML files of a folder by name."""
    try:
        files = sorted(path.iterdir())
    except OSError as error:
        report(Fault("unreadable", f"the folder cannot be read ({error.strerror})", path.name))
        return []
    return [file for file in files if file.suffix.casefold() in {".csv", ".toml"} and file.is_file()]


def claim(
    stem: str, file: str, seen: set[str], source: Source, known: tuple[str, ...] = TABLES
) -> str | None:
    """Return the table that a file or sheet of this name holds, noting near misses, strangers and doubles."""
    name = stem.strip().casefold()
    if name in seen:
        message = f"table `{name}` is given twice"
        source.findings.faults.append(Fault("duplicate-table", message, file, hint="keep one"))
        return None
    if name in TABLES:
        seen.add(name)
        return name
    note_stranger(stem, file, known, source)
    return None


def note_stranger(stem: str, file: str, known: tuple[str, ...], source: Source) -> None:
    """Note a file or sheet of an unknown name: as a fault if the name is nearly a known one."""
    near = did_you_mean(stem, known, NEARLY)
    shown = printable(stem)
    if near:
        fault = Fault("unknown-table", f"no table is called `{shown}`", file, hint=f"did you mean `{near}`?")
        source.findings.faults.append(fault)
    else:
        hint = "the names are " + ", ".join(known)
        message = f"`{shown}` is no table and was not read"
        source.findings.warnings.append(Fault("ignored-file", message, file, hint=hint))


def report_missing(seen: set[str], called: str, place: str | None, source: Source) -> None:
    """Note the required tables that are not there."""
    for name in REQUIRED_TABLES:
        if name not in seen:
            message = f"there is no {called.format(name)}"
            source.findings.faults.append(Fault("missing-table", message, place, hint="it is required"))


def read_csv(name: str, file: Path, source: Source) -> None:
    """Add a CSV file's table to the source."""
    data = read_bytes(file, source.findings.faults.append)
    if data is not None:
        add_csv(name, file.name, data, source)


def add_csv(name: str, file: str, data: bytes, source: Source) -> None:
    """Add the table that a CSV file's bytes hold to the source."""
    report = source.findings.faults.append
    content = decode(data, file, report)
    if content is None:
        return
    table = tabulate(name, Place(file, is_csv=True), _records(content, file, report), source.findings)
    if table:
        source.tables[name] = table


def _records(content: str, file: str, report: Callable[[Fault], None]) -> Iterator[Record]:
    """Yield each row that is not blank with the line where it begins, reporting rows that cannot be read."""
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row: list[object] = list(next(reader))
        except StopIteration:
            return
        except csv.Error:
            message = "a quoted cell is not closed, has text after its closing quote, or is over 128 KB"
            report(Fault("broken-csv", message, file, line, hint="double each quote inside a quoted cell"))
            continue
        if any(cell.strip() for cell in row):  # type: ignore[attr-defined]
            yield line, row
