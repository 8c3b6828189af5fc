"""Canonical JSON (RFC 8785) of a document of tables: byte for byte what `rfc8785` writes, and sooner.

Rows of short texts, lists of texts and everyday numbers are written as Python's own compiled encoder does,
which comes to the same; any other row, and whatever is no table, is left to `rfc8785`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import rfc8785

Rows = list[dict[str, Any]]
ROWS_AT_ONCE = 1_000
LEAST, MOST = 1e-4, 1e15
"""Beyond these the standard and Python write a number's exponent differently, or at all."""

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def canonical(document: Mapping[str, Any]) -> Iterator[bytes]:
    """The pieces of a document's canonical JSON; its own keys and those of rows are plain ASCII."""
    opening = b"{"
    for key in sorted(document):
        yield opening + rfc8785.dumps(key) + b":"
        value = document[key]
        is_table = isinstance(value, list) and all(isinstance(row, dict) for row in value)
        yield from _table(value) if is_table else (rfc8785.dumps(value),)
        opening = b","
    yield b"}" if document else b"{}"


def _table(rows: Rows) -> Iterator[bytes]:
    """The pieces of one array of objects."""
    yield b"["
    for first in range(0, len(rows), ROWS_AT_ONCE):
        block = rows[first : first + ROWS_AT_ONCE]
        plain = [_plain(row) for row in block]
        yield b"," if first else b""
        if None in plain:
            yield b",".join(rfc8785.dumps(row) for row in block)
        else:
            yield _encode(plain)[1:-1].encode()
    yield b"]"


def _plain(row: dict[str, Any]) -> dict[str, Any] | None:
    """The row with 14 for 14.0, so that both encoders write the same; None if they might not."""
    plain = {}
    for key, value in row.items():
        kind = type(value)
        if kind is float:
            if value.is_integer() and -MOST < value < MOST:
                value = int(value)
            elif not LEAST <= abs(value) < MOST:
                return None
        elif kind is list:
            if any(type(one) is not str for one in value):
                return None
        elif kind is not str and kind is not bool and not (kind is int and -MOST < value < MOST):
            return None
        plain[key] = value
    return plain
