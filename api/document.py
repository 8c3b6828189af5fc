"""Bytes as one JSON document, with what is wrong in them that the decoded values no longer show."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import JsonValue

from allocator.errors import Fault
from api.errors import Refusal


@dataclass(frozen=True)
class Body:
    """A JSON document, and what is wrong with it that its values alone no longer show."""

    document: JsonValue
    faults: tuple[Fault, ...]


class _Doubled(dict[str, JsonValue]):
    """A JSON object some of whose keys were given twice: `keys_again`."""

    def __init__(self, pairs: list[tuple[str, JsonValue]]) -> None:
        super().__init__(pairs)
        times = Counter(name for name, _ in pairs)
        self.keys_again = tuple(name for name, count in times.items() if count > 1)


def parse_body(body: bytes) -> Body:
    """The JSON document in these bytes.

    Raises
    ------
    Refusal
        400, with the line and column, when they are not JSON in UTF-8.
    """
    text = _text(body)
    document, any_doubled = _parsed(text)
    doubled = _doubled_keys(document) if any_doubled else ()
    halves = _half_characters(document) if "\\ud" in text.lower() else ()
    return Body(document, (*doubled, *halves))


def broken(code: str, message: str, line: int | None = None, column: int | None = None) -> Refusal:
    """The refusal of bytes that are no JSON; line and column count from 1."""
    at = f" at line {line}, column {column}" if line is not None else ""
    fault = Fault(code, message, line=line, column=None if column is None else str(column))
    return Refusal(400, "broken-json", f"The body is not JSON{at}: {message}.", faults=(fault,))


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        column = error.start - body.rfind(b"\n", 0, error.start)
        raise broken("wrong-encoding", "it is not UTF-8", line, column) from None


def _parsed(text: str) -> tuple[JsonValue, bool]:
    """The document, and whether any key in it was given twice."""
    any_doubled = False

    def to_object(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
        nonlocal any_doubled
        found = dict(pairs)
        if len(found) == len(pairs):
            return found
        any_doubled = True
        return _Doubled(pairs)

    try:
        document: JsonValue = json.loads(text, object_pairs_hook=to_object)
    except json.JSONDecodeError as error:
        message = error.msg[:1].lower() + error.msg[1:]
        raise broken("broken-json", message, error.lineno, error.colno) from None
    except RecursionError:
        raise broken("broken-json", "it is nested too deeply") from None
    except ValueError:
        raise broken("broken-json", "a number in it has thousands of digits") from None
    return document, any_doubled


def _doubled_keys(document: JsonValue) -> Iterator[Fault]:
    """One fault for each key given twice."""
    for pointer, node in _nodes(document):
        for name in node.keys_again if isinstance(node, _Doubled) else ():
            place = f"{pointer}/{_escaped(name)}"
            yield Fault("duplicate-key", "the key stands twice", pointer=place, hint="keep one")


def _half_characters(document: JsonValue) -> Iterator[Fault]:
    """One fault for each text or key that holds half of a surrogate pair, which UTF-8 cannot carry."""
    message = "the text holds half a character (a lone \\ud8… escape)"
    for pointer, node in _nodes(document):
        texts = [node] if isinstance(node, str) else list(node) if isinstance(node, dict) else []
        if any(map(_is_half, texts)):
            yield Fault("bad-text", message, pointer=pointer, hint="write the whole pair, or leave it out")


def _is_half(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


def _nodes(document: JsonValue) -> Iterator[tuple[str, JsonValue]]:
    """Every value with its JSON pointer (RFC 6901); a stack and no recursion, as a document may be deep."""
    stack: list[tuple[str, JsonValue]] = [("", document)]
    while stack:
        pointer, node = stack.pop()
        yield pointer, node
        if isinstance(node, dict):
            stack.extend((f"{pointer}/{_escaped(name)}", node[name]) for name in reversed(node))
        elif isinstance(node, list):
            stack.extend((f"{pointer}/{place}", node[place]) for place in reversed(range(len(node))))


def _escaped(name: str) -> str:
    """The name as a JSON pointer writes it, half characters replaced."""
    return name.encode("utf-8", "replace").decode("utf-8").replace("~", "~0").replace("/", "~1")
