"""The recipe of reading: a source, its tables, what holds within and between rows, the snapshot."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import cast

from allocator.errors import BadInput, Fault
from allocator.fields import EARLIEST, LATEST
from allocator.intake.advice import advice
from allocator.intake.cells import CellFault, Range, day
from allocator.intake.document import read_document, read_object
from allocator.intake.findings import Findings, is_empty
from allocator.intake.folder import read_folder
from allocator.intake.policies import checked, read_toml, without_as_of
from allocator.intake.quarantine import LASTING, Rejected, hidden_work, left_out, records
from allocator.intake.references import check_references, check_repeats, check_types, check_unique
from allocator.intake.rules import check_rows
from allocator.intake.sources import Place, RawPolicy, Source, not_found
from allocator.intake.specs import COLUMNS, KEYS, TABLES
from allocator.intake.succession import check_chains, check_closed_areas, map_closed_areas
from allocator.intake.tables import Table, read_table
from allocator.intake.workbook import read_workbook
from allocator.policy import Policy
from allocator.snapshot import Snapshot

GivenPolicy = Policy | Path | Mapping[str, object] | None
"""A policy ready made, a TOML file, or its keys; None: the snapshot's own."""

_Stated = tuple[object, RawPolicy]
"""An `as_of` as it came, and what it stands in."""
_NOT_STATED: _Stated = None, RawPolicy({}, Place(None))


@dataclass(frozen=True)
class Reading:
    """A snapshot read, with what is worth knowing about it.

    Parameters
    ----------
    warnings : what a plan must state
    rejected : rows left out under quarantine; empty otherwise
    """

    snapshot: Snapshot
    warnings: tuple[Fault, ...] = ()
    rejected: tuple[Rejected, ...] = ()


@dataclass(frozen=True)
class Options:
    """How to read, the same for every kind of source."""

    policy: GivenPolicy
    as_of: date | None
    today: date
    quarantine: bool


def read_snapshot(
    path: Path | str,
    *,
    policy: GivenPolicy = None,
    as_of: date | None = None,
    today: date,
    quarantine: bool = False,
) -> Reading:
    """Return the snapshot that a folder of CSV files, an .xlsx or a .json file holds.

    Parameters
    ----------
    policy : replaces the snapshot's policy whole, its `as_of` too
    as_of : the day of the plan; else the JSON's, else the policy's, else `today`
    quarantine : leave out rows with faults, and what refers to them, instead of refusing the whole

    Raises
    ------
    BadInput
        With every fault there is. Under quarantine only those of whole files, headers and the policy.
    """
    source = _open(Path(path), with_policy=policy is None)
    return _reading(source, Options(policy, as_of, today, quarantine))


def parse_snapshot(
    document: object,
    *,
    policy: GivenPolicy = None,
    as_of: date | None = None,
    today: date,
    quarantine: bool = False,
) -> Reading:
    """Return the snapshot that a decoded JSON object holds; otherwise like `read_snapshot`.

    Raises
    ------
    BadInput
        With every fault there is, each with a JSON pointer.
    """
    source = read_object(document, None, with_policy=policy is None)
    return _reading(source, Options(policy, as_of, today, quarantine))


def _open(path: Path, with_policy: bool) -> Source:
    """Return the source at a path, by what it is called."""
    if not path.exists():
        return _no_source(not_found(path))
    if path.is_dir():
        return read_folder(path, with_policy)
    readers = {".xlsx": read_workbook, ".xlsm": read_workbook, ".json": read_document}
    read = readers.get(path.suffix.casefold())
    if read:
        return read(path, with_policy)
    hint = "a folder of CSV files, an .xlsx or a .json"
    return _no_source(Fault("unknown-format", "this is not a kind of snapshot", path.name, hint=hint))


def _no_source(fault: Fault) -> Source:
    return Source(findings=Findings(faults=[fault]))


