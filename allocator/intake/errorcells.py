"""Cells of a workbook that show an error, or a formula nobody has worked out yet.

The reader of workbooks gives both as empty cells, and an empty cell is "not given": a case whose reviewer_id
shows #N/A would be planned as if nobody held it. They are therefore looked for in the sheets' XML.
"""

import io
import posixpath
import re
from typing import NamedTuple
from xml.etree import ElementTree
from zipfile import ZipFile

_ERROR = re.compile(rb'<(?:\w+:)?c\b([^>]*\bt="e"[^>]*)>(.*?)</(?:\w+:)?c>', re.DOTALL)
_NO_VALUE = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b[^>]*?(?:/>|>[^<]*</(?:\w+:)?f>)\s*</(?:\w+:)?c>", re.DOTALL
)
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)</")
_AT = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


class CellAt(NamedTuple):
    """A cell by row and column, from 0, and what to show for it."""

    row: int
    column: int
    shown: str


def shown_errors(data: bytes) -> dict[str, list[CellAt]]:
    """Return by sheet the cells that show an error or hold a formula without a stored value."""
    with ZipFile(io.BytesIO(data)) as archive:
        there = set(archive.namelist())
        sheets = {name: path for name, path in _sheet_paths(archive).items() if path in there}
        return {name: _cells(archive.read(path)) for name, path in sheets.items()}


def _sheet_paths(archive: ZipFile) -> dict[str, str]:
    """Return the path inside the archive of each sheet."""
    try:
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - expat limits expansion
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    except (KeyError, ElementTree.ParseError):
        return {}
    targets = {link.get("Id"): posixpath.join("/xl", link.get("Target", ""))[1:] for link in links}
    sheets = (element for element in book.iter() if element.tag.endswith("}sheet"))
    return {sheet.get("name", ""): targets.get(sheet.get(f"{_OFFICE}id"), "") for sheet in sheets}


def _cells(xml: bytes) -> list[CellAt]:
    """Return the cells of one sheet's XML."""
    found = []
    for cell in _ERROR.finditer(xml):
        value = _VALUE.search(cell[2])
        found.append((cell[1], value[1].decode("utf-8", "replace") if value else "#N/A"))
    found += [(cell[1], "#FORMULA") for cell in _NO_VALUE.finditer(xml)]
    places = ((_AT.search(attributes), shown) for attributes, shown in found)
    return [CellAt(int(at[2]) - 1, _column_number(at[1]), shown) for at, shown in places if at]


def _column_number(letters: bytes) -> int:
    """Return 0 for A, 26 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
