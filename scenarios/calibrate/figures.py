"""What completed reviews tell: figures with their intervals, and what they cannot tell."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from pydantic import Field

from scenarios.answers import Part
from scenarios.calibrate.resample import Interval

FEWEST: Final = 10
"""Reviews, below which nothing is said of a figure."""
POLICY: Final = "review_types."
SPREAD: Final = "sd ÷ mean"
"""The unit of a standard deviation as a share of the mean."""


class Figure(Part):
    """One figure."""

    what: str
    of: str = Field(description="Of which reviews; empty: of all")
    unit: str
    value: float
    low: float = Field(description="95 % interval, from here")
    high: float = Field(description="To here")
    reviews: int = Field(description="That it comes from")
    fills: str | None = Field(
        default=None, description="A key: of a policy if it begins with review_types, else of a scenario"
    )

    @property
    def is_policy(self) -> bool:
        """Whether the key that it fills is a policy's."""
        return self.fills is not None and self.fills.startswith(POLICY)


class Untold(Part):
    """A figure that these reviews do not tell."""

    what: str
    why: str


class Calibration(Part):
    """All that some completed reviews tell."""

    reviews: int
    reviewers: int | None = Field(description="That they are of; empty: the rows do not say")
    seed: int
    draws: int
    on_notification: bool | None = Field(
        description="Evidence is asked for at once, and not on allocation; empty: it cannot be told"
    )
    figures: tuple[Figure, ...]
    untold: tuple[Untold, ...]


@dataclass
class Told:
    """Figures as they are found."""

    figures: list[Figure] = field(default_factory=list)
    untold: list[Untold] = field(default_factory=list)

    def say(
        self, what: str, unit: str, found: Interval, reviews: int, of: str = "", fills: str | None = None
    ) -> None:
        """Nothing; a figure is noted, in three digits."""
        value, low, high = (short(number) for number in found)
        self.figures.append(
            Figure(what=what, of=of, unit=unit, value=value, low=low, high=high, reviews=reviews, fills=fills)
        )

    def cannot(self, what: str, why: str) -> None:
        """Nothing; what cannot be told is noted."""
        self.untold.append(Untold(what=what, why=why))

    def too_few(self, what: str, count: int, fewest: int = FEWEST) -> bool:
        """Whether there are too few reviews to tell something, which is then noted."""
        if count >= fewest:
            return False
        some = "no review says it" if count == 0 else f"{count} review{'s' * (count > 1)} say it"
        self.cannot(what, f"{some}; {fewest} are needed")
        return True


def short(number: float) -> float:
    """Three digits: more would tell nothing."""
    return float(f"{number:.3g}")
