"""The most one reviewer could gain: the same as trying every set."""

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from allocator.audit.knapsack import Items, most

_ITEM = st.tuples(st.integers(1, 50), st.integers(0, 12), st.booleans(), st.integers(0, 5))


def _tried(items: list[tuple[int, int, bool, int]], room: int, leads: int) -> int:
    """Return the best of all sets that fit."""
    best = 0
    for chosen in product((False, True), repeat=len(items)):
        taken = [item for item, here in zip(items, chosen, strict=True) if here]
        gain, minutes, n_leads = (sum(item[place] for item in taken) for place in range(3))
        fits = minutes <= room and n_leads <= leads and len({item[3] for item in taken}) == len(taken)
        best = max(best, gain if fits else 0)
    return best


@given(st.lists(_ITEM, max_size=8), st.integers(0, 30), st.integers(0, 9), st.sampled_from([1, 7, 60]))
def test_the_most_is_that_of_every_set_tried(
    items: list[tuple[int, int, bool, int]], room: int, leads: int, scale: int
) -> None:
    """With alternatives, a limit on leads that binds or not, places of no minutes, and any common step."""
    listed = [(gain, minutes * scale, lead, case) for gain, minutes, lead, case in items if minutes <= room]
    gain, minutes, lead, case = (np.array([item[place] for item in listed]) for place in range(4))
    given_items = Items(
        gain.astype(np.int64), minutes.astype(np.int64), lead.astype(np.bool_), case.astype(np.int64)
    )
    assert most(given_items, room * scale, leads) == _tried(listed, room * scale, leads)
