"""What the drawn snapshots are worth: all sound, and every rule often broken by who pays it no heed."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from tests.system.documents import snapshot_of
from tests.system.draws import documents, tellings
from tests.system.told import CODES, codes_broken, places_of

LEAST = 0.05


def test_each_rule_is_broken_in_a_twentieth_of_snapshots_by_a_plan_by_chance() -> None:
    """Every snapshot can be read; each rule's breach is among what the audit finds in at least 5 %."""
    seen: Counter[str] = Counter()

    @given(documents(), st.data())
    def count(one: dict[str, object], data: st.DataObject) -> None:
        snapshot = snapshot_of(one)
        seen.update(["all", *codes_broken(snapshot, data.draw(tellings(one, places_of(snapshot))))])

    count()
    rare = {code: seen[code] for code in CODES if seen[code] < LEAST * seen["all"]}
    assert rare == {}
