"""Whose absences and interests a page is about: a reviewer's own, or those of one whom staff look after."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from allocator.errors import BadInput
from allocator.store.callers import Role
from api.pages.forms import Typed
from api.pages.links import link
from api.pages.page import Page
from api.pages.stale import ask_as_shown

Json = Any
_OWN: Final = {"you": "you", "your": "your", "I": "I", "me": "me"}
_OTHERS: Final = {"you": "they", "your": "their", "I": "they", "me": "them"}


@dataclass(frozen=True)
class Whose:
    """Somebody, and how a page speaks of them.

    Parameters
    ----------
    is_own : whether they are who looks
    """

    reviewer_id: str
    is_own: bool

    def says(self, text: str) -> str:
        """A text with the words that stand for whom it is about: `Share of {your} time`."""
        return text.format_map(_OWN if self.is_own else _OTHERS)

    def all(self, texts: Mapping[str, str]) -> dict[str, str]:
        """Texts by their names, each with its words."""
        return {name: self.says(text) for name, text in texts.items()}

    def path(self, *more: str) -> str:
        """The address of their page, or of one below it."""
        return link("my-work", *more) if self.is_own else link("reviewers", self.reviewer_id, *more)


def whose(page: Page) -> Whose:
    """Whom a page is about.

    Raises
    ------
    Refusal
        404: nobody of theirs.
    """
    if page.caller.role is Role.REVIEWER:
        return Whose(str(page.caller.reviewer_id), True)
    return Whose(page.ask("get-reviewer", page.path)["id"], False)


def about(page: Page, who: str, kind: str) -> list[Json]:
    """What is on record of a reviewer, of one kind, by its first day; each with its id and version."""
    found = page.every(f"list-{kind}", {"reviewer_id": who})
    rows = [{**one["record"], "id": one["id"], "version": one["version"]} for one in found]
    return sorted(rows, key=lambda one: (one.get("from") or "", one.get("to") or "", one["id"]))


def keep(page: Page, kind: str, who: str, row: Mapping[str, Any], typed: Typed, record_id: str = "") -> Any:
    """What a call answers that keeps something said of a reviewer.

    Parameters
    ----------
    record_id : of what is changed. New is the same for the same words: a form sent twice is kept once
    """
    body, said = {**row, "reviewer_id": who}, repr((who, sorted(row.items())))
    name = record_id or f"{kind}-{hashlib.sha256(said.encode()).hexdigest()[:16]}"
    try:
        return ask_as_shown(page, f"put-{kind}", {"record_id": name}, body)
    except BadInput as error:
        raise typed.in_words(error) from error


def take_back(page: Page, kind: str) -> None:
    """Nothing; what was shown is taken back, if it is still as it was shown."""
    ask_as_shown(page, f"remove-{kind}", {"record_id": page.form.get("_id", "")})
