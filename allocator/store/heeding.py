"""What follows from what a source says anew: who has a case no more, its state, who is told."""

from __future__ import annotations

from collections.abc import Mapping

from allocator.store import cases, holdings, sources
from allocator.store.database import Tx
from allocator.store.records import Record
from allocator.store.sources import Word
from allocator.store.states import State
from allocator.store.told import Notice, notify
from allocator.store.writing import Checked

SOURCE = "source"
"""Why a place ends that a source's own word gave, and that it gives to nobody now."""


def keep_cases(tx: Tx, checked: Checked) -> list[Record]:
    """The cases of the sound rows, kept as their sources have them.

    Raises
    ------
    Conflict
        `forgotten`: the time of one of them to be kept is over.
    """
    sound = checked.sound
    for case_id, word in checked.words.items():
        _make_way(tx, case_id, word, sound[case_id])
    done = [_settled(tx, one, checked.words.get(one.record_id)) for one in cases.put_cases(tx, checked)]
    sources.keep(tx, checked.words)
    return done


def _make_way(tx: Tx, case_id: str, word: Word, body: Mapping[str, object]) -> None:
    """Let a case wait again, and take back what the source's own earlier word gave."""
    if word.reopens:
        cases.put_state(tx, cases.found_case(tx.connection, case_id), State.NOTIFIED)
    for role in word.released:
        is_moved = sources.HOLDERS[role] in body
        if (case_id, role) in holdings.of_cases(tx.connection, [case_id]):  # a second may go with its lead
            cases.take_back(tx, case_id, role, holdings.MOVED if is_moved else SOURCE)


def _settled(tx: Tx, case: Record, word: Word | None) -> Record:
    """The case in the state that its source has it in; coordinators are told of what they had corrected."""
    if word is None:
        return case
    if word.replaced:
        names = ", ".join(word.replaced)
        detail = f"version {word.said.version} of its source replaced what was corrected here: {names}"
        notify(tx, Notice("correction-replaced", case.record_id, None, case.area, detail))
    return case if word.state in (None, case.state) else cases.put_state(tx, case, State(word.state))
