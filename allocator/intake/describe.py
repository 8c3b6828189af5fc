"""The page on input, docs/input.md, written from the models and the list of codes so that it cannot differ.

`python -m allocator.intake.describe docs/input.md` writes it; a test compares.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from allocator.fields import Row
from allocator.intake.codes import FILE_FAULTS, ROW_FAULTS, WARNINGS
from allocator.intake.specs import ALONE, COLUMNS, MODELS, REQUIRED_TABLES, Column
from allocator.policy import Policy

INTRODUCTION: Final = """# What goes in

*Written by `python -m allocator.intake.describe docs/input.md` from the models; do not edit it by hand.*

A snapshot is everything known at one moment. It comes as one of three, which mean the same:

- a **folder** of CSV files named as the tables below, perhaps with a `policy.toml`;
- an **.xlsx** with sheets of those names, perhaps a sheet `policy` with columns `key` and `value` and dotted
  keys (`horizon.weeks`, `review_types.focused.second.skills`);
- one **JSON document**: an object with an array for each table, perhaps `policy` (an object) and `as_of`.

How cells are read, the same everywhere:

- Text is UTF-8 (a BOM is tolerated). Values are trimmed; an empty cell, `null` or `""` is "not given".
- Dates are YYYY-MM-DD or a spreadsheet's date, between 1900-01-01 and 2199-12-31. Numbers are digits and a
  point: no thousands separators, no `1e3`. In JSON a number is a number, not text.
- Lists are split by `;` in a cell and are arrays in JSON; empty entries and repeats are dropped.
- Skills, labels, review types and words to choose from are lower-cased; area and organisation codes are
  upper-cased; case and reviewer ids stay as they are. A spreadsheet's number 12.0 is the id 12.
- Positions of cases and reviewers are rounded to two decimals, about a kilometre.
- A formula in a workbook counts as the value it shows; one that shows an error, or was never worked out, is a
  fault. In a CSV a cell that begins with `=` or `@` (or with `+` or `-` without being a number) is a fault;
  `'=…` is text, as our own exports write it.
- Blank rows are passed over; a table with only its header is empty and valid. An empty table of areas,
  organisations or contracts counts as not given.

The day of the plan is `--as-of`, else the JSON's `as_of`, else `as_of` in the policy, else today.
`--policy` replaces the snapshot's policy whole, its `as_of` too. In a policy, review types that name
shipped ones change only the keys they give; a policy that names none of them replaces them all. The first
type is the base: the types keep the policy's own order if it names the shipped base (`initial`); else the
shipped ones come first.

Two codes of organisations are the same if following successor, then parent, ends at the same code. A case
in a closed area is read as the area's successor's, with a warning; if there are several, the new code is
asked for.

**Nothing is half-loaded.** Either every row is sound, or every fault is listed: its code, the file and
line (or JSON pointer), the column, the value, and what would be right.

**Quarantine** plans the sound rows instead. A row at fault is left out with every row that refers to it
(a case held by a reviewer who is left out is left out too, never silently released), a reviewer goes when
one of their own absences, declines or interests is at fault, and of rows with one id none stays.
`rejected.csv` lists them all. Faults of whole files, headers and the policy cannot be quarantined.

The snapshot's digest is the SHA-256 of its canonical JSON (RFC 8785): `as_of`, `policy`, the tables by id
without what is not given, and `review_type_order`, because canonical JSON sorts keys.
"""


def page() -> str:
    """Return the page as Markdown."""
    return "\n".join((INTRODUCTION, *_tables(), *_alone(), *_policy(), *_codes()))


def _tables() -> Iterator[str]:
    """Yield a section for each table."""
    yield "## Tables\n"
    for name, model in MODELS.items():
        need = "Required." if name in REQUIRED_TABLES else "Optional."
        yield f"### {name}\n\n{model.__doc__ or ''}".rstrip() + f" {need}\n"
        yield from _columns(name, model)


def _alone() -> Iterator[str]:
    """Yield a section for each table that is no part of a snapshot."""
    yield "## Completed reviews\n"
    yield "One CSV file of any name for `allocator calibrate`, no part of a snapshot. Cells are read alike.\n"
    for name, model in ALONE.items():
        yield f"### {name}\n\n{model.__doc__ or ''}".rstrip() + "\n"
        yield from _columns(name, model)


def _columns(name: str, model: type[Row]) -> Iterator[str]:
    """Yield the columns of a table as a table."""
    yield "| column | | value | default | meaning |\n|---|---|---|---|---|"
    fields = {field.alias or key: field for key, field in model.model_fields.items()}
    for column in COLUMNS[name].values():
        meaning = fields[column.name].description
        need = "required" if column.required else ""
        yield f"| `{column.name}` | {need} | {column.says} | {_default(column)} | {meaning} |"
    yield ""


def _default(column: Column) -> str:
    """Return a default as a cell would say it."""
    value = column.default
    return (
        "" if value is None or value == () else str(value).lower() if isinstance(value, bool) else str(value)
    )


def _policy() -> Iterator[str]:
    """Yield the section on the policy."""
    yield "## Policy\n\nEvery key may be left out. `allocator/policy.toml` is the shipped one, with ranges.\n"
    yield "| key | meaning |\n|---|---|"
    for name, field in Policy.model_fields.items():
        inner = getattr(field.annotation, "model_fields", None)
        if inner is None:
            yield f"| `{name}.…` | {field.description} |"
        for key, one in (inner or {}).items():
            yield f"| `{name}.{key}` | {one.description} |"
    yield ""


def _codes() -> Iterator[str]:
    """Yield a section for each group of codes."""
    groups = (("Faults of files", FILE_FAULTS), ("Faults of rows", ROW_FAULTS), ("Warnings", WARNINGS))
    for title, codes in groups:
        yield f"## {title}\n\n| code | what it is, and what to do |\n|---|---|"
        yield from (f"| `{code}` | {sentence} |" for code, sentence in codes.items())
        yield ""


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(page(), encoding="utf-8", newline="\n")
