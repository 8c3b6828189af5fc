"""One lane, event by event: compiled, with all of its state in tables that Python can look at between events.

Everything here is called with the tables of a block and the number of a lane. A function that goes on until
something stops it says what: the end of the run, a queue that is to be planned, or a log that is full; then
it is called again. `scenarios/engine.py` makes the tables and says what they are.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenarios.units import WEEK
from scenarios.world import NEVER, Stage
from solver.compiled import bare_kernel, inlined

Table = NDArray[Any]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ARRIVES: Final = 0
HELD: Final = 1
RELEASED: Final = 2
ENDED: Final = 0
TO_PLAN: Final = 1
LOG_FULL: Final = 2

OUTSIDE: Final = int(Stage.OUTSIDE)
TO_ALLOCATE: Final = int(Stage.TO_ALLOCATE)
IN_EVIDENCE: Final = int(Stage.IN_EVIDENCE)
NOT_BEGUN: Final = int(Stage.NOT_BEGUN)
IN_PROGRESS: Final = int(Stage.IN_PROGRESS)
AWAITING_SIGN_OFF: Final = int(Stage.AWAITING_SIGN_OFF)
ON_HOLD: Final = int(Stage.ON_HOLD)
COMPLETED: Final = int(Stage.COMPLETED)

ELSEWHERE: Final = 2
"""`Posts.may` of a case that is not at home."""


class Terms(NamedTuple):
    """`scenarios.world.Rules` as numbers."""

    until: float
    points_a_week: float
    points_a_priority: float
    points_overdue: float
    points_unsafe: float
    allocate_days: float
    safe_days: float
    has_admin: bool
    admin_hours: float
    on_notification: bool
    lapse_days: float
    lapse_share: float
    again_days: float
    handover: float
    panel_days: float
    is_planned: bool


class Block(NamedTuple):
    """The tables of all lanes; those of cases, posts and so on have a row a lane.

    Parameters
    ----------
    case : what is told of each case, and what has become of it (`engine.CASE`)
    post : what each post has now (`engine.POST`); due : the day of its next event
    slot : (n_lanes, n_posts, most cases at once) its cases (`engine.SLOT`)
    lane : how far each lane is (`engine.LANE`)
    room : (n_lanes, n_cases) the cases that wait, as many as the lane counts
    admin : days on which each of the administration is free
    event, change : what comes from outside, and who comes and goes, in the order of time, then NEVER
    log : changes of stage (`engine.LOG`); logged : (1,) how many
    kind : what each post may and needs (`engine.KIND`); may : (n_posts, n_sorts), as in `Posts`
    weekly : (n_lanes, n_posts, n_weeks) hours, of no weeks where all are steady
    """

    terms: Terms
    case: Table
    post: Table
    due: Floats
    slot: Table
    lane: Table
    room: Ints
    admin: Floats
    event: Table
    change: Table
    log: Table
    logged: Ints
    kind: Table
    may: Ints
    weekly: Floats


@bare_kernel
def run_lanes(b: Block, first: int) -> int:
    """The number of lanes that are done, from the first on: fewer than there are if the log is full."""
    for lane in range(first, len(b.lane)):
        if _run(b, lane) == LOG_FULL:
            return lane
    return len(b.lane)


@bare_kernel
def run_lane(b: Block, lane: int) -> int:
    """ENDED, TO_PLAN or LOG_FULL: why the lane did not go on."""
    return _run(b, lane)


@bare_kernel
def place_held(b: Block, lanes: Ints, cases: Ints, posts: Ints, slots: Ints) -> None:
    """Nothing; what is held at the start is on the desks, its evidence in; what nobody may have waits."""
    for i in range(len(lanes)):
        lane, case, post = lanes[i], cases[i], posts[i]
        c = b.case[lane, case]
        if post < 0:
            _enter(b, lane, case)
            _say(b, lane, case, 0.0, TO_ALLOCATE)
            continue
        s = b.slot[lane, post, slots[i]]
        s.case, s.ready, s.since = case, 0.0, c.notified
        c.slot, c.post, c.allocated, c.evidence_in = slots[i], post, 0.0, 0.0
        p = b.post[lane, post]
        p.free -= 1
        p.next = 0.0
        if p.free <= 0:
            p.wake = NEVER
        _say(b, lane, case, 0.0, NOT_BEGUN)
        _set_due(b, lane, post)


@bare_kernel
def give(b: Block, lane: int, case: int, post: int, now: float) -> None:
    """Nothing; a case that waits is a post's, if the post has a place for it."""
    if b.case[lane, case].column < 0:
        return
    for slot in range(b.slot.shape[2]):
        if b.slot[lane, post, slot].case < 0:
            _leave_room(b, lane, case)
            _assign(b, lane, post, case, now)
            _begin(b, lane, post, now)
            return


