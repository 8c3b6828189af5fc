"""Reviewers kept from single cases: excluded, declined, or involved in the care."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from allocator.sample.days import NEVER, day, shifted, span
from allocator.sample.harden import part
from allocator.sample.held import Held
from allocator.sample.queue import Queue
from allocator.sample.reach import Reach, population, unpacked
from allocator.sample.spec import SampleSpec
from allocator.sample.tables import Days, Ints
from allocator.sample.ties import INVOLVEMENT, PERSONAL, Interests

DECLINE_REASONS = ("workload", "leave", "distance", "independence", "other")
ENOUGH = 5  # a case with fewer takers is spared: it is hard enough


@dataclass(frozen=True)
class Refusals:
    """Pairs of case and reviewer: excluded, declined (when and why), and interests in a case."""

    excluded: tuple[Ints, Ints]
    declined: tuple[Ints, Ints]
    declined_on: Days
    decline_reason: Ints
    involved: Interests
    lost: Ints  # held cases whose holder is one of these


def refuse_some(
    spec: SampleSpec, queue: Queue, held: Held, reach: Reach, rng: np.random.Generator
) -> Refusals:
    """Return refusals among those who could take a case that enough others could take too.

    A few held cases lose their holder: the interest was recorded, or the case declined, after the allocation.
    """
    enough = population(reach.eligible(queue)) >= min(ENOUGH, len(reach.skills) // 4 + 1)
    free = np.flatnonzero((held.reviewer < 0) & queue.in_scope & enough)
    excluded, declined, involved = (_pairs(queue, reach, free, share, rng) for share in (0.03, 0.05, 0.02))
    lost = rng.permutation(np.flatnonzero((held.reviewer >= 0) & (held.second < 0) & enough))
    lost = lost[: len(queue) // 70]
    at_fault, refused = lost[::2], lost[1::2]
    involved = _with(involved, (at_fault, held.reviewer[at_fault]))
    declined = _with(declined, (refused, held.reviewer[refused]))
    age = span(queue.notified_on[declined[0]], np.full(len(declined[0]), day(spec.as_of)))
    n = len(involved[0])
    nothing, never = np.full(n, -1), np.full(n, NEVER)
    kind = np.where(rng.random(n) < 0.7, INVOLVEMENT, PERSONAL)
    return Refusals(
        excluded=excluded,
        declined=declined,
        declined_on=shifted(day(spec.as_of), -np.floor(rng.random(len(age)) * age * 0.7).astype(np.int64)),
        decline_reason=rng.choice(len(DECLINE_REASONS), len(age), p=(0.4, 0.2, 0.15, 0.15, 0.1)),
        involved=Interests(involved[1], kind, nothing, involved[0], never, never),
        lost=lost,
    )


def _pairs(
    queue: Queue, reach: Reach, rows: Ints, share: float, rng: np.random.Generator
) -> tuple[Ints, Ints]:
    """Return some of the cases, each with one of those who could take it."""
    chosen = rng.permutation(rows)[: round(share * len(rows))]
    fit = unpacked(reach.eligible(part(queue, chosen)), len(reach.skills))
    return chosen, (fit * rng.random(fit.shape, dtype=np.float32)).argmax(axis=1)


def _with(pairs: tuple[Ints, Ints], more: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    return np.concatenate((pairs[0], more[0])), np.concatenate((pairs[1], more[1]))
