"""The page on input says what the code does."""

from pathlib import Path

from allocator.intake.codes import CODES
from allocator.intake.describe import page

PAGE = Path(__file__).parents[3] / "docs" / "input.md"
SOURCES = Path(__file__).parents[3] / "allocator" / "intake"


def test_the_page_is_the_one_that_the_models_write() -> None:
    """After a change: python -m allocator.intake.describe docs/input.md."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_code_is_used_somewhere() -> None:
    """The list of codes holds none that nothing reports."""
    sources = "".join(
        file.read_text(encoding="utf-8") for file in SOURCES.glob("*.py") if file.name != "codes.py"
    )
    assert [code for code in CODES if f'"{code}"' not in sources] == []