@bare_kernel
def close(b: Block) -> None:
    """Nothing; work in hand at the end counts as far as it is done, and every case is where it is by then."""
    until = b.terms.until
    for lane in range(len(b.lane)):
        for post in range(len(b.kind)):
            _stop_work(b, lane, post, until)
        for case in range(b.case.shape[1]):
            if b.case[lane, case].stage > OUTSIDE:
                _settle(b, lane, case, until)


@inlined
def _run(b: Block, lane: int) -> int:
    terms, at = b.terms, b.lane[lane]
    slack = 2 * b.slot.shape[2] + 16
    while True:
        if len(b.log) - b.logged[0] < slack:
            return LOG_FULL
        post = 0
        for one in range(1, b.due.shape[1]):
            if b.due[lane, one] < b.due[lane, post]:
                post = one
        event, change = b.event[lane, at.event], b.change[lane, at.change]
        now = min(event.at, change.at, b.due[lane, post])
        if terms.is_planned:
            now = min(now, at.plan_next)
        if not now < terms.until:
            return ENDED
        if event.at <= now:
            at.event += 1
            _from_outside(b, lane, event, now)
        elif change.at <= now:
            at.change += 1
            _staff(b, lane, change, now)
        elif terms.is_planned and at.plan_next <= now:
            return TO_PLAN
        else:
            _post_event(b, lane, post, now)


@inlined
def _from_outside(b: Block, lane: int, event: Any, now: float) -> None:
    """A case is notified, put on hold, or released."""
    if event.kind == ARRIVES:
        _arrive(b, lane, event.case, now)
    elif event.kind == HELD:
        _hold(b, lane, event.case, now)
    else:
        _release(b, lane, event.case, now)


@inlined
def _staff(b: Block, lane: int, change: Any, now: float) -> None:
    """A post gets a holder, or loses the one that it has."""
    if change.comes:
        _come(b, lane, change.post, now)
    else:
        _hand_back(b, lane, change.post, now)


@inlined
def _arrive(b: Block, lane: int, case: int, now: float) -> None:
    """A case is notified: to a post with room for one, else into the room."""
    c = b.case[lane, case]
    _say(b, lane, case, now, TO_ALLOCATE)
    if b.terms.on_notification:
        c.evidence_in = _gathered(b, lane, case, now)
    if c.hold_from <= now < c.hold_to:
        _enter(b, lane, case)
        _say(b, lane, case, now, ON_HOLD)
    elif not _offer(b, lane, case, now):
        _enter(b, lane, case)


@inlined
def _offer(b: Block, lane: int, case: int, now: float) -> bool:
    """Whether the least loaded of the posts that may take a case now has it; those at home first."""
    if b.terms.is_planned:
        return False
    best, found = NEVER, -1
    for post in range(len(b.kind)):
        p = b.post[lane, post]
        level = b.may[post, b.case[lane, case].of_sort]
        if p.free > 0 and p.allowed <= now and level > 0:
            load = 1.0 - p.free / max(b.kind[post].caseload, 1) + 1e-6 * p.taken + 1e3 * level
            if load < best:
                best, found = load, post
    if found < 0:
        return False
    if b.case[lane, case].column >= 0:
        _leave_room(b, lane, case)
    _assign(b, lane, found, case, now)
    _begin(b, lane, found, now)
    return True


