"""A table that is no part of a snapshot: read as a snapshot's are, with the same faults."""

from datetime import date
from pathlib import Path
from typing import NamedTuple

from allocator.completed import Completed
from allocator.errors import BadInput, Fault
from allocator.intake.advice import advice
from allocator.intake.folder import read_csv
from allocator.intake.read import as_models
from allocator.intake.references import check_unique
from allocator.intake.rules import check_rows
from allocator.intake.sources import Source, not_found
from allocator.intake.tables import read_table

NAME = "completed"


class Reviews(NamedTuple):
    """Completed reviews, with what is worth knowing about them."""

    rows: tuple[Completed, ...]
    warnings: tuple[Fault, ...]


def read_completed(path: Path | str, *, today: date) -> Reviews:
    """Return the completed reviews that a CSV file of any name holds.

    Raises
    ------
    BadInput
        With every fault there is.
    """
    path, source = Path(path), Source()
    findings = source.findings
    if path.exists():
        read_csv(NAME, path, source)
    else:
        findings.faults.append(not_found(path))
    if NAME in source.tables:
        table = read_table(source.tables[NAME], findings)
        check_rows({NAME: table}, today, findings)
        check_unique(table, findings)
        findings.warnings += advice(table)
    if findings.faults or findings.rows:
        raise BadInput(findings.every_fault((NAME,)))
    return Reviews(tuple(map(Completed.model_validate, as_models(table))), tuple(findings.warnings))
