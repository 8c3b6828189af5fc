"""The most one reviewer could gain: the same as trying every set, whatever is left out beforehand."""

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from allocator.audit.bound import Work, _programme, _thinned

_OPTION = st.tuples(
    st.integers(1, 50),
    st.sampled_from([0, 0, 7, 30]),
    st.integers(-1, 30),
    st.integers(0, 12),
    st.booleans(),
    st.sampled_from([True, True, True, False]),
    st.sampled_from([False, False, False, True]),
)
"""Gain, what lateness costs, minutes until late, minutes, a lead or not, a case of its own or the last one's,
work that stands or not."""
Option = tuple[int, int, int, int, bool, bool, bool]


def _work(options: list[Option], scale: int) -> Work:
    """Return the options in their order; what stands has no gain, no minutes and a case of its own."""
    rows, case = [], 0
    for gain, late, after, minutes, lead, apart, stands in options:
        case += apart or stands or not rows or rows[-1][-1]
        if stands:
            rows.append((0, late, after * scale, 0, 0, case, True))
        else:
            rows.append((gain, late * lead, after * scale, minutes * scale, int(lead), case, False))
    parts = zip(*rows, strict=True) if rows else [[]] * 7
    *numbers, stand = (np.array(part) for part in parts)
    return Work(*(part.astype(np.int64) for part in numbers), stand.astype(np.bool_))


def _tried(work: Work, room: int, leads: int) -> int:
    """Return the best of all sets that fit; what stands is in every one."""
    rows = list(zip(*(part.tolist() for part in work), strict=True))
    found = []
    for chosen in product((False, True), repeat=len(rows)):
        value, minutes, led, cases = 0, 0, 0, []
        for taken, (gain, late, after, needs, lead, case, stands) in zip(chosen, rows, strict=True):
            if taken and not stands:
                value, minutes, led = value + gain, minutes + needs, led + lead
                cases.append(case)
            if taken or stands:
                value -= late * (minutes > after)
        if minutes <= room and led <= leads and len(set(cases)) == len(cases):
            found.append(value)
    return max(found)


def _most(work: Work, room: int, leads: int) -> int:
    """Return the best by the audit's programme."""
    step = int(np.gcd.reduce(work.minutes)) or 1
    return int(_programme(work, room, leads, step).max())


@given(st.lists(_OPTION, max_size=9), st.integers(0, 30), st.integers(0, 9), st.sampled_from([1, 7, 60]))
def test_the_most_is_that_of_every_set_tried(
    options: list[Option], room: int, leads: int, scale: int
) -> None:
    """With lateness, options of one case, a limit on leads that binds or not, no minutes, any common step."""
    work = _work(options, scale)
    work = work.where((work.minutes <= room * scale) & (work.leads <= leads))
    assert _most(work, room * scale, leads) == _tried(work, room * scale, leads)


@given(st.integers(0, 2**32), st.sampled_from([(1,), (3, 9), (30,)]))
def test_what_is_left_out_is_not_needed(seed: int, rounds: tuple[int, ...]) -> None:
    """Of many options for little room, with whatever makes their order matter: the most stays what it was."""
    rng = np.random.default_rng(seed)
    for _ in range(20):
        n, room, leads = int(rng.integers(4, 16)), int(rng.integers(2, 12)), int(rng.integers(1, 5))
        stands = rng.random(n) < 0.2
        lead = (rng.random(n) < 0.7) & ~stands
        work = Work(
            gain=np.where(stands, 0, rng.integers(1, 12, n)),
            late=rng.integers(1, 15, n) * (stands | (lead & (rng.random(n) < 0.4))),
            after=rng.integers(-1, room + 2, n),
            minutes=np.where(stands, 0, rng.integers(0, 5, n)),
            leads=lead.astype(np.int64),
            case=np.cumsum(stands | np.roll(stands, 1) | (rng.random(n) < 0.85)),
            stands=stands,
        )
        work = work.where(work.minutes <= room)
        left = work
        for few in rounds:
            left = _thinned(left, room, leads, few)
        assert _most(left, room, leads) == _most(work, room, leads)
        assert len(left.gain) <= len(work.gain)