@inlined
def _hold(b: Block, lane: int, case: int, now: float) -> None:
    """A case that is not begun yet is put on hold; what is begun goes on, and its clock alone stops."""
    _settle(b, lane, case, now)
    c = b.case[lane, case]
    if c.stage not in (TO_ALLOCATE, IN_EVIDENCE, NOT_BEGUN):
        return
    _say(b, lane, case, now, ON_HOLD)
    if c.slot >= 0:
        s = b.slot[lane, c.post, c.slot]
        s.ready = max(s.ready, c.hold_to)
        if b.post[lane, c.post].at_work < 0:
            b.post[lane, c.post].next = _first_ready(b, lane, c.post)
            _set_due(b, lane, c.post)


@inlined
def _release(b: Block, lane: int, case: int, now: float) -> None:
    """A hold ends."""
    c = b.case[lane, case]
    if c.stage != ON_HOLD:
        return
    if c.slot >= 0:
        _say(b, lane, case, now, IN_EVIDENCE if c.evidence_in > now else NOT_BEGUN)
    else:
        _say(b, lane, case, now, TO_ALLOCATE)
        _offer(b, lane, case, now)


@inlined
def _come(b: Block, lane: int, post: int, now: float) -> None:
    """A post gets a holder, who has learnt nothing yet."""
    p = b.post[lane, post]
    p.is_there = True
    p.free = b.kind[post].caseload
    p.experience, p.learnt_at = 0.0, now
    if b.kind[post].first == -NEVER:
        p.allowed = -NEVER
    p.wake = max(now, p.allowed)
    _set_due(b, lane, post)


@inlined
def _hand_back(b: Block, lane: int, post: int, now: float) -> None:
    """A post loses its holder: all that it has waits again for somebody, who will need some hours more."""
    _stop_work(b, lane, post, now)
    p = b.post[lane, post]
    p.is_there = False
    p.free, p.at_work = 0, -1
    p.next = p.wake = NEVER
    for slot in range(b.slot.shape[2]):
        s = b.slot[lane, post, slot]
        if s.case >= 0:
            case = s.case
            _settle(b, lane, case, now)
            c = b.case[lane, case]
            c.left += b.terms.handover
            c.slot = -1
            _enter(b, lane, case)
            if c.stage != ON_HOLD:
                _say(b, lane, case, now, TO_ALLOCATE)
        s.case, s.ready = -1, NEVER
    for one in range(len(b.kind)):
        other = b.post[lane, one]
        other.wake = max(other.allowed, now) if other.free > 0 else NEVER
        _set_due(b, lane, one)


@inlined
def _stop_work(b: Block, lane: int, post: int, now: float) -> None:
    """What is done of the work in hand stays done; the rest is not worked by this post."""
    p = b.post[lane, post]
    if p.at_work < 0:
        return
    open_share = 1.0  # a post without hours never ends: all of it is open
    if p.next < NEVER:
        open_share = min(max((p.next - now) / max(p.next - p.piece_began, 1e-9), 0.0), 1.0)
    c = b.case[lane, b.slot[lane, post, p.at_work].case]
    c.left *= open_share
    c.spent -= p.piece * open_share
    p.hours -= p.piece * open_share


@inlined
def _post_event(b: Block, lane: int, post: int, now: float) -> None:
    """A post ends a piece of work, begins one whose evidence has come, or looks into the room."""
    p = b.post[lane, post]
    if p.next <= now and p.at_work >= 0:
        _finish(b, lane, post, now)
    if p.wake <= now:
        _take(b, lane, post, now)
    _begin(b, lane, post, now)


@inlined
def _finish(b: Block, lane: int, post: int, now: float) -> None:
    """Work ends: it is signed off at the next panel, or returned by it."""
    p = b.post[lane, post]
    s = b.slot[lane, post, p.at_work]
    case = s.case
    c = b.case[lane, case]
    p.at_work = -1
    c.finished = now
    again, c.is_rework = c.is_rework, True
    _say(b, lane, case, now, AWAITING_SIGN_OFF)
    signed = now + c.panel
    if b.terms.panel_days > 0:
        signed = np.ceil(signed / b.terms.panel_days) * b.terms.panel_days
    if not again and c.chance_returned < b.kind[post].returned:
        c.left, c.back, s.ready = c.rework, signed, signed
        return
    c.completed = signed
    _say(b, lane, case, signed, COMPLETED)
    s.case, c.slot = -1, -1
    p.free += 1
    p.wake = max(now, p.allowed) if p.free > 0 else NEVER


