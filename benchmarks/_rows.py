"""What every benchmark reports: one row a case and method, printed as one line of JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields

from allocator.version import versions


@dataclass(frozen=True)
class Row:
    """One method on one case.

    Parameters
    ----------
    instance : what was worked on; the seed stands apart, so that medians run over seeds
    objective, bound, gap : points of the level measured (allocation: level 1, matching: the total of the
        scores), None where there is none
    seconds : wall seconds of the method alone; cpu_seconds, peak_mb : of its whole process and its children
    peak_mb : megabytes (10^6 bytes), None where the platform does not tell
    more : further figures of this benchmark, beside the others in the JSON
    """

    instance: str
    method: str
    objective: float | None
    bound: float | None
    gap: float | None
    seconds: float | None
    cpu_seconds: float | None
    peak_mb: float | None
    seed: int | None = None
    workers: int | None = None
    versions: Mapping[str, str] = field(default_factory=versions)
    more: Mapping[str, object] = field(default_factory=dict)

    def as_json(self) -> str:
        """Return the row as one line."""
        document = asdict(self)
        document |= document.pop("more")
        return json.dumps({name: _short(value) for name, value in document.items()})

    @staticmethod
    def of_json(line: str) -> Row:
        """Return the row that a line tells of."""
        document = json.loads(line)
        own = {one.name: document.pop(one.name) for one in fields(Row) if one.name in document}
        return Row(**own, more=document)


def print_rows(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows, each printed as it comes."""
    for row in rows:
        print(row.as_json(), flush=True)
        yield row


def _short(value: object) -> object:
    """Return the value with its decimals cut to what a clock can tell."""
    if isinstance(value, float):
        return round(value, 5)
    if isinstance(value, dict):
        return {key: _short(one) for key, one in value.items()}
    return value
