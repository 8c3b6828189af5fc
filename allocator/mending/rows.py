"""Rows that are set aside: which of them others wait for, and which cases each holds up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from allocator.cases import Case
from allocator.errors import Fault
from allocator.intake.cells import CellFault
from allocator.intake.quarantine import ABOUT_REVIEWERS, LEANS
from allocator.intake.references import REFERENCES, listed
from allocator.intake.specs import COLUMNS, KEYS
from allocator.mending.groups import Concern, Group, Level, Row, is_overdue
from allocator.mending.words import HOW, SAYS, hint_of, name_of
from allocator.needs import Open
from allocator.snapshot import Snapshot


class Rows:
    """Rows that are set aside, each with what it leans on."""

    def __init__(self, rows: Sequence[Row], snapshot: Snapshot) -> None:
        self.rows, self.snapshot = rows, snapshot
        self.owners, self.about = (
            defaultdict[tuple[str, str], list[Row]](list),
            defaultdict[str, list[Row]](list),
        )
        for one in rows:
            if one.record_id is not None and one.kind in KEYS:
                self.owners[one.kind, one.record_id].append(one)
            if one.kind in ABOUT_REVIEWERS:
                self.about[str(one.row.get("reviewer_id", "")).strip()].append(one)
        self.reviewers = {one.reviewer_id for one in snapshot.reviewers}
        self.kept = {one.case_id: one for one in snapshot.cases}

    def groups(self) -> Iterator[Group]:
        """Yield what is wrong with them, each with the cases that wait for it."""
        waiting: dict[int, dict[int, Row]] = defaultdict(dict)
        for one in self.rows:
            for root in self._roots(one):
                waiting[root.number][one.number] = one
        by_fault: dict[tuple[str, str, str], list[tuple[Row, Fault]]] = defaultdict(list)
        for one in self.rows:
            own = [fault for fault in one.faults if fault.code != LEANS]
            is_root = one.number in waiting
            for fault in {(f.column, f.code): f for f in own or (one.faults if is_root else ())}.values():
                by_fault[one.kind, fault.column or "row", fault.code].append((one, fault))
        for (kind, column, code), each in by_fault.items():
            yield self._group(kind, column, code, each, waiting)

    def _group(
        self,
        kind: str,
        column: str,
        code: str,
        each: Sequence[tuple[Row, Fault]],
        waiting: Mapping[int, Mapping[int, Row]],
    ) -> Group:
        concerns: dict[tuple[str | None, int], Concern] = {}
        for root, _ in each:
            for one in waiting.get(root.number, {}).values():
                if one.kind == "cases":
                    concerns[one.record_id, one.number] = self._concern(one)
            for concern in self._looking_freer(root):
                concerns[concern.case_id, root.number] = concern
        hides = kind in ABOUT_REVIEWERS and any(self._is_kept(root) for root, _ in each)
        levels = [one.level for one in concerns.values()]
        usual = Level.WORK if hides or kind not in ("reviewers", *KEYS) else Level.PLAN
        rows = tuple(root.number for root, _ in each)
        how = HOW.get(code) or hint_of(fault for _, fault in each)
        says = (
            f"{name_of(column)} of {kind} {SAYS[code]}"
            if code in SAYS
            else f"{name_of(kind)}: {each[0][1].message}"
        )
        return Group(
            f"{kind}.{column}.{code}", says, how, min(levels, default=usual), rows, tuple(concerns.values())
        )

    def _roots(self, one: Row, seen: frozenset[int] = frozenset()) -> list[Row]:
        """The rows that a row waits for; itself, if something of its own is wrong, or nothing is there."""
        if one.number in seen:
            return []
        if any(fault.code != LEANS for fault in one.faults):
            return [one]
        near = [each for fault in one.faults for each in self._leant_on(one, fault)]
        found = [root for each in near for root in self._roots(each, seen | {one.number})]
        return found or ([] if seen else [one])

    def _leant_on(self, one: Row, fault: Fault) -> Iterator[Row]:
        if one.kind == "reviewers" and fault.column == KEYS["reviewers"]:
            yield from self.about[str(one.record_id)]
            return
        for word in listed(one.row.get(fault.column or "")):
            kinds = [each.to for each in REFERENCES if (each.table, each.column) == (one.kind, fault.column)]
            for name in ((kind, form) for kind in kinds for form in {word, word.upper(), word.lower()}):
                yield from self.owners.get(name, ())

    def _concern(self, one: Row) -> Concern:
        """A case whose row is set aside, and what that holds up."""
        holder = str(one.row.get("reviewer_id", "")).strip()
        level = Level.WORK if holder in self.reviewers else Level.PLAN
        if one.record_id in self.kept:
            level = Level.ASSUMED  # it is planned with what was known before
        return Concern(one.record_id, one.area, level, self._overdue(one), one.number)

    def _looking_freer(self, root: Row) -> Iterator[Concern]:
        """Yield the cases of a reviewer who is kept, while a row that is about them is not."""
        if root.kind not in ABOUT_REVIEWERS or not self._is_kept(root):
            return
        who = str(root.row.get("reviewer_id", "")).strip()
        for one in self._had.get(who, ()):
            yield Concern(one.case_id, one.area, Level.WORK, is_overdue(one, self.snapshot))

    @cached_property
    def _had(self) -> Mapping[str, list[Case]]:
        found = defaultdict[str, list[Case]](list)
        every = Open(self.snapshot)
        for one in every.cases:
            for who in every.holders(one):
                found[who].append(one)
        return found

    def _is_kept(self, one: Row) -> bool:
        return str(one.row.get("reviewer_id", "")).strip() in self.reviewers

    def _overdue(self, one: Row) -> bool | None:
        """Whether a case is overdue by what its row says of its clocks; None: that cannot be read."""
        names = ("notified_on", "review_type", "hold_days", "on_hold_since", "reviewer_id", "allocated_on")
        read = {name: COLUMNS["cases"][name].read(one.row[name]) for name in names if name in one.row}
        sound = {name: value for name, value in read.items() if not isinstance(value, CellFault)}
        if "notified_on" not in sound:
            return None
        types = self.snapshot.policy.review_types
        if sound.get("review_type") not in types:
            sound["review_type"] = next(iter(types))
        return is_overdue(Case.model_validate({"case_id": "-", "area": "-", **sound}), self.snapshot)
