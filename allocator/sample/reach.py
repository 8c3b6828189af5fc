"""Who may take which case, in bits: a row a case, a bit a reviewer. Fast enough for 100,000 × 5,000.

These are the rules about a person, as far as a sample needs them to be hard on purpose. They decide no plan.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from allocator.policy import Policy
from allocator.sample.days import day
from allocator.sample.geography import Geography
from allocator.sample.queue import Queue
from allocator.sample.spec import SampleSpec
from allocator.sample.staff import Staff
from allocator.sample.tables import Bools, Floats, Ints

Bits = NDArray[np.uint64]


def packed(mask: Bools) -> Bits:
    """Return a mask with its last axis packed, 64 to a word."""
    words = -(-mask.shape[-1] // 64)
    wide = np.zeros((*mask.shape[:-1], words * 64), dtype=bool)
    wide[..., : mask.shape[-1]] = mask
    return np.packbits(wide, axis=-1).view(np.uint64)


def unpacked(bits: Bits, count: int) -> Bools:
    """Return packed rows as a mask again."""
    return np.unpackbits(bits.view(np.uint8), axis=-1, count=count).astype(bool)


def population(bits: Bits) -> Ints:
    """Return how many bits of each row are set."""
    counts: Ints = np.bitwise_count(bits).sum(axis=-1, dtype=np.int64)
    return counts


@dataclass(frozen=True)
class Reach:
    """Masks over reviewers, packed: by area, by type, by organisation (the last row: none), by skill."""

    area: Bits
    home: Bits
    lead: Bits
    conflict: Bits
    skills: Ints

    def nearby(self, queue: Queue) -> Bits:
        """Return who passes the area rule."""
        return self.area[queue.area]

    def conflicted(self, queue: Queue) -> Bits:
        """Return who has an interest in an organisation of the case."""
        first, *others = queue.organisations.T
        taken: Bits = self.conflict[first]
        for column in others:
            some = np.flatnonzero(column >= 0)
            taken[some] |= self.conflict[column[some]]
        return taken

    def skilled(self, skills: Ints) -> Bits:
        """Return who has all of each set of skills."""
        sets, row = np.unique(skills, return_inverse=True)
        table: Bits = packed((sets[:, None] & ~self.skills) == 0)[row]
        return table

    def eligible(self, queue: Queue) -> Bits:
        """Return who may lead each case: area, type and availability, skills, no conflict."""
        fit = self.area[queue.area] & self.lead[queue.focused.astype(np.int64)]
        fit &= ~self.conflicted(queue)
        fit &= self.skilled(queue.skills)
        return fit


def make_reach(spec: SampleSpec, staff: Staff, geography: Geography, weeks: Floats, conflict: Bools) -> Reach:
    """Return the masks of these reviewers; ``conflict`` is by organisation and reviewer."""
    areas = len(geography.codes)
    near = geography.near | np.eye(areas, dtype=bool)
    covers = np.zeros((areas, len(staff)), dtype=bool)
    other = np.flatnonzero(staff.areas[:, 1] >= 0)
    covers[staff.areas[other, 1], other] = True
    types = list(Policy().review_types.values())
    due = [day(spec.as_of) + np.timedelta64(kind.evidence_days, "D") for kind in types]
    stays = [np.isnat(staff.leaves_on) | (staff.leaves_on >= when) for when in due]
    able = (weeks > 0) & (staff.hours_per_week > 0)
    return Reach(
        area=packed(near[:, staff.home] | covers),
        home=packed(near[:, staff.home]),
        lead=packed(np.array([able & stays[0] & (staff.leads != 2), able & stays[1] & (staff.leads != 1)])),
        conflict=packed(np.vstack((conflict, np.zeros(len(staff), dtype=bool)))),
        skills=staff.skills,
    )
