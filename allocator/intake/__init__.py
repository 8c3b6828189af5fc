"""Reading: a folder of CSV files, a workbook or a JSON document in; one snapshot, or every fault, out."""

from allocator.intake.quarantine import Rejected, write_rejected
from allocator.intake.read import GivenPolicy, Reading, parse_snapshot, read_snapshot

__all__ = ["GivenPolicy", "Reading", "Rejected", "parse_snapshot", "read_snapshot", "write_rejected"]
