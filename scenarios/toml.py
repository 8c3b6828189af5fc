"""Documents as TOML, to be read by people too: no key that says nothing, notes beside what they are about."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from textwrap import wrap
from typing import Final

WIDTH: Final = 100
MOST_DIGITS: Final = 1e15
_BARE = re.compile(r"[A-Za-z0-9_-]+")
Notes = Mapping[str, str]
"""By key with dots, as variants name it: what stands behind it as a comment."""


def as_toml(document: Mapping[str, object], notes: Notes | None = None, head: tuple[str, ...] = ()) -> str:
    """The text of a document.

    Parameters
    ----------
    head : lines that stand before it as comments
    """
    opening = [f"# {part}".rstrip() for text in head for part in wrap(_plain(text), WIDTH - 2) or ("",)]
    body = "\n".join(_table(document, (), "", notes or {})).strip("\n")
    return "\n\n".join(filter(None, ("\n".join(opening), body))) + "\n"


def _table(table: Mapping[str, object], at: tuple[str, ...], key: str, notes: Notes) -> Iterator[str]:
    """Yield the lines of a table: what stands in one line first, tables of its own after that."""
    own = {name: value for name, value in table.items() if value is not None}
    later = {name: value for name, value in own.items() if not _fits(value, at, _dotted(key, name), notes)}
    for name, value in own.items():
        if name not in later:
            yield from _line(name, value, notes.get(_dotted(key, name)))
    for name, value in later.items():
        place, dotted = (*at, _key(name)), _dotted(key, name)
        if isinstance(value, Mapping):
            yield from ("", *_heading(f"[{'.'.join(place)}]", notes.get(dotted)))
            yield from _table(value, place, dotted, notes)
        elif isinstance(value, (list, tuple)):
            for entry in value:
                yield from ("", *_heading(f"[[{'.'.join(place)}]]", None))
                yield from _table(entry, place, _dotted(dotted, str(entry.get("name", ""))), notes)


def _fits(value: object, at: tuple[str, ...], key: str, notes: Notes) -> bool:
    """Whether a value stands in the line of its key: no table at the top, nor one with notes or lists."""
    if isinstance(value, (list, tuple)):
        return not any(isinstance(one, Mapping) for one in value)
    if not isinstance(value, Mapping):
        return True
    is_flat = not any(isinstance(one, (Mapping, list, tuple)) for one in value.values())
    return bool(at) and is_flat and not any(note.startswith(f"{key}.") for note in notes)


def _heading(text: str, note: str | None) -> Iterator[str]:
    yield text if note is None else f"{text}  # {_plain(note)}"


def _line(name: str, value: object, note: str | None) -> Iterator[str]:
    """Yield a key with its value, a long list over several lines."""
    text, said = f"{_key(name)} = {_value(value)}", f"  # {_plain(note)}" if note else ""
    if len(text) <= WIDTH or not isinstance(value, (list, tuple)):
        yield f"{text}{said}"
        return
    yield f"{_key(name)} = [{said}"
    line = ""
    for one in map(_value, value):
        if line and len(line) + len(one) > WIDTH - 8:
            yield f"    {line}"
            line = ""
        line += f"{' ' * bool(line)}{one},"
    yield f"    {line}"
    yield "]"


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        inside = ", ".join(f"{_key(name)} = {_value(one)}" for name, one in value.items() if one is not None)
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_value(one) for one in value)}]"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:.0f}" if value == int(value) and abs(value) < MOST_DIGITS else repr(value)
    return _text(value) if isinstance(value, str) else json.dumps(value)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _text(words: str) -> str:
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007F")


def _plain(words: str) -> str:
    """What a comment can hold: one line, without control characters."""
    return "".join(letter if letter.isprintable() else " " for letter in words)


def _dotted(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name
