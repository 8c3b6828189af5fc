"""One JSON document: an object with an array for each table, perhaps `policy` and `as_of`."""

import json
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from allocator.errors import Fault
from allocator.intake.findings import did_you_mean, printable
from allocator.intake.folder import report_missing
from allocator.intake.headers import missing_columns, unknown_column
from allocator.intake.sources import Place, RawPolicy, RawTable, Source, decode, read_bytes
from allocator.intake.specs import COLUMNS, TABLES

KEYS = (*TABLES, "policy", "as_of")


def read_document(path: Path, with_policy: bool) -> Source:
    """Return what a JSON file holds; `with_policy` False leaves its policy unread."""
    source = Source()
    data = read_bytes(path, source.findings.faults.append)
    return source if data is None else parse_document(path.name, data, with_policy)


def parse_document(file: str, data: bytes, with_policy: bool, is_whole: bool = True) -> Source:
    """Return what a JSON file's bytes hold; see `read_object`."""
    source = Source()
    report = source.findings.faults.append
    content = decode(data, file, report)
    if content is None:
        return source
    doubles: list[tuple[dict[str, object], str]] = []
    try:
        document = json.loads(content, object_pairs_hook=lambda pairs: _noting(doubles, pairs))
    except json.JSONDecodeError as error:
        message = f"not JSON at column {error.colno}: {error.msg}"
        report(Fault("broken-json", message, file, error.lineno, hint="mend it there"))
        return source
    except (RecursionError, ValueError):
        message = "nested too deep, or a number with thousands of digits"
        report(Fault("broken-json", message, file, hint="an object with an array for each table"))
        return source
    source = read_object(document, file, with_policy, is_whole)
    source.findings.faults += _doubles(document, doubles, file)
    return source


def read_object(document: object, file: str | None, with_policy: bool, is_whole: bool = True) -> Source:
    """Return what a decoded JSON object holds, with places as JSON pointers.

    Parameters
    ----------
    is_whole : it is a whole snapshot, in which a required table that is missing is a fault
    """
    source = Source()
    if not isinstance(document, Mapping):
        hint = "an object with `cases`, `reviewers`, …"
        source.findings.faults.append(Fault("wrong-type", "the document is not an object", file, hint=hint))
        return source
    for key in document:
        if key not in KEYS:
            source.findings.faults.append(_unknown_key(str(key), file))
    place = Place(file, is_json=True)
    seen = {name for name in TABLES if document.get(name) is not None}
    for name in (name for name in TABLES if name in seen):
        _read_table(name, document[name], place, source)
    if is_whole:
        report_missing(seen, "`{}`", file, source)
    if with_policy and document.get("policy") is not None:
        source.policy = RawPolicy(document["policy"], place, "/policy")
    source.as_of, source.file = document.get("as_of"), file
    return source


def _unknown_key(key: str, file: str | None) -> Fault:
    near = did_you_mean(key, KEYS)
    hint = f"did you mean `{near}`?" if near else "the keys are " + ", ".join(KEYS)
    pointer = "/" + escaped(key)
    return Fault("unknown-table", f"unknown key `{printable(key)}`", file, pointer=pointer, hint=hint)


def escaped(key: str) -> str:
    """Return a key as it stands in a JSON pointer (RFC 6901)."""
    return str(printable(key)).replace("~", "~0").replace("/", "~1")


def _read_table(name: str, rows: object, place: Place, source: Source) -> None:
    """Add an array's table to the source."""
    if not isinstance(rows, list):
        fault = Fault(
            "wrong-type",
            f"`{name}` is not an array",
            place.file,
            pointer=f"/{name}",
            hint="an array of objects",
        )
        source.findings.faults.append(fault)
        return
    objects = [row if isinstance(row, Mapping) else {} for row in rows]
    keys = {key: None for row in objects for key in row}
    known = [column for column in COLUMNS[name] if column in keys]
    columns = {column: [row.get(column) for row in objects] for column in known}
    table = RawTable(name, place, columns, range(len(rows)))
    source.tables[name] = table
    for row, value in enumerate(rows):
        if not isinstance(value, Mapping):
            fault = table.fault(
                row, None, "not-an-object", f"an entry of `{name}` is not an object", "an object"
            )
            source.findings.refuse(name, row, fault)
    source.findings.faults += _key_faults(table, objects, [key for key in keys if key not in COLUMNS[name]])


def _key_faults(table: RawTable, rows: list[Mapping[str, object]], unknown: list[str]) -> list[Fault]:
    """Return what is wrong with the keys: each unknown one once, where it stands first."""
    faults = []
    for key in unknown:
        row = next(at for at, one in enumerate(rows) if key in one)
        code, message, hint = unknown_column(table.name, str(key))
        pointer = f"/{table.name}/{row}/{escaped(str(key))}"
        column = str(printable(str(key)))
        faults.append(Fault(code, message, table.place.file, pointer=pointer, column=column, hint=hint))
    for column in missing_columns(table.name, table.columns) if rows else []:
        message = f"column `{column}` is missing"
        pointer = f"/{table.name}"
        faults.append(
            Fault(
                "missing-column",
                message,
                table.place.file,
                pointer=pointer,
                column=column,
                hint="it is required",
            )
        )
    return faults


def _noting(
    doubles: list[tuple[dict[str, object], str]], pairs: list[tuple[str, object]]
) -> dict[str, object]:
    """Return the object of the pairs, noting the keys that stand twice in it."""
    made = dict(pairs)
    if len(made) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        doubles += [(made, key) for key in made if counts[key] > 1]
    return made


def _doubles(document: object, doubles: list[tuple[dict[str, object], str]], file: str) -> list[Fault]:
    """Return a fault for each key that stands twice, with its pointer."""
    if not doubles:
        return []
    pointers: dict[int, str] = {}
    waiting: list[tuple[str, object]] = [("", document)]
    while waiting:
        pointer, value = waiting.pop()
        pointers[id(value)] = pointer
        if isinstance(value, dict):
            waiting += [(f"{pointer}/{escaped(key)}", inner) for key, inner in value.items()]
        elif isinstance(value, list):
            waiting += [(f"{pointer}/{at}", inner) for at, inner in enumerate(value)]
    found = [(f"{pointers.get(id(made), '')}/{escaped(key)}", key) for made, key in doubles]
    return [
        Fault("duplicate-key", f"key `{printable(key)}` stands twice", file, pointer=pointer, hint="keep one")
        for pointer, key in found
    ]
