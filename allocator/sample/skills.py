"""Skills of a sample: which are scarce, which are rare, and how sets of them are kept as bits."""

from __future__ import annotations

import numpy as np

from allocator.sample.tables import Ints

SCARCE = ("autism", "mental-health-act", "safeguarding")
RARE = (
    "criminal-justice",
    "medico-legal",
    "polish",
    "bsl",
    "urdu",
    "welsh",
    "punjabi",
    "romanian",
    "bengali",
    "makaton",
    "gujarati",
    "arabic",
    "somali",
)
SKILLS = (*SCARCE, *RARE, "senior")
SENIOR = 1 << SKILLS.index("senior")


def bit(skill: str) -> int:
    """Return the bit of a skill."""
    return 1 << SKILLS.index(skill)


def rare_bits(reach: float) -> Ints:
    """Return the bits of the rare skills in use where a case has so many reviewers within reach."""
    count = int(np.clip(reach / 6, 4, len(RARE)))
    return np.array([bit(skill) for skill in RARE[:count]])


def names(bits: Ints) -> list[str]:
    """Return each set of skills as a cell: names joined by ``;``."""
    words = {
        value: ";".join(skill for skill in SKILLS if value & bit(skill)) for value in np.unique(bits).tolist()
    }
    return [words[value] for value in bits.tolist()]
