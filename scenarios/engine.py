"""Cases through the hands of reviewers, event by event, lane by lane.

A lane is one replication of one pool: cases that some posts share. Lanes never touch each other. What happens
in one is compiled (`scenarios/lane.py`); here its tables are made, whoever plans a queue is asked, and what
happened is read off.

Times are days from the start, hours are hours of work. A case is notified, waits in the room, is allocated to
a post, its evidence is gathered (administration in between, as a queue of its own), the post works on it, it
is signed off, sometimes returned, and completed. A hold takes it out of the room, or keeps work on it from
being begun. Who leaves hands their cases back.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from scenarios import lane as lanes
from scenarios.lane import ARRIVES, ENDED, HELD, LOG_FULL, RELEASED, Block, Table, Terms
from scenarios.units import WEEK, YEAR
from scenarios.world import NEVER, Cases, Floats, Ints, Posts, Records, Rules, Stage, View

FLOAT, INT, FLAG = np.float64, np.int64, np.bool_
TOLD: Final = ("notified", "evidence", "admin", "hold_from", "hold_to", "chance_returned", "chance_lapsed",
               "rework", "panel")  # fmt: skip
"""What a case is told of in days, hours and chances, and keeps."""
CASE: Final = np.dtype(
    [(name, FLOAT) for name in (*TOLD, "left", "spent", "allocated", "begun", "finished", "completed")]
    + [("evidence_in", FLOAT), ("back", FLOAT)]
    + [(name, INT) for name in ("of_sort", "priority", "stage", "post", "slot", "column", "asked_again")]
    + [("is_rework", FLAG)],
    align=True,
)
"""`left` hours; `evidence_in`, `back` days; `slot` on the desk, `column` in the room, −1 for none."""
POST: Final = np.dtype(
    [(name, FLOAT) for name in ("next", "wake", "allowed", "hours", "piece", "piece_began")]
    + [(name, FLOAT) for name in ("experience", "learnt_at")]
    + [(name, INT) for name in ("free", "taken", "at_work")]
    + [("is_there", FLAG)],
    align=True,
)
"""`next` end or beginning of work, `wake` look into the room; `piece` of work in hand, on slot `at_work`."""
SLOT: Final = np.dtype([("case", INT), ("ready", FLOAT), ("since", FLOAT)])
LANE: Final = np.dtype(
    [(name, INT) for name in ("event", "change", "in_room")]
    + [(name, FLOAT) for name in ("plan_next", "admin_hours")]
)
EVENT: Final = np.dtype([("at", FLOAT), ("case", INT), ("kind", INT)])
CHANGE: Final = np.dtype([("at", FLOAT), ("post", INT), ("comes", FLAG)], align=True)
LOG: Final = np.dtype([("at", FLOAT), ("lane", np.int32), ("case", np.int32), ("before", np.int8),
                       ("stage", np.int8)], align=True)  # fmt: skip
KINDS: Final = ("spacing", "first", "returned", "first_case", "cases_to_learn", "half_life")
KIND: Final = np.dtype([(name, FLOAT) for name in (*KINDS, "rate")] + [("caseload", INT)])
USUAL_CHANGES: Final = 6
"""Of stage that a case goes through, mostly; the log grows where there are more."""


def simulate(cases: Cases, posts: Posts, rules: Rules) -> Records:
    """What happens to the cases until the end of the run."""
    run = _Run(cases, posts, rules)
    if rules.plan is None:
        run.go_on()
    else:
        for lane in range(run.n_lanes):
            run.go_on_with(lane, rules)
    return run.records()


class _Run:
    """The tables of all lanes, and how they are gone on with."""

    def __init__(self, cases: Cases, posts: Posts, rules: Rules) -> None:
        self.n_lanes, self.n_cases = cases.notified.shape
        held, place = _given(cases, posts)
        n_slots = max(int(posts.caseload.max(initial=1)), int(place[1].max(initial=0)) + 1)
        shape = (self.n_lanes, len(posts.caseload))
        post = _posts(posts, shape)
        slot = np.zeros((*shape, n_slots), SLOT)
        slot["case"], slot["ready"], slot["since"] = -1, NEVER, NEVER
        lane = np.zeros(self.n_lanes, LANE)
        weekly = posts.calendar.weekly
        self.block = Block(
            terms=_terms(rules),
            case=_cases(cases),
            post=post,
            due=np.minimum(post["next"], post["wake"]),
            slot=slot,
            lane=lane,
            room=np.zeros((self.n_lanes, self.n_cases), INT),
            admin=np.zeros((self.n_lanes, max(1, rules.admin))),
            event=_events(cases),
            change=_changes(posts),
            log=np.zeros(USUAL_CHANGES * cases.notified.size + 64, LOG),
            logged=np.zeros(1, INT),
            kind=_kinds(posts),
            may=np.ascontiguousarray(posts.may),
            weekly=np.zeros((1, 1, 0)) if weekly is None else weekly.reshape(*shape, -1),
        )
        lanes.place_held(self.block, *held, *place)

    def go_on(self) -> None:
        """Nothing; every lane is at its end."""
        done = 0
        while (done := lanes.run_lanes(self.block, done)) < self.n_lanes:
            self._lengthen(len(self.block.log))

    def go_on_with(self, lane: int, rules: Rules) -> None:
        """Nothing; one lane is at its end, its queue planned every week and each plan carried out at once."""
        assert rules.plan is not None
        while (why := lanes.run_lane(self.block, lane)) != ENDED:
            if why == LOG_FULL:
                self._lengthen(len(self.block.log))
                continue
            now = float(self.block.lane["plan_next"][lane])
            self.block.lane["plan_next"][lane] = now + WEEK
            given = rules.plan(self._view(lane, now))
            self._lengthen(4 * len(given))
            for case, post in given:
                lanes.give(self.block, lane, case, post, now)

    def _lengthen(self, more: int) -> None:
        """Let the log have so many empty lines at least."""
        log, used = self.block.log, int(self.block.logged[0])
        if len(log) - used < more:
            longer = np.concatenate([log, np.zeros(used + more - len(log), LOG)])
            self.block = self.block._replace(log=longer)

    def _view(self, lane: int, now: float) -> View:
        """What stands in one lane."""
        case, post = self.block.case[lane], self.block.post[lane]
        room = self.block.room[lane, : self.block.lane["in_room"][lane]]
        start, end = case["hold_from"], case["hold_to"]
        with np.errstate(invalid="ignore"):
            held_days = np.where(start < now, np.minimum(end, now) - start, 0.0)
        slowness = np.empty(len(post))
        lanes.slowness_now(self.block, lane, now, slowness)
        recent = (case["allocated"] > now - YEAR) & (case["post"] >= 0)
        return View(
            now=now,
            waiting=np.sort(room[case["stage"][room] == Stage.TO_ALLOCATE]),
            held=np.flatnonzero(case["slot"] >= 0),
            notified=case["notified"],
            sort=case["of_sort"],
            priority=case["priority"],
            held_days=held_days,
            post=np.where(case["slot"] >= 0, case["post"], -1),
            allocated=case["allocated"],
            evidence_in=case["evidence_in"],
            hours_left=self._hours_left(lane, now),
            is_there=post["is_there"],
            taken_this_year=np.bincount(case["post"][recent], minlength=len(post)),
            slowness=slowness,
        )

    def _hours_left(self, lane: int, now: float) -> Floats:
        """Hours that each case of a lane still takes: all of them, or of those in work the rest."""
        cases, posts = self.block.case[lane], self.block.post[lane]
        left: Floats = cases["left"].copy()
        busy = np.flatnonzero(posts["at_work"] >= 0)
        case = self.block.slot[lane, busy, posts["at_work"][busy]]["case"]
        whole = np.maximum(posts["next"][busy] - posts["piece_began"][busy], 1e-9)
        with np.errstate(invalid="ignore"):
            share = np.clip((posts["next"][busy] - now) / whole, 0.0, 1.0)
        left[case] *= np.where(np.isfinite(share), share, 1.0)
        left[np.isfinite(cases["back"]) & (cases["finished"] < NEVER) & (cases["back"] > now)] = 0.0
        return left

    def records(self) -> Records:
        """What happened."""
        going_on = np.isin(self.block.case["stage"], (Stage.IN_EVIDENCE, Stage.AWAITING_SIGN_OFF))
        self._lengthen(2 * int(going_on.sum()))
        lanes.close(self.block)
        case, post, log = self.block.case, self.block.post, self.block.log[: self.block.logged[0]]
        return Records(
            **{name: case[name].copy() for name in ("allocated", "begun", "finished", "completed", "post")},
            spent=case["spent"].copy(),
            lane=log["lane"].astype(INT),
            case=log["case"].astype(INT),
            at=log["at"].copy(),
            before=log["before"].astype(INT),
            stage=log["stage"].astype(INT),
            hours=post["hours"].copy(),
            taken=post["taken"].copy(),
            admin_hours=self.block.lane["admin_hours"].copy(),
            asked_again=case["asked_again"].copy(),
        )


def _terms(rules: Rules) -> Terms:
    """The rules as numbers, each of one type: compiled code is of types."""
    flags = {
        "has_admin": rules.admin > 0,
        "is_planned": rules.plan is not None,
        "on_notification": bool(rules.on_notification),
    }
    numbers = {name: float(getattr(rules, name)) for name in Terms._fields if name not in flags}
    return Terms(**flags, **numbers)  # type: ignore[arg-type]


def _cases(cases: Cases) -> Table:
    """What is told of the cases, and nothing has become of yet."""
    found = np.zeros(cases.notified.shape, CASE)
    for name in (*TOLD, "priority"):
        found[name] = getattr(cases, name)
    found["of_sort"], found["left"] = cases.sort, cases.work
    for name in ("allocated", "begun", "finished", "completed", "evidence_in", "back"):
        found[name] = NEVER
    for name in ("post", "slot", "column"):
        found[name] = -1
    return found


def _posts(posts: Posts, shape: tuple[int, int]) -> Table:
    """The posts at the start, none of which has a case."""
    found = np.zeros(shape, POST)
    found["is_there"] = posts.is_there
    found["free"] = np.where(posts.is_there, posts.caseload, 0)
    found["allowed"], found["at_work"], found["next"] = posts.first, -1, NEVER
    found["experience"] = np.where(posts.starts_experienced, NEVER, 0.0)
    found["wake"] = np.where(found["free"] > 0, np.maximum(posts.first, 0.0), NEVER)
    return found


def _kinds(posts: Posts) -> Table:
    found = np.zeros(len(posts.caseload), KIND)
    for name in (*KINDS, "caseload"):
        found[name] = getattr(posts, name)
    found["rate"] = posts.calendar.rate
    return found


def _events(cases: Cases) -> Table:
    """What comes from outside in the order of each lane: notifications, holds and their ends, then NEVER."""
    n_lanes, n_cases = cases.notified.shape
    has_hold = cases.hold_from < NEVER
    most = int(has_hold.sum(axis=1).max(initial=0))
    order = np.argsort(~has_hold, axis=1, kind="stable")[:, :most]
    start = np.take_along_axis(cases.hold_from, order, 1)
    end = np.take_along_axis(cases.hold_to, order, 1)
    notified = np.where(cases.held, NEVER, np.maximum(cases.notified, 0.0))
    found = np.zeros((n_lanes, n_cases + 2 * most + 1), EVENT)
    found["at"] = np.concatenate(
        [notified, np.maximum(start, 0.0), end, np.full((n_lanes, 1), NEVER)], axis=1
    )
    found["case"][:, :n_cases] = np.arange(n_cases)
    found["case"][:, n_cases : n_cases + most] = found["case"][:, n_cases + most : -1] = order
    found["kind"] = np.repeat([ARRIVES, HELD, RELEASED], [n_cases, most, most + 1])
    return np.take_along_axis(found, np.argsort(found["at"], axis=1, kind="stable"), 1)


def _changes(posts: Posts) -> Table:
    """Who comes and goes, in the order of each lane, then NEVER."""
    found = np.zeros((len(posts.changes), posts.changes.shape[1] + 1), CHANGE)
    found["at"] = NEVER
    for name, values in (("at", posts.changes), ("post", posts.changed), ("comes", posts.comings)):
        found[name][:, :-1] = values
    return found


def _given(cases: Cases, posts: Posts) -> tuple[tuple[Ints, Ints], tuple[Ints, Ints]]:
    """What is held at the start, by lane and case, and on which post and slot: of those that may, in turn.

    Beyond a caseload too; what nobody may have is on post −1.
    """
    lane, case = np.nonzero(cases.held)
    sort = cases.sort[lane, case]
    turn, post = _rank(lane * (sort.max(initial=0) + 1) + sort), np.full(len(lane), -1)
    for one in np.unique(sort).tolist():
        able = np.where(posts.is_there, posts.may[:, one], 0)
        who = np.flatnonzero(able == able[able > 0].min(initial=3))
        its = sort == one
        post[its] = who[turn[its] % len(who)] if len(who) else -1
    has, slot = post >= 0, np.zeros(len(lane), np.int64)
    slot[has] = _rank((lane * len(posts.caseload) + post)[has])
    first = np.argsort(has, kind="stable")  # who waits waits first
    return (lane[first], case[first]), (post[first], slot[first])


def _rank(keys: Ints) -> Ints:
    """Of each key, how many equal ones stand before it."""
    order = np.argsort(keys, kind="stable")
    firsts = np.flatnonzero(np.diff(keys[order], prepend=keys[order][:1] - 1))
    rank = np.empty(len(keys), np.int64)
    rank[order] = np.arange(len(keys)) - np.repeat(firsts, np.diff(firsts, append=len(keys)))
    return rank
