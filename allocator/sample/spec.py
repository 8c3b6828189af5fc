"""What sort of made-up snapshot is wanted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class GeographyFiles:
    """Two files of real geography in the contract's form: areas, and organisations with position and area."""

    areas: Path
    organisations: Path


@dataclass(frozen=True)
class SampleSpec:
    """The size and the load of a made-up snapshot.

    Parameters
    ----------
    cases, reviewers, areas : int
        How many rows; cases ≥ 0, reviewers ≥ 1, areas 1–99 (with a map: that many neighbouring ones of it).
    load : float
        Work of the cases to be placed ÷ capacity that held work leaves free; 0.1–10.
    seed : int
        Seed of ``rng()``, 0 to 2³¹ − 1.
    as_of : date
        The moment of the snapshot.
    map : GeographyFiles, optional
        Real geography; without one a plausible geography is made up.

    Raises
    ------
    ValueError
        If a number is outside its range.
    """

    cases: int = 85
    reviewers: int = 12
    areas: int = 1
    load: float = 1.0
    seed: int = 1
    as_of: date = date(2026, 9, 14)
    map: GeographyFiles | None = None

    def __post_init__(self) -> None:
        for name, low, high in (
            ("cases", 0, 999_999),
            ("reviewers", 1, 99_999),
            ("areas", 1, 99),
            ("load", 0.1, 10),
            ("seed", 0, 2**31 - 1),
        ):
            if not low <= getattr(self, name) <= high:
                raise ValueError(f"{name} must be from {low} to {high}, not {getattr(self, name)}")

    def rng(self) -> np.random.Generator:
        """Return a fresh generator of this seed."""
        return np.random.default_rng(self.seed)
