"""SVG as text: elements with whatever they hold escaped, and a picture that says what it shows."""

from __future__ import annotations

import zlib
from typing import Final

from markupsafe import Markup

BLUE: Final = "#005eb8"
DARK_BLUE: Final = "#003087"
GREEN: Final = "#007f3b"
RED: Final = "#d5281b"
YELLOW: Final = "#ffb81c"
INK: Final = "#212b32"
GREY: Final = "#768692"
PALE: Final = "#d8dde0"
"""The design system's colours. Nothing is told by colour alone: words or shapes say it too."""


def element(name: str, *inside: Markup | str, **attributes: object) -> Markup:
    """One element; `stroke_width=2` is the attribute stroke-width, and None leaves one out."""
    given = ((key.rstrip("_").replace("_", "-"), value) for key, value in attributes.items())
    told = (Markup(' {}="{}"').format(key, _short(value)) for key, value in given if value is not None)
    return Markup("<{0}{1}>{2}</{0}>").format(name, Markup("").join(told), Markup("").join(inside))


def picture(width: float, height: float, title: str, says: str, *inside: Markup) -> Markup:
    """A picture as wide as there is room for.

    Parameters
    ----------
    title, says : what it is, and in a sentence what it shows, for who cannot see it
    """
    name = f"picture-{zlib.crc32(f'{title}: {says}'.encode()):08x}"
    return element(
        "svg",
        element("title", title, id=f"{name}-title"),
        element("desc", says, id=f"{name}-says"),
        *inside,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_short(width)} {_short(height)}",
        width=width,
        height=height,
        class_="app-chart",
        role="img",
        aria_labelledby=f"{name}-title {name}-says",
        font_family="Arial, sans-serif",
        font_size=14,
        fill=INK,
    )


def text(x: float, y: float, words: str, **attributes: object) -> Markup:
    """Words at a point."""
    return element("text", words, x=x, y=y, **attributes)


def _short(value: object) -> object:
    """A coordinate in as few digits as a screen can tell."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value
