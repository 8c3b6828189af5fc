"""Where a sample is short of people: reviewers do not live, nor learn, where they are needed."""

from __future__ import annotations

import numpy as np

from allocator.sample.geography import Geography
from allocator.sample.tables import Floats

SPREAD = 0.45  # of the logarithm of reviewers by area
SHORTAGE = 2.25  # work that asks for a skill ÷ the hours of all specialists, at load 1


def staffing(geography: Geography, rng: np.random.Generator) -> Floats:
    """Return each area's share of the reviewers: uneven, and like its neighbours', who could help."""
    around = geography.near + np.eye(len(geography.codes))
    level: Floats = around @ rng.normal(size=len(around)) / around.sum(axis=1)
    level = (level - level.mean()) / max(float(level.std()), 1e-9)
    shares = np.exp(SPREAD * level)
    return np.asarray(shares / shares.sum())
