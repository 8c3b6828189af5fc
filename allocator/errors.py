"""What can go wrong, said so that a person can mend it: one fault a line, each with a stable code."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

Scalar = str | int | float | bool | None
"""What a fault shows of the value it is about."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong (or, as a warning, worth knowing) with where it is and what would be right.

    Parameters
    ----------
    code : stable, kebab-case; see docs/input.md
    message : what is wrong, one sentence without a full stop
    file : the file's or sheet's name; None for a JSON document
    line : as an editor shows it, the header being line 1
    pointer : RFC 6901, into a JSON document or a policy
    column, value : the cell
    hint : what would be right
    """

    code: str
    message: str
    file: str | None = None
    line: int | None = None
    pointer: str | None = None
    column: str | None = None
    value: Scalar = None
    hint: str | None = None

    def as_dict(self) -> dict[str, Scalar]:
        """Return the fault as JSON-ready keys, without those that are not given."""
        given = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: value for name, value in given if value is not None}

    def where(self) -> str:
        """Return the place in words: `cases.csv line 7, column notified_on`."""
        line = f"line {self.line}" if self.line is not None else ""
        place = " ".join(part for part in (self.file, line, self.pointer) if part)
        column = f"column {self.column}" if self.column and self.pointer is None else ""
        return ", ".join(part for part in (place, column) if part)

    def __str__(self) -> str:
        """Return one line: place, what is wrong, the value, what would be right."""
        value = f" (value {self.value!r})" if self.value is not None else ""
        parts = (self.where(), f"{self.message}{value}", self.hint or "")
        return ": ".join(part for part in parts if part)


class BadInput(Exception):  # noqa: N818 - the word is the domain's
    """The input has faults; nothing of it was loaded. `faults` lists every one."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class InternalFault(Exception):  # noqa: N818 - the word is the domain's
    """A plan failed its own audit and was not returned: ours to mend, not the user's.

    Parameters
    ----------
    digest : the snapshot's digest, to find the input again
    findings : what the audit found; `str()` of each is one line
    """

    def __init__(self, digest: str, findings: Sequence[object]) -> None:
        self.digest = digest
        self.findings = tuple(findings)
        listed = "\n".join(str(finding) for finding in self.findings)
        super().__init__(f"internal fault: the plan for snapshot {digest} failed its own check\n{listed}")


class NoPlan(Exception):  # noqa: N818 - the word is the domain's
    """The run was stopped before there was any plan to give."""


class Unavailable(Exception):  # noqa: N818 - the word is the field's
    """The database cannot be reached, or is none of ours; the message says which and why."""

    code = "database-unavailable"


class Busy(Unavailable):
    """Another write has the database for longer than we wait; the same call may well succeed later."""

    code = "database-busy"


class Refused(Exception):  # noqa: N818 - what was asked for may be right at another moment
    """The store does not do it, and nothing of it was done.

    Parameters
    ----------
    code : stable, kebab-case
    record_id : what it is about
    details : one for each thing that is in the way, where there may be several
    """

    def __init__(self, code: str, record_id: str, message: str, details: Sequence[Fault] = ()) -> None:
        super().__init__(message)
        self.code, self.record_id, self.message = code, record_id, message
        self.details = tuple(details)

    def __str__(self) -> str:
        """Return one line: what it is about, and why."""
        return f"{self.record_id}: {self.message}"


class Unknown(Refused):
    """There is no such record."""


class Conflict(Refused):
    """What is asked for does not fit what is there now."""
