"""What every kind of source gives: tables of raw cells that know their places, a raw policy, an `as_of`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from allocator.errors import Fault
from allocator.intake.findings import Findings, is_empty, printable

MAX_BYTES: Final = 256 * 1024 * 1024
UTF_16_AND_32: Final = {
    b"\xff\xfe\x00\x00": "UTF-32",
    b"\x00\x00\xfe\xff": "UTF-32",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}


@dataclass(frozen=True)
class Place:
    """Where a source's cells stand.

    Parameters
    ----------
    file : the file's or sheet's name; None for a JSON object that came without a file
    is_json : places are JSON pointers instead of lines
    is_csv : a cell that begins with = + - @ would be run as a formula
    """

    file: str | None
    is_json: bool = False
    is_csv: bool = False


@dataclass(frozen=True)
class RawTable:
    """A table of raw cells, by column.

    Parameters
    ----------
    name : one of the contract's tables
    place : where it stands
    columns : cells by known column; columns that are not given are absent
    lines : line (or index in the JSON array) of each row
    """

    name: str
    place: Place
    columns: Mapping[str, Sequence[object]]
    lines: Sequence[int]

    def fault(self, row: int, column: str | None, code: str, message: str, hint: str | None = None) -> Fault:
        """Return a fault of a row, with its line or pointer, and the cell's value if it is one cell's."""
        cell = self.columns[column][row] if column and column in self.columns else None
        value = None if is_empty(cell) else printable(cell)
        line = self.lines[row]
        if not self.place.is_json:
            return Fault(code, message, self.place.file, line=line, column=column, value=value, hint=hint)
        pointer = f"/{self.name}/{line}" + (f"/{column}" if column else "")
        return Fault(code, message, self.place.file, pointer=pointer, column=column, value=value, hint=hint)


@dataclass(frozen=True)
class RawPolicy:
    """A policy as it came: nested keys, and where each stands.

    Parameters
    ----------
    document : what stands under `policy`; an object if it is right
    place : where it stands
    prefix : JSON pointer of the document inside its file
    lines : line by pointer, where lines are known
    """

    document: object
    place: Place
    prefix: str = ""
    lines: dict[str, int] = field(default_factory=dict)

    def fault(self, pointer: str, code: str, message: str, value: object, hint: str | None = None) -> Fault:
        """Return a fault of the key at `pointer`."""
        line = self.lines.get(pointer)
        return Fault(
            code,
            message,
            self.place.file,
            line,
            pointer=self.prefix + pointer,
            value=printable(value),
            hint=hint,
        )


@dataclass
class Source:
    """Everything one source holds, unread.

    Parameters
    ----------
    as_of : a JSON document's, as it came
    file : the file's name, for faults of `as_of`
    """

    tables: dict[str, RawTable] = field(default_factory=dict)
    policy: RawPolicy | None = None
    as_of: object = None
    file: str | None = None
    findings: Findings = field(default_factory=Findings)


def not_found(path: Path) -> Fault:
    """Return the fault of a path that is not there."""
    return Fault("not-found", "there is no such file or folder", path.name, hint="check the path")


def read_bytes(path: Path, report: Callable[[Fault], None]) -> bytes | None:
    """Return the file's bytes, or None after reporting why there are none."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            hint = "at most 256 MB; leave closed cases out"
            report(Fault("file-too-big", f"the file has {size // 1024**2} MB", path.name, hint=hint))
            return None
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        report(
            Fault(
                "unreadable", f"the file cannot be opened ({reason})", path.name, hint="is it open elsewhere?"
            )
        )
        return None


def decode(data: bytes, file: str | None, report: Callable[[Fault], None]) -> str | None:
    """Return the text of UTF-8 bytes, a BOM tolerated, or None after reporting why there is none."""
    hint = "save it as UTF-8 (in a spreadsheet: “CSV UTF-8”)"
    for mark, name in UTF_16_AND_32.items():
        if data.startswith(mark):
            report(Fault("wrong-encoding", f"the file is {name}, not UTF-8", file, hint=hint))
            return None
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        report(Fault("nul-byte", "the file holds NUL bytes", file, line, hint=hint))
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        report(Fault("wrong-encoding", "the file is not UTF-8", file, line, hint=hint))
        return None