def _reading(source: Source, options: Options) -> Reading:
    """Return the snapshot of a source, or raise with every fault."""
    findings = source.findings
    policy, policy_states = _policy(source.policy, options.policy, findings)
    as_of = _as_of(source, policy_states, options, findings)
    tables = {name: read_table(source.tables[name], findings) for name in TABLES if name in source.tables}
    check(tables, policy, as_of, findings)
    if findings.faults or (findings.rows and not options.quarantine) or policy is None or as_of is None:
        raise BadInput(findings.every_fault(TABLES))
    rejected: list[Rejected] = []
    while findings.rows:
        findings, tables = _without_faults(findings, tables, rejected)
        check(tables, policy, as_of, findings)
    map_closed_areas(tables)
    rows = {name: as_models(table) for name, table in tables.items()}
    snapshot = Snapshot.model_validate({"as_of": as_of, "policy": policy, **rows})
    return Reading(snapshot, tuple(findings.warnings), tuple(rejected))


def check(tables: dict[str, Table], policy: Policy | None, as_of: date | None, findings: Findings) -> None:
    """Note everything that does not hold within rows and between them, and what is worth knowing."""
    check_rows(tables, as_of, findings)
    for table in tables.values():
        check_unique(table, findings)
        if table.name not in KEYS:
            check_repeats(table, findings)
    check_references(tables, findings)
    check_chains(tables, findings)
    check_closed_areas(tables, findings)
    if policy:
        check_types(tables, policy, findings)
    if "cases" in tables:
        findings.warnings += advice(tables["cases"])


def _without_faults(
    findings: Findings, tables: dict[str, Table], rejected: list[Rejected]
) -> tuple[Findings, dict[str, Table]]:
    """Return the tables without the rows at fault, and findings that keep only what no row can mend."""
    reasons = left_out(tables, findings.rows)
    rejected += records(tables, reasons)
    lasting = [one for one in findings.warnings if one.code in LASTING]
    kept = {name: table.without({row for of, row in reasons if of == name}) for name, table in tables.items()}
    return Findings(warnings=[*lasting, *hidden_work(tables, reasons)]), kept


def as_models(table: Table) -> Iterator[dict[str, object]]:
    """Yield the rows as the models take them: what is given, for a model keeps a list of that."""
    columns = [(name, COLUMNS[table.name][name].default) for name in table.values]
    for values in zip(*table.values.values(), strict=True):
        yield {
            name: value
            for (name, default), value in zip(columns, values, strict=True)
            if value is not default
        }


def _policy(raw: RawPolicy | None, given: GivenPolicy, findings: Findings) -> tuple[Policy | None, _Stated]:
    """Return the policy to use and its `as_of`: the one given replaces the snapshot's whole."""
    report = findings.faults.append
    if isinstance(given, Policy):
        return given, _NOT_STATED
    if isinstance(given, Path):
        raw = read_toml(given, report)
        if raw is None:
            return None, _NOT_STATED
    elif given is not None:
        raw = RawPolicy(given, Place(None, is_json=True))
    return checked(without_as_of(raw), report), _stated(raw)


def _stated(raw: RawPolicy | None) -> _Stated:
    """Return the `as_of` that a policy, or a document, states."""
    if raw is None or not isinstance(raw.document, Mapping):
        return _NOT_STATED
    return raw.document.get("as_of"), raw


def _as_of(source: Source, policy_states: _Stated, options: Options, findings: Findings) -> date | None:
    """Return the day of the plan: as asked, else the document's, else the policy's, else today."""
    document = RawPolicy({"as_of": source.as_of}, Place(source.file, is_json=True))
    given = ((options.as_of, document), _stated(document), policy_states, (options.today, document))
    found, raw = next(one for one in given if not is_empty(one[0]))
    value = day(Range(EARLIEST, None, LATEST))(found)
    if isinstance(value, date):
        return value
    wrong = cast(CellFault, value)
    findings.faults.append(raw.fault("/as_of", wrong.code, f"`as_of` {wrong.message}", found, wrong.hint))
    return None
