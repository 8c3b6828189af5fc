"""Calls about what a page showed: refused, in words, if it has changed since."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from allocator.errors import Conflict
from api.errors import Refusal
from api.pages.page import Page

CHANGED: Final = "changed-since"


def ask_as_shown(page: Page, name: str, record_id: str, body: Mapping[str, Any] | None = None) -> Any:
    """What a call answers that changes a record, if that is still at the version that the form says.

    Raises
    ------
    Refusal
        412 `changed-since`: somebody has changed it in between.
    """
    version = page.form.get("version", "")
    expected = int(version) if version.isdecimal() and len(version) < 10 else None
    try:
        return page.ask(name, {"record_id": record_id}, body=body, expected=expected)
    except Conflict as error:
        if error.code != CHANGED:
            raise
        detail = "Somebody has changed this since you opened the page. Look at it again, then press again."
        raise Refusal(412, CHANGED, detail) from error
