"""Reading: a folder of CSV files, a workbook or a JSON document in; one snapshot, or every fault, out."""

from allocator.intake.alone import Reviews, read_completed
from allocator.intake.policies import read_policy
from allocator.intake.quarantine import Rejected, write_rejected
from allocator.intake.read import GivenPolicy, Reading, parse_snapshot, read_snapshot
from allocator.intake.rows import Context, RowsRead, read_rows

__all__ = [
    "Context",
    "GivenPolicy",
    "Reading",
    "Rejected",
    "Reviews",
    "RowsRead",
    "parse_snapshot",
    "read_completed",
    "read_policy",
    "read_rows",
    "read_snapshot",
    "write_rejected",
]
