"""A scenario that somebody makes: where it begins, what was typed so far, and the wish that it becomes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from api.errors import Refusal
from api.pages.scenarios.asked import Asking, asking
from api.pages.scenarios.shapes import Shape
from api.pages.scenarios.typed import Form, document_of, places, text_of
from api.pages.scenarios.whatifs import MORE, OTHER, WhatIf, whatifs
from api.pages.typed import number_of
from scenarios.scenario import Scenario

Json = dict[str, Any]
BASE: Final = "_base"
WAS: Final = "_was"
DAY: Final = Shape("day", is_optional=True)
LISTS: Final = ("groups", "areas", "shocks", "demand/skills")
MOST_OTHERS: Final = 12


@dataclass(frozen=True)
class Draft:
    """What a form says.

    Parameters
    ----------
    document : the scenario without variants; an answer that cannot be read stands in it as it was typed
    offered : the variants that it came with
    begins : what it was made from, in words
    sources : where values are from, by key; kept : what was not filled in, and why
    form : what else was typed; None: nothing yet
    """

    document: Json
    offered: tuple[Json, ...]
    begins: str
    sources: Mapping[str, str] = field(default_factory=dict)
    kept: tuple[Json, ...] = ()
    form: Form | None = None

    @staticmethod
    def begun(
        document: Json, begins: str, filled: tuple[Json, ...] = (), kept: tuple[Json, ...] = ()
    ) -> Draft:
        """What somebody begins with.

        Parameters
        ----------
        document : a scenario that can be run
        """
        whole = Scenario.model_validate(document).model_dump(mode="json")
        offered = tuple(whole.pop("variants"))
        return Draft(whole, offered, begins, {one["key"]: one["source"] for one in filled}, tuple(kept))

    @staticmethod
    def typed(form: Form) -> Draft:
        """What a form says that was sent.

        Raises
        ------
        Refusal
            It is none of ours.
        """
        try:
            found = _read(json.loads(form.get(BASE, "")), form)
            found.asking.listed("groups")
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise Refusal(400, "bad-request", "This form is broken; go back and load it again.") from error
        return found

    @cached_property
    def asking(self) -> Asking:
        """Its questions."""
        return asking(self.document)

    @cached_property
    def base(self) -> str:
        """What the form does not ask, to be sent with it."""
        document = {key: value for key, value in self.document.items() if key not in LISTS}
        said = {"document": document, "offered": self.offered, "begins": self.begins, "kept": self.kept}
        return json.dumps(said | {"sources": dict(self.sources)}, ensure_ascii=False, separators=(",", ":"))

    @cached_property
    def whatifs(self) -> list[WhatIf]:
        """The variants that are asked for; at the beginning those that are offered."""
        form = MultiDict({f"keep/{at}": "yes" for at in range(len(self.offered))})
        return whatifs(form if self.form is None else self.form, self.asking, self.offered)

    def counted(self, name: str) -> int:
        """How many open cases have days of their own in the scenario; 0: it has a number of cases."""
        ages = ((self.document.get("demand") or {}).get("backlog") or {}).get(name) or ()
        return sum(map(len, ages.values())) if isinstance(ages, Mapping) else len(ages)

    def said(self, name: str, otherwise: str = "") -> str:
        """What stands in a field beside the scenario's own."""
        return otherwise if self.form is None else self.form.get(name, otherwise)

    def chosen(self, name: str, value: str, otherwise: bool = False) -> bool:
        """Whether a box is ticked."""
        return otherwise if self.form is None else value in self.form.getlist(name)

    @property
    def others(self) -> tuple[int, ...]:
        """The numbers of the rows of other what-ifs."""
        return tuple(range(max(1, len(places(self.form, OTHER)) if self.form else 0)))

    def wish(self) -> Json:
        """What is asked for."""
        scenario = self.document | {"variants": [one.as_document() for one in self.whatifs]}
        minutes = number_of(self.said("minutes", "5"))
        found: Json = {
            "scenario": scenario,
            "time_limit": 60 * minutes if isinstance(minutes, int) else minutes,
        }
        question = self.said("question")
        if question == "size":
            found["size"] = self._size()
        return found | {"tornado": question == "tornado"}

    def _size(self) -> Json:
        names = [one.title for one in self.asking.listed("groups").entries]
        groups = [names[int(at)] for at in self._sought() if at.isdigit() and int(at) < len(names)]
        day = text_of(self.form, "clear_by", DAY) if self.form else ""
        return {"groups": groups, "least": self.said("least", "cost"), "clear_by": day or None}

    def _sought(self) -> list[str]:
        return self.form.getlist("sought") if self.form else []

    def with_one_more(self, at: str) -> Draft:
        """The same with an entry more in a list, to be filled in."""
        form = MultiDict(self.form or {})
        if at == OTHER:
            form[f"{OTHER}/{min(len(self.others), MOST_OTHERS - 1)}/value"] = ""
            return replace(self, form=form)
        return self._changed(at, lambda entries: [*entries, {}], form)

    def without(self, at: str) -> Draft:
        """The same without an entry of a list."""
        path, _, place = at.rpartition("/")
        number = int(place) if place.isdigit() else -1
        form = MultiDict(self.form or {})
        if path == "groups":
            form = _moved(form, number)
        return self._changed(path, lambda all_: [one for n, one in enumerate(all_) if n != number], form)

    def _changed(self, path: str, change: Any, form: Form) -> Draft:
        if path not in LISTS:
            raise Refusal(400, "bad-request", "There is no such list on this page.")
        document = json.loads(json.dumps(self.document))
        *tables, last = path.split("/")
        table = document
        for name in tables:
            table = table[name]
        table[last] = change(table.get(last) or [])
        return replace(self, document=document, form=form)


def _read(base: Json, form: Form) -> Draft:
    """What a form says, with what it does not ask as it was when the form was made."""
    document = document_of(Scenario, base["document"], form)
    names = _renamed(form, document)
    ranges = {_new_key(key, names): one for key, one in (document.get("assumptions") or {}).items()}
    document["assumptions"] = {key: one for key, one in ranges.items() if key}
    offered = tuple(
        {**one, "change": {_new_key(key, names) or key: value for key, value in one["change"].items()}}
        for one in base["offered"]
    )
    return Draft(document, offered, str(base["begins"]), dict(base["sources"]), tuple(base["kept"]), form)


def _renamed(form: Form, document: Json) -> dict[str, str | None]:
    """By the name that a group had when the form was shown, the one that it has; None: it is gone."""
    groups = document.get("groups") or []
    was = [form.get(f"{WAS}/{at}", "") for at in places(form, "groups")]
    return {old: str(one.get("name", "")) for old, one in zip(was, groups, strict=False) if old}


def _new_key(key: str, names: Mapping[str, str | None]) -> str:
    """A key with a group's new name; empty: its group is gone."""
    if not key.startswith("groups."):
        return key
    for old in sorted(names, key=len, reverse=True):
        if key.startswith(f"groups.{old}."):
            return f"groups.{names[old]}.{key[len(f'groups.{old}.') :]}"
    return ""


def _moved(form: Form, gone: int) -> Form:
    """What was typed about groups by their number, when one of them is gone."""
    found: Form = MultiDict()
    for name, text in form.items(multi=True):
        path, _, place = name.partition("/")
        at = int(place) if path == MORE and place.isdigit() else int(text) if name == "sought" else -1
        if at == gone >= 0:
            continue
        later = at - 1 if at > gone else at
        found.add(f"{MORE}/{later}" if path == MORE else name, str(later) if name == "sought" else text)
    return found
