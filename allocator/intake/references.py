"""What must hold between rows: ids that are unique, and ids that name a row of another table."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from allocator.errors import Fault
from allocator.intake.findings import Findings, did_you_mean, printable
from allocator.intake.specs import KEYS, REQUIRED_TABLES
from allocator.intake.tables import Table
from allocator.policy import Policy


@dataclass(frozen=True)
class Reference:
    """A column whose values name rows of another table.

    Parameters
    ----------
    table, column : where the reference stands
    to : the table it names rows of; an optional table that is not given checks nothing
    warning : code of the warning, if a name that is not there is no fault
    message : of the warning
    """

    table: str
    column: str
    to: str
    warning: str | None = None
    message: str = ""


_HOLDER: Final = ("unknown-holder", "is not in reviewers: the case is released")
_EXCLUDED: Final = ("unknown-excluded", "is not in reviewers: nothing to exclude")
_PROVIDER: Final = ("unknown-provider", "is not in contracts: no contract limits this reviewer")
_ORGANISATION: Final = ("unknown-organisation", "is not in organisations")

REFERENCES: Final = (
    Reference("cases", "area", "areas"),
    Reference("cases", "organisations", "organisations", *_ORGANISATION),
    Reference("cases", "reviewer_id", "reviewers", *_HOLDER),
    Reference("cases", "second_reviewer_id", "reviewers", *_HOLDER),
    Reference("cases", "excluded_reviewers", "reviewers", *_EXCLUDED),
    Reference("reviewers", "areas", "areas"),
    Reference("reviewers", "provider", "contracts", *_PROVIDER),
    Reference("reviewers", "organisations", "organisations", *_ORGANISATION),
    Reference("absences", "reviewer_id", "reviewers"),
    Reference("declines", "reviewer_id", "reviewers"),
    Reference("declines", "case_id", "cases"),
    Reference("interests", "reviewer_id", "reviewers"),
    Reference("interests", "case_id", "cases"),
    Reference("interests", "organisation", "organisations", *_ORGANISATION),
    Reference("areas", "organisation", "organisations", *_ORGANISATION),
    Reference("areas", "neighbours", "areas"),
    Reference("areas", "successors", "areas"),
    Reference("organisations", "parent", "organisations", *_ORGANISATION),
    Reference("organisations", "successor", "organisations", *_ORGANISATION),
)
"""Every reference from one table to another; quarantine follows the same list."""


def named(value: object) -> tuple[str, ...]:
    """Return the ids that a value names: none, one, or a list of them."""
    return () if value is None else value if isinstance(value, tuple) else (str(value),)


def listed(value: object) -> list[str]:
    """Return the words of a cell that was not read yet, or of an array."""
    each = value if isinstance(value, (list, tuple)) else str(value).split(";") if value is not None else ()
    return [text for one in each if (text := str(one).strip())]


def check_unique(table: Table, findings: Findings) -> None:
    """Note every row whose id stands above it already."""
    column = KEYS.get(table.name)
    first: dict[str, int] = {}
    for row, key in enumerate(table.words(column) if column else ()):
        if key is None:
            continue
        if first.setdefault(key, row) != row:
            place = "line" if not table.raw.place.is_json else "entry"
            message = f"`{column}` stands twice, first on {place} {table.raw.lines[first[key]]}"
            findings.refuse(
                table.name, row, table.raw.fault(row, column, "duplicate-id", message, "keep one row")
            )


def check_repeats(table: Table, findings: Findings) -> None:
    """Warn of every row of a table without ids that says the same as one above it."""
    seen: set[tuple[object, ...]] = set()
    for row, values in enumerate(zip(*table.values.values(), strict=True)):
        if values in seen and row not in table.bad:
            message = "the row says the same as one above it"
            findings.warnings.append(table.raw.fault(row, None, "duplicate-row", message, "keep one"))
        seen.add(values)


def check_references(tables: dict[str, Table], findings: Findings) -> None:
    """Note every name that names no row: as a fault, or as one warning a name with a count."""
    for reference in REFERENCES:
        target = tables.get(reference.to)
        is_given = target is not None and (len(target) > 0 or reference.to in REQUIRED_TABLES)
        if target is not None and is_given and reference.table in tables:
            ids = {key for key in target.words(KEYS[reference.to]) if key is not None}
            unknown = list(_unknown(tables[reference.table], reference, ids))
            _report(tables[reference.table], reference, unknown, sorted(ids), findings)


def _unknown(table: Table, reference: Reference, ids: set[str]) -> Iterator[tuple[int, str]]:
    """Yield (row, name) of every name that is not among the ids."""
    for row, value in enumerate(table.values[reference.column]):
        for name in named(value):
            if name not in ids:
                yield row, name


def _report(
    table: Table, reference: Reference, unknown: list[tuple[int, str]], ids: list[str], findings: Findings
) -> None:
    """Note the unknown names of one reference."""
    if reference.warning:
        findings.warnings += _warnings(table, reference, unknown)
        return
    for row, name in unknown:
        message = f"`{printable(name)}` is not in {reference.to}"
        near = did_you_mean(name, tuple(ids), 0.8) if len(ids) <= 1_000 else None
        hint = f"did you mean `{near}`?" if near else f"correct it, or add it to {reference.to}"
        fault = table.raw.fault(row, reference.column, "dangling-reference", message, hint)
        findings.refuse(table.name, row, fault)


def _warnings(table: Table, reference: Reference, unknown: list[tuple[int, str]]) -> Iterator[Fault]:
    """Yield one warning a name, at the first row that has it."""
    counts = Counter(name for _, name in unknown)
    first = {name: row for row, name in reversed(unknown)}
    for name, row in sorted(first.items(), key=lambda item: item[1]):
        rows = f" ({counts[name]} rows)" if counts[name] > 1 else ""
        message = f"`{printable(name)}` {reference.message}{rows}"
        yield table.raw.fault(row, reference.column, str(reference.warning), message)


def check_types(tables: dict[str, Table], policy: Policy, findings: Findings) -> None:
    """Note every review type that the policy does not have, and seconds on types without one."""
    known = tuple(policy.review_types)
    for name, column in (("cases", "review_type"), ("reviewers", "review_types")):
        if name in tables:
            _check_known_types(tables[name], column, known, findings)
    if "cases" in tables:
        without = {name for name, kind in policy.review_types.items() if kind.second is None}
        _check_seconds(tables["cases"], without, findings)


def _check_known_types(table: Table, column: str, known: tuple[str, ...], findings: Findings) -> None:
    """Note the rows that name a type the policy does not have."""
    for row, value in enumerate(table.values[column]):
        for word in named(value):
            if word not in known:
                near = did_you_mean(word, known)
                hint = f"did you mean `{near}`?" if near else "one of " + ", ".join(known)
                message = f"the policy has no review type `{printable(word)}`"
                fault = table.raw.fault(row, column, "unknown-review-type", message, hint)
                findings.refuse(table.name, row, fault)


def _check_seconds(cases: Table, without: set[str], findings: Findings) -> None:
    """Note the cases with a second reviewer whose type has none."""
    seconds = cases.words("second_reviewer_id")
    for row, (kind, second) in enumerate(zip(cases.words("review_type"), seconds, strict=True)):
        if second is not None and kind in without:
            message = f"review type `{kind}` has no second reviewer"
            hint = "leave it empty, or give the type a second in the policy"
            fault = cases.raw.fault(row, "second_reviewer_id", "second-not-in-type", message, hint)
            findings.refuse("cases", row, fault)
