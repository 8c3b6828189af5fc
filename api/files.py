"""Files that are sent in place of a document: those of a form, as browsers and other clients send them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import PureWindowsPath

from pydantic import JsonValue
from werkzeug.datastructures import FileStorage, MultiDict

from api.openapi import Json

MULTIPART = "multipart/form-data"
SCHEMA: Json = {
    "type": "object",
    "properties": {"files": {"type": "array", "items": {"type": "string", "format": "binary"}}},
    "required": ["files"],
}


@dataclass(frozen=True)
class Files:
    """Files, each by what it is called and what it holds."""

    given: tuple[tuple[str, bytes], ...]

    def told(self) -> JsonValue:
        """What tells these from others: their names and digests."""
        return [[name, hashlib.sha256(data).hexdigest()] for name, data in self.given]


def files_of(sent: MultiDict[str, FileStorage]) -> Files:
    """The files of a form; a field in which none was chosen holds none.

    Raises
    ------
    werkzeug.exceptions.RequestEntityTooLarge
        When they are larger than a request may be.
    """
    chosen = (one for name in sent for one in sent.getlist(name) if one.filename)
    return Files(tuple((PureWindowsPath(one.filename or "").name, one.read()) for one in chosen))