@inlined
def _take(b: Block, lane: int, post: int, now: float) -> None:
    """A post with room takes the first case in the room that it may."""
    p, count = b.post[lane, post], b.lane[lane].in_room
    p.wake = NEVER
    if p.free <= 0 or b.terms.is_planned:
        return
    best, found = -NEVER, -1
    for column in range(count):
        case = b.room[lane, column]
        c = b.case[lane, case]
        level = b.may[post, c.of_sort]
        if c.stage == TO_ALLOCATE and level > 0:
            points = _urgency(b.terms, c, now)
            if level == ELSEWHERE:
                points -= 1e6
            if points > best:
                best, found = points, case
    if found < 0:
        return
    _leave_room(b, lane, found)
    _assign(b, lane, post, found, now)
    if p.free > 0 and b.lane[lane].in_room > 0 and p.allowed <= now:
        p.wake = now


@inlined
def _urgency(terms: Terms, c: Any, now: float) -> float:
    """Points of a case in the room; of equal ones the oldest first."""
    days = now - c.notified
    if c.hold_from < now:
        days -= min(c.hold_to, now) - c.hold_from
    points = terms.points_a_week * np.floor(days / WEEK) - 1e-6 * c.notified
    points += terms.points_a_priority * c.priority
    if days > terms.allocate_days:
        points += terms.points_overdue
    if days >= terms.safe_days:
        points += terms.points_unsafe
    return points


@inlined
def _assign(b: Block, lane: int, post: int, case: int, now: float) -> None:
    """A post gets a case; from now on its evidence is gathered, if it was not before."""
    slot = 0
    while b.slot[lane, post, slot].case >= 0:
        slot += 1
    c, p, s = b.case[lane, case], b.post[lane, post], b.slot[lane, post, slot]
    if c.allocated == NEVER:
        c.allocated = now
    c.post, c.slot = post, slot
    if c.evidence_in == NEVER:
        c.evidence_in = _gathered(b, lane, case, now)
    s.case, s.ready, s.since = case, max(c.evidence_in, now), c.notified
    p.free -= 1
    p.taken += 1
    p.allowed = now + b.kind[post].spacing
    if p.free > 0 and p.allowed > now:
        p.wake = p.allowed
    _say(b, lane, case, now, IN_EVIDENCE if c.evidence_in > now else NOT_BEGUN)
    if p.at_work < 0:
        p.next = min(p.next, s.ready)


@inlined
def _gathered(b: Block, lane: int, case: int, now: float) -> float:
    """The day on which evidence that is asked for now is in."""
    c = b.case[lane, case]
    if not b.terms.has_admin:
        return now + c.evidence
    who = 0
    for one in range(1, b.admin.shape[1]):
        if b.admin[lane, one] < b.admin[lane, who]:
            who = one
    asked = max(b.admin[lane, who], now) + c.admin / max(b.terms.admin_hours, 1e-12)
    b.admin[lane, who] = asked
    b.lane[lane].admin_hours += c.admin
    return asked + c.evidence


@inlined
def _begin(b: Block, lane: int, post: int, now: float) -> None:
    """An idle post begins the oldest case whose evidence is in; if none is, it waits for the first."""
    p = b.post[lane, post]
    if p.at_work < 0:
        best, found = NEVER, -1
        for slot in range(b.slot.shape[2]):
            s = b.slot[lane, post, slot]
            if s.ready <= now and s.since < best:
                best, found = s.since, slot
        if found >= 0:
            p.next = now
            _work(b, lane, post, found, now)
        else:
            p.next = _first_ready(b, lane, post)
    _set_due(b, lane, post)


