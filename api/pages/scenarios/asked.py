"""A scenario as questions, made from its schema: a key that is new there is asked here by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from api import words
from api.pages.scenarios.shapes import Shape, listed_of, shape_of, table_of
from api.pages.scenarios.typed import amount, value_of, written
from api.words import capital
from scenarios.scenario import Scenario

Document = Mapping[str, Any]
ASKED_ELSEWHERE: Final = ("variants", "assumptions")
ONE_OF: Final[Mapping[str, str]] = {"groups": "group of staff", "areas": "area", "shocks": "shock",
                                    "demand/skills": "skill"}  # fmt: skip
"""What an entry of a list is called; one that is new, by its table."""


@dataclass(frozen=True)
class Range:
    """Between what a number that nobody knows exactly lies, and why."""

    usual: str
    low: str
    high: str
    reason: str


@dataclass(frozen=True)
class Asked:
    """One question.

    Parameters
    ----------
    path : where its answer stands, as faults name it; key : the same as variants name it
    label : a question, of what everybody is asked; else what it is, as `short` is of all
    text : what stands in its field
    """

    path: str
    key: str
    label: str
    short: str
    hint: str
    shape: Shape
    text: str
    is_main: bool
    within: Range | None = None

    @property
    def amount(self) -> str:
        """What stands in its field, with its unit."""
        return amount(value_of(self.text, self.shape), self.shape)


@dataclass(frozen=True)
class Section:
    """The questions of one table."""

    path: str
    title: str
    intro: str
    asked: tuple[Asked, ...]

    def of(self, *, main: bool, ranged: bool = False) -> tuple[Asked, ...]:
        """Those that everybody is asked; or of the others those with a range, or those without."""
        return tuple(
            one for one in self.asked if one.is_main == main and (main or (one.within is not None) == ranged)
        )


@dataclass(frozen=True)
class Listed:
    """Tables of which there are some, such as groups of staff, one after the other."""

    path: str
    one: str
    entries: tuple[Section, ...]


@dataclass(frozen=True)
class Asking:
    """All questions of a scenario."""

    sections: tuple[Section, ...]
    lists: tuple[Listed, ...]

    def every(self) -> Iterator[Asked]:
        """Yield each question."""
        for section in (*self.sections, *(entry for one in self.lists for entry in one.entries)):
            yield from section.asked

    def listed(self, path: str) -> Listed:
        """The list at a path."""
        return next(one for one in self.lists if one.path == path)


@dataclass(frozen=True)
class _Place:
    """Where a table stands."""

    path: str = ""
    key: str = ""
    before: str = ""

    def at(self, name: str) -> tuple[str, str]:
        """The path and the key of one of its keys."""
        return f"{self.path}/{name}".strip("/"), f"{self.key}.{name}".strip(".")


def asking(document: Document) -> Asking:
    """The questions of a scenario, each with what stands under its key; that may be what cannot be read."""
    sections, lists, general = list[Section](), list[Listed](), list[Asked]()
    ranges = document.get("assumptions", {})
    for name, info in Scenario.model_fields.items():
        table, value = table_of(info), _value(document, name, info)
        if name in ASKED_ELSEWHERE:
            continue
        if listed_of(info) is not None:
            lists.append(_listed(_Place(name, name), info, value, ranges))
        elif table is None:
            general += _leaf(_Place(), name, info, value, ranges)
        else:
            place = _Place(name, name)
            asked = tuple(_asked(table, value, place, ranges))
            sections.append(Section(name, words.sentence(name), _intro(table), asked))
            lists += _lists(table, value, place, ranges)
    return Asking((Section("", "Scenario", "", tuple(general)), *sections), tuple(lists))


def _asked(model: type[BaseModel], document: Document, place: _Place, ranges: Document) -> Iterator[Asked]:
    for name, info in model.model_fields.items():
        value, table = _value(document, name, info), table_of(info)
        if table is not None:
            path, key = place.at(name)
            yield from _asked(table, value, _Place(path, key, info.description or ""), ranges)
        elif listed_of(info) is None:
            yield from _leaf(place, name, info, value, ranges)


def _lists(model: type[BaseModel], document: Document, place: _Place, ranges: Document) -> Iterator[Listed]:
    for name, info in model.model_fields.items():
        if listed_of(info) is not None:
            yield _listed(_Place(*place.at(name)), info, _value(document, name, info), ranges)


def _listed(place: _Place, info: FieldInfo, entries: Any, ranges: Document) -> Listed:
    table = cast("type[BaseModel]", listed_of(info))
    one = ONE_OF.get(place.path, words.sentence(table.__name__).lower())
    found = []
    for at, entry in enumerate(entries):
        name = str(entry.get("name") or "")
        asked = tuple(_asked(table, entry, _Place(f"{place.path}/{at}", f"{place.key}.{name}"), ranges))
        title = name or f"{words.sentence(one)} {at + 1}"
        found.append(Section(f"{place.path}/{at}", title, "", asked))
    return Listed(place.path, one, tuple(found))


def _leaf(place: _Place, name: str, info: FieldInfo, value: Any, ranges: Document) -> Iterator[Asked]:
    shape = shape_of(info)
    if shape is None:
        return
    path, key = place.at(name)
    says = ": ".join(filter(None, (place.before, info.description or words.sentence(name))))
    label, _, hint = says.partition("; ")
    yield Asked(
        path=path,
        key=key,
        label=info.title or capital(label),
        short=capital(label),
        hint=capital(hint),
        shape=shape,
        text=written(value, shape),
        is_main=info.title is not None,
        within=_range(info, shape, ranges.get(key)),
    )


def _range(info: FieldInfo, shape: Shape, own: Document | None) -> Range | None:
    """The range of a number: the scenario's own, or the shipped one; None: it has none."""
    extra = cast("dict[str, Any]", info.json_schema_extra or {})
    told = own or extra
    if "low" not in told or told["low"] == told["high"]:
        return None
    low, high, usual = (amount(value, shape) for value in (told["low"], told["high"], info.default))
    if shape.unit not in ("£", "%"):
        low = low.removesuffix(f" {shape.unit}")
    return Range(usual if own is None else "", low, high, capital(str(told["reason"])))


def _value(document: Document, name: str, info: FieldInfo) -> Any:
    """What stands under a key, or its default as a document has it."""
    if name in document:
        return document[name]
    value = None if info.is_required() else info.get_default(call_default_factory=True)
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else value


def _intro(model: type[BaseModel]) -> str:
    return (model.__doc__ or "").partition("\n")[0]
