"""The page that lists every call says what the server's own description says."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

from api.listing import page

PAGE = Path(__file__).parents[2] / "docs" / "calls.md"


def test_the_page_is_the_description_s() -> None:
    """After a change: python -m api.listing docs/calls.md."""
    with patch("api.app.warm_up"):
        assert page() == PAGE.read_text(encoding="utf-8")
