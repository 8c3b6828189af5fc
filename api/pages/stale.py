"""A change to what a page showed: refused, in words, if somebody has changed that since."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from allocator.errors import Refused
from api.errors import Refusal
from api.pages.page import Page
from api.pages.typed import whole_of

CHANGED: Final = "changed-since"
VERSION: Final = "_version"
"""The field of a form with the version of the record that it was made of."""


def ask_as_shown(
    page: Page, name: str, path: Mapping[str, str], body: Mapping[str, Any] | None = None
) -> Any:
    """What a call answers that changes a record, if that is still at the version that the form says.

    Raises
    ------
    Refusal
        412 `changed-since`: somebody has changed it in between.
    """
    try:
        return page.ask(name, path, body=body, expected=version_of(page))
    except Refused as error:
        if error.code != CHANGED:
            raise
        detail = (
            "Somebody has changed this since you opened the page, so nothing was done. The page now shows it "
            "as it is: look at it again, then press again."
        )
        raise Refusal(412, CHANGED, detail) from error


def is_stale(page: Page) -> bool:
    """Whether the page is shown again because somebody has changed what it is about."""
    return (page.problem or {}).get("code") == CHANGED


def version_of(page: Page) -> int | None:
    """The version of the record that the form was made of."""
    return whole_of(page.form.get(VERSION, ""))


def next_version(page: Page, newest: int) -> int:
    """The version that the form of a page goes on from.

    It is the newest where the page shows what that says. Shown again for a slip, it holds what was typed
    upon an older one: what somebody else saved since is told when it is sent again.
    """
    return newest if page.problem is None or is_stale(page) else version_of(page) or newest
