"""The page on running it lists every setting, with its default and what it is."""

from __future__ import annotations

import pytest

from api.settings import PREFIX, Settings
from tests.docs.pages import text_of


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_has_a_row(name: str) -> None:
    """In the words of the program itself."""
    told = Settings.model_fields[name]
    rows = [row for row in text_of("docs/operations.md").splitlines() if f"`{PREFIX}{name.upper()}`" in row]
    assert len(rows) >= 1
    assert rows[0].endswith(f"| {told.description} |")
