"""What may be typed: durations, per cents, dates, files."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import click

_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600}


class Duration(click.ParamType[float]):
    """Seconds, from `30s`, `2m`, `1h` or a plain number of seconds."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the seconds, above 0 and at most a day."""
        found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smh]?)", str(value).strip().lower(), re.ASCII)
        seconds = float(found[1]) * _SECONDS[found[2]] if found else 0.0
        if not 0 < seconds <= 86_400:
            self.fail(f"{value!r} is no duration from above 0 to 24h, such as 30s, 2m or 1h", param, ctx)
        return seconds


class Percent(click.ParamType[float]):
    """A percentage, from `1` or `1%`."""

    name = "percent"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the per cents, 0 to 100."""
        found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*%?", str(value).strip(), re.ASCII)
        if found is None or float(found[1]) > 100:
            self.fail(f"{value!r} is no percentage from 0 to 100, such as 1 or 2.5%", param, ctx)
        return float(found[1])


class Day(click.ParamType[date]):
    """A date, from `YYYY-MM-DD`."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the date."""
        if isinstance(value, date):
            return value
        text = str(value).strip()
        try:
            if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) is None:
                raise ValueError(text)
            return date.fromisoformat(text)
        except ValueError:
            self.fail(f"{value!r} is no date such as 2026-09-14", param, ctx)


class FileOrShipped(click.ParamType[Path]):
    """A file, or the name of one that comes with the program.

    Parameters
    ----------
    shipped : gives those, by name
    """

    name = "file"

    def __init__(self, shipped: Callable[[], Mapping[str, Path]]) -> None:
        self._shipped = shipped

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path; of a file that is there before one that comes with the program."""
        path, known = Path(str(value)), self._shipped()
        if path.exists() and not path.is_dir():
            return path
        if str(value) not in known:
            what = "is a folder" if path.is_dir() else "is no file"
            self.fail(f"{str(value)!r} {what}; with the program come {', '.join(known)}", param, ctx)
        return known[str(value)]
