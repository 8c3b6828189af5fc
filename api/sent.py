"""What is sent with a request, read: its path, its body, and the version that it is about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from flask import request

from allocator.errors import BadInput
from api.body import read_body
from api.errors import Refusal
from api.files import files_of
from api.openapi import RequestBody

_ETAG = re.compile(r'"([0-9]{1,9})"')
_ID = re.compile(r"[^;\x00-\x1f\x7f-\x9f\u2028\u2029]{1,64}")


def check_path(path: Mapping[str, str]) -> None:
    """Nothing, if what stands in a path for its names can be an id.

    Raises
    ------
    Refusal
        404 otherwise.
    """
    for name, value in path.items():
        if not _ID.fullmatch(value):
            raise Refusal(404, "not-found", f"There is no such {name.replace('_', ' ')}.")


def body_of(kind: RequestBody | None, largest: int) -> Any:
    """The document that is sent, or the files in its place; None where none is.

    Raises
    ------
    Refusal, BadInput
        It cannot be read.
    """
    if kind is None:
        return None
    if request.mimetype in kind.forms:
        return files_of(request.files)
    body = read_body(request, largest)
    if body.faults:
        raise BadInput(body.faults)
    return body.document


def expected() -> int | None:
    """The version that the call is about; 0: none that is there, None: whatever there is.

    Raises
    ------
    Refusal
        400: its header is no version.
    """
    if request.headers.get("If-None-Match") == "*":
        return 0
    match = request.headers.get("If-Match")
    if match is None or match == "*":
        return None
    found = _ETAG.fullmatch(match)
    if found is None:
        raise Refusal(400, "bad-etag", 'If-Match: the ETag of the record as it was read, such as "3".')
    return int(found[1])
