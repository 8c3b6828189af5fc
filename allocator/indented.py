"""JSON indented by one, as `json.dumps(…, indent=1)` writes it, with the compiled encoder where that does it.

Python's compiled encoder does not indent. But it takes the text between two entries, and a line feed never
stands inside a JSON string: so a table of flat rows is encoded in one go, and broken into lines after that.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any


def indented(value: Any, depth: int = 0) -> str:
    """The JSON of a value that stands at a depth; keys are texts, and there is no NaN."""
    if isinstance(value, dict) and value:
        if _is_flat(value.values()):
            return _wrapped(_encoder(depth + 1).encode(value), depth)
        parts = (f"{_encoder(0).encode(key)}: {indented(one, depth + 1)}" for key, one in value.items())
        return _wrapped(f"{{{_between(depth + 1).join(parts)}}}", depth)
    if isinstance(value, list) and value:
        if all(isinstance(row, dict) and row and _is_flat(row.values()) for row in value):
            return _table(value, depth)
        parts = (indented(one, depth + 1) for one in value)
        return _wrapped(f"[{_between(depth + 1).join(parts)}]", depth)
    return _encoder(0).encode(value)


def _is_flat(values: Any) -> bool:
    """True if nothing among the values holds others."""
    return not any(isinstance(one, dict | list) for one in values)


def _table(rows: list[dict[str, Any]], depth: int) -> str:
    """The JSON of flat rows: between two of them, and only there, a brace stands beside a line feed."""
    inner, outer = "\n" + " " * (depth + 2), "\n" + " " * (depth + 1)
    text = _encoder(depth + 2).encode(rows)[2:-2]
    text = text.replace(f"}},{inner}{{", f"{outer}}},{outer}{{{inner}")
    return _wrapped(f"[{{{inner}{text}{outer}}}]", depth)


def _wrapped(text: str, depth: int) -> str:
    """What stands in brackets, on lines of its own."""
    return f"{text[0]}\n{' ' * (depth + 1)}{text[1:-1]}\n{' ' * depth}{text[-1]}"


def _between(depth: int) -> str:
    """What parts two entries at a depth."""
    return ",\n" + " " * depth


@lru_cache
def _encoder(depth: int) -> json.JSONEncoder:
    return json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(_between(depth), ": "))
