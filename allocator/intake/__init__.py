"""Reading: a folder of CSV files, a workbook or a JSON document in; one snapshot, or every fault, out."""

from allocator.intake.alone import Reviews, read_completed
from allocator.intake.files import FilesRead, read_files
from allocator.intake.policies import read_policy
from allocator.intake.quarantine import Rejected, write_rejected
from allocator.intake.read import GivenPolicy, Reading, parse_snapshot, read_snapshot
from allocator.intake.rows import Context, RowFaults, RowsRead, read_rows

__all__ = [
    "Context",
    "FilesRead",
    "GivenPolicy",
    "Reading",
    "Rejected",
    "Reviews",
    "RowFaults",
    "RowsRead",
    "parse_snapshot",
    "read_completed",
    "read_files",
    "read_policy",
    "read_rows",
    "read_snapshot",
    "write_rejected",
]