@inlined
def _work(b: Block, lane: int, post: int, slot: int, now: float) -> None:
    p, s = b.post[lane, post], b.slot[lane, post, slot]
    case = s.case
    c = b.case[lane, case]
    _settle(b, lane, case, now)
    old = now - c.evidence_in > b.terms.lapse_days
    if old and c.asked_again == 0 and not c.is_rework and c.chance_lapsed < b.terms.lapse_share:
        c.asked_again += 1
        c.evidence_in = s.ready = now + b.terms.again_days
        _say(b, lane, case, now, IN_EVIDENCE)
        p.next = max(_first_ready(b, lane, post), now)
        return
    hours = c.left * slowness(b.kind[post], p, now)
    p.experience, p.learnt_at = known(b.kind[post], p, now) + 1.0, now
    c.begun = min(c.begun, now)
    c.spent += hours
    p.hours += hours
    p.at_work = slot
    p.piece, p.piece_began = hours, now
    s.ready = NEVER
    p.next = _day_done(b, lane, post, now, hours)
    _say(b, lane, case, now, IN_PROGRESS)


@inlined
def known(kind: Any, p: Any, now: float) -> float:
    """The cases that a post's holder has learnt from, as far as they are not forgotten."""
    if p.experience == NEVER:
        return NEVER
    return p.experience * 0.5 ** ((now - p.learnt_at) / kind.half_life)


@inlined
def slowness(kind: Any, p: Any, now: float) -> float:
    """How many times the usual hours a post takes now."""
    if kind.first_case == 1.0:
        return 1.0
    return 1.0 + (kind.first_case - 1.0) * np.exp(-known(kind, p, now) / kind.cases_to_learn)


@bare_kernel
def slowness_now(b: Block, lane: int, now: float, found: Floats) -> None:
    """Nothing; (n_posts,) how many times the usual hours each post of a lane takes now stands in `found`."""
    for post in range(len(b.kind)):
        found[post] = slowness(b.kind[post], b.post[lane, post], now)


@inlined
def _day_done(b: Block, lane: int, post: int, now: float, hours: float) -> float:
    """The day on which so many hours of work that begins now are done."""
    weeks = b.weekly.shape[2]
    if weeks == 0:
        rate = b.kind[post].rate
        return now + hours / rate if rate > 0 else NEVER
    week = min(int(now / WEEK), weeks - 1)
    this = b.weekly[lane, post, week]
    left = hours + this * min(now / WEEK - week, 1.0)
    while left > this:
        left -= this
        week += 1
        this = b.weekly[lane, post, min(week, weeks - 1)]
        if week >= weeks:
            break
    share = 0.0
    if left > 0:
        share = left / this if this > 0 else NEVER
    return max(now, WEEK * (week + share))


@inlined
def _settle(b: Block, lane: int, case: int, now: float) -> None:
    """Say of a case what has become of it by itself: evidence came, a panel returned it."""
    c = b.case[lane, case]
    if c.stage == IN_EVIDENCE and c.evidence_in <= now:
        _say(b, lane, case, c.evidence_in, NOT_BEGUN)
    if c.stage == AWAITING_SIGN_OFF and c.back <= now:
        _say(b, lane, case, c.back, NOT_BEGUN)


@inlined
def _enter(b: Block, lane: int, case: int) -> None:
    """A case waits in the room."""
    at = b.lane[lane]
    b.room[lane, at.in_room] = case
    b.case[lane, case].column = at.in_room
    at.in_room += 1


@inlined
def _leave_room(b: Block, lane: int, case: int) -> None:
    """A case leaves the room; the last one takes its place."""
    at, c = b.lane[lane], b.case[lane, case]
    at.in_room -= 1
    mover = b.room[lane, at.in_room]
    b.room[lane, c.column] = mover
    b.case[lane, mover].column = c.column
    c.column = -1


@inlined
def _first_ready(b: Block, lane: int, post: int) -> float:
    """The day on which the first of a post's cases can be worked on."""
    first = NEVER
    for slot in range(b.slot.shape[2]):
        first = min(first, b.slot[lane, post, slot].ready)
    return first


@inlined
def _set_due(b: Block, lane: int, post: int) -> None:
    p = b.post[lane, post]
    b.due[lane, post] = min(p.next, p.wake)


@inlined
def _say(b: Block, lane: int, case: int, at: float, stage: int) -> None:
    """A case is in another stage."""
    c, line = b.case[lane, case], b.log[b.logged[0]]
    line.lane, line.case, line.at, line.before, line.stage = lane, case, at, c.stage, stage
    c.stage = stage
    b.logged[0] += 1
