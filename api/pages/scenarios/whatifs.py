"""What if: the variants that a form asks for, and where on it each was typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from api.pages.scenarios.asked import Asked, Asking
from api.pages.scenarios.typed import Form, numbers_in, places, value_of

LONGEST: Final = 64
COUNTED: Final = {"people": ("people", "person"), "wte": ("full-time posts", "full-time post")}
"""What is counted under a key: several, and one."""
MORE, KEEP, OTHER = "more", "keep", "other"
Change = dict[str, Any]


@dataclass(frozen=True)
class WhatIf:
    """One variant.

    Parameters
    ----------
    place : the field that it was typed into
    """

    name: str
    change: Change
    place: str

    def as_document(self) -> dict[str, Any]:
        """The same as a scenario has it."""
        return {"name": self.name, "change": self.change}


def whatifs(form: Form, asking: Asking, offered: Sequence[Mapping[str, Any]]) -> list[WhatIf]:
    """The variants that are asked for, each under a name of its own.

    Parameters
    ----------
    offered : those that the scenario came with, which can be left out
    """
    kept = [
        WhatIf(str(one["name"]), dict(one["change"]), f"{KEEP}/{at}")
        for at, one in enumerate(offered)
        if f"{KEEP}/{at}" in form
    ]
    found: list[WhatIf] = []
    for one in (*kept, *_more(form, asking), *_others(form, asking)):
        taken = {each.name for each in found}
        found.append(WhatIf(_free(one.name, taken), one.change, one.place))
    return found


def choices(asking: Asking) -> Iterator[tuple[str, str]]:
    """Yield the key and the words of each number that can be another."""
    for section in asking.sections:
        for one in section.asked:
            if one.shape.kind in ("number", "whole"):
                yield one.key, one.short
    for listed in asking.lists:
        for entry in listed.entries:
            for one in entry.asked:
                if one.shape.kind in ("number", "whole") and entry.title:
                    yield one.key, f"{entry.title}: {one.short[:1].lower()}{one.short[1:]}"


def size_of(entry: Sequence[Asked]) -> Asked:
    """How many of a group there are: people if it says so, else full-time posts."""
    by_name = {one.path.rpartition("/")[2]: one for one in entry}
    has_people = bool(by_name["people"].text) and not by_name["wte"].text
    return by_name["people"] if has_people else by_name["wte"]


def counted(entry: Sequence[Asked]) -> str:
    """What is counted in a group: people, or full-time posts."""
    return COUNTED[size_of(entry).path.rpartition("/")[2]][False]


def _more(form: Form, asking: Asking) -> Iterator[WhatIf]:
    """Yield what was asked of more staff: each number of a row by itself."""
    for at, group in enumerate(asking.listed("groups").entries):
        size = size_of(group.asked)
        place = f"{MORE}/{at}"
        for text, more in numbers_in(form.get(place, "")):
            now = value_of(size.text or "0", size.shape)
            both = isinstance(more, int | float) and isinstance(now, int | float)
            what = COUNTED[size.path.rpartition("/")[2]][more == 1]
            yield WhatIf(
                f"{text} more {what} in {group.title}", {size.key: now + more if both else more}, place
            )


def _others(form: Form, asking: Asking) -> Iterator[WhatIf]:
    """Yield what was asked of any other number."""
    known, named = {one.key: one for one in asking.every()}, dict(choices(asking))
    for at in places(form, OTHER):
        key, text = form.get(f"{OTHER}/{at}/key", ""), form.get(f"{OTHER}/{at}/value", "").strip()
        if not key and not text:
            continue
        asked = known.get(key)
        value = text if asked is None else value_of(text, asked.shape)
        unit = "" if asked is None else asked.shape.unit
        words = f"£{text}" if unit == "£" else f"{text}{unit}" if unit == "%" else f"{text} {unit}".strip()
        yield WhatIf(f"{named.get(key, 'something else')}: {words}", {key: value}, f"{OTHER}/{at}/value")


def _free(name: str, taken: set[str]) -> str:
    """A name that is not taken, and not too long."""
    short = name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
    at = 2
    while short in taken:
        ending = f" ({at})"
        short, at = f"{name[: LONGEST - len(ending)]}{ending}", at + 1
    return short
