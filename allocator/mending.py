"""What to mend first: what is wrong with rows set aside, and what kept cases lack, by what it holds up.

First comes what keeps cases out of any plan, then what makes reviewers look freer than they are, then what
somebody has to declare, then what is merely assumed; of these, what concerns most overdue cases.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Any, Final, Protocol

from allocator.cases import Case
from allocator.clocks import clock
from allocator.errors import Fault
from allocator.intake.quarantine import ABOUT_REVIEWERS
from allocator.intake.references import REFERENCES
from allocator.intake.specs import COLUMNS, KEYS
from allocator.needs import Open, Pair
from allocator.snapshot import Snapshot

LEANS: Final = "refers-to-rejected"
LACKS: Final = "lacks"
"""What the keys of groups of kept cases begin with."""


class Level(IntEnum):
    """What something that is wrong holds up, the worst first."""

    PLAN = 1
    WORK = 2
    DECLARE = 3
    ASSUMED = 4


class Row(Protocol):
    """A row that is set aside; see `allocator.store.quarantine.Aside`."""

    @property
    def number(self) -> int:
        """Under which it lies."""
        ...

    @property
    def kind(self) -> str:
        """The record that it would be."""
        ...

    @property
    def record_id(self) -> str | None:
        """Its id, if it says one."""
        ...

    @property
    def area(self) -> str | None:
        """Whose it is, if that is known."""
        ...

    @property
    def row(self) -> Mapping[str, Any]:
        """What it says, as it was typed."""
        ...

    @property
    def faults(self) -> Sequence[Fault]:
        """Why it is not kept."""
        ...


@dataclass(frozen=True)
class Concern:
    """A case that is held up.

    Parameters
    ----------
    number : of the row to be mended for it; None for a case that is kept and lacks something
    overdue : None: nobody can tell
    """

    case_id: str | None
    area: str | None
    level: Level
    overdue: bool | None
    number: int | None = None


@dataclass(frozen=True)
class Group:
    """What is wrong in the same way.

    Parameters
    ----------
    key : names it in an address
    says, how : what is wrong, and how it is mended, in words
    rows : numbers of the rows that have it
    """

    key: str
    says: str
    how: str
    level: Level
    rows: tuple[int, ...]
    concerns: tuple[Concern, ...]

    @property
    def overdue(self) -> int:
        """How many of the cases are overdue, as far as anybody can tell."""
        return sum(one.overdue is True for one in self.concerns)

    @property
    def unclear(self) -> int:
        """How many may be, as their clocks cannot be read."""
        return sum(one.overdue is None for one in self.concerns)

    def of(self, level: Level) -> int:
        """How many of the cases it holds up in this way."""
        return sum(one.level is level for one in self.concerns)


SAYS: Final[Mapping[str, str]] = {
    "missing-value": "is missing",
    "missing-column": "is missing",
    "dangling-reference": "names something that is not known here",
    "not-a-date": "is not a date",
    "not-a-number": "is not a number",
    "not-an-integer": "is not a whole number",
    "nan": "is not a number",
    "out-of-range": "is out of range",
    "bad-choice": "is none of the words allowed",
    "bad-boolean": "is neither true nor false",
    "bad-text": "holds characters that it may not",
    "too-long": "is too long",
    "wrong-type": "is of the wrong kind",
    "formula-text": "begins like a formula",
    "excel-error": "shows an error of the spreadsheet",
    "duplicate-id": "stands in more than one row",
    "unknown-review-type": "is no type that the policy has",
    "other-holder": "is somebody else than who has the case here",
    "case-ended": "names somebody, and the case has ended here",
    "version-reused": "was sent before, with something else",
    LEANS: "names a row that was set aside",
}
"""What is wrong with a field, by the code of its fault."""
HOW: Final[Mapping[str, str]] = {
    "missing-value": "Find it out, and give it",
    "missing-column": "Find it out, and give it",
    "dangling-reference": "Correct it; or enter what it names, and try all rows again",
    "duplicate-id": "Find out which row is right, and dismiss the others",
    "version-reused": "Give it the version that its source has",
    LEANS: "Mend what it names, or ask whose that is; then try all rows again",
}
LACKING: Final[Mapping[str, tuple[str, str]]] = {
    "organisations": ("No organisation is known", "Give the organisations that were involved in the care"),
    "holder": (
        "Whoever has the case is not among the reviewers",
        "Enter the reviewer, or correct who has it",
    ),
    "hours_left": ("The hours left are assumed", "Ask whoever has the case how many hours it still takes"),
    "evidence": (
        "The day of the evidence is assumed",
        "Give the day on which it was complete, or is expected",
    ),
    "position": ("The place is that of the area, or none", "Give latitude and longitude, to two decimals"),
}
"""By what a kept case lacks: in words, and how it is mended."""


def to_mend(rows: Sequence[Row], snapshot: Snapshot, declared: Collection[Pair] = ()) -> list[Group]:
    """What is to be mended, what holds up most first.

    Parameters
    ----------
    rows : all that are set aside
    snapshot : the queue as it is kept
    declared : case and reviewer of each declaration of independence
    """
    found = [*_Rows(rows, snapshot).groups(), *_lacking(snapshot, frozenset(declared))]
    return sorted(found, key=lambda one: (one.level, -one.overdue, -len(one.concerns), one.key))


class _Rows:
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
        how = HOW.get(code) or _hint(fault for _, fault in each)
        says = (
            f"{_words(column)} of {kind} {SAYS[code]}"
            if code in SAYS
            else f"{_words(kind)}: {each[0][1].message}"
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
        for word in _listed(one.row.get(fault.column or "")):
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
        sound = {name: value for name, value in read.items() if type(value).__name__ != "CellFault"}
        if "notified_on" not in sound:
            return None
        types = self.snapshot.policy.review_types
        if sound.get("review_type") not in types:
            sound["review_type"] = next(iter(types))
        return is_overdue(Case.model_validate({"case_id": "-", "area": "-", **sound}), self.snapshot)


def is_overdue(case: Case, snapshot: Snapshot) -> bool:
    """Whether the day has passed by which a case should be completed or, with no lead, allocated."""
    found, now = clock(case, snapshot.policy, snapshot.as_of), snapshot.as_of.toordinal()
    return now > found.complete_by or (case.reviewer_id is None and now > found.allocate_by)


def _lacking(snapshot: Snapshot, declared: Collection[Pair]) -> Iterator[Group]:
    """Yield what kept cases lack."""
    every, found = Open(snapshot), defaultdict[str, list[Concern]](list)
    people = {one.reviewer_id for one in snapshot.reviewers}
    for one in every.cases:
        overdue = is_overdue(one, snapshot)
        for name, level in _lacks(one, every, people, declared):
            found[name].append(Concern(one.case_id, one.area, level, overdue))
    for name, concerns in found.items():
        says, how = LACKING[name]
        worst = min(one.level for one in concerns)
        yield Group(f"{LACKS}.{name}", says, how, worst, (), tuple(concerns))


def _lacks(
    one: Case, every: Open, people: Collection[str], declared: Collection[Pair]
) -> Iterator[tuple[str, Level]]:
    lead = every.lead(one)
    if one.latitude is None:
        yield "position", Level.ASSUMED
    if not one.organisations and (lead is None or (one.case_id, lead) not in declared):
        holds = every.snapshot.policy.conflict.unknown_organisations == "hold" and lead is None
        yield "organisations", Level.PLAN if holds else Level.DECLARE
    if lead is None:
        return
    if lead not in people:
        yield "holder", Level.WORK
    elif one.on_hold_since is None and one.hours_left is None:
        yield "hours_left", Level.ASSUMED
    if one.evidence_received_on is None and one.evidence_expected_on is None:
        yield "evidence", Level.ASSUMED


def _hint(faults: Iterable[Fault]) -> str:
    """What would be right, if that is the same for all."""
    hints = {fault.hint for fault in faults if fault.hint}
    hint = hints.pop() if len(hints) == 1 else "correct it"
    return hint[:1].upper() + hint[1:]


def _listed(value: object) -> list[str]:
    each = value if isinstance(value, (list, tuple)) else str(value).split(";") if value is not None else ()
    return [str(one).strip() for one in each]


def _words(name: str) -> str:
    text = name.removesuffix("_id").replace("_", " ")
    return text[:1].upper() + text[1:]
