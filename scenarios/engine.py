"""Cases through the hands of reviewers, event by event, in many lanes at once.

A lane is one replication of one pool: cases that some posts share. Every lane has its own clock; in each step
every lane does its own next event, so that numpy works on all of them together. Lanes never touch each other.

Times are days from the start, hours are hours of work. A case is notified, waits in the room, is allocated to
a post, its evidence is gathered (administration in between, as a queue of its own), the post works on it, it
is signed off, sometimes returned, and completed. A hold takes it out of the room, or keeps work on it from
being begun. Who leaves hands their cases back.
"""

from __future__ import annotations

import numpy as np

from scenarios.units import WEEK, YEAR
from scenarios.world import NEVER, Bools, Cases, Floats, Ints, Posts, Records, Rules, Stage, View


def _rank(keys: Ints) -> Ints:
    """Of each key, how many equal ones stand before it."""
    order = np.argsort(keys, kind="stable")
    firsts = np.flatnonzero(np.diff(keys[order], prepend=keys[order][:1] - 1))
    rank = np.empty(len(keys), np.int64)
    rank[order] = np.arange(len(keys)) - np.repeat(firsts, np.diff(firsts, append=len(keys)))
    return rank


def simulate(cases: Cases, posts: Posts, rules: Rules) -> Records:
    """What happens to the cases until the end of the run."""
    run = _Run(cases, posts, rules)
    while run.step():
        pass
    return run.records()


_ARRIVES, _HELD, _RELEASED = 0, 1, 2


class _Run:
    """The state of all lanes. Arrays by post are flat: lane × n_posts + post."""

    def __init__(self, cases: Cases, posts: Posts, rules: Rules) -> None:
        self.cases, self.posts, self.rules = cases, posts, rules
        self.n_lanes, self.n_cases = cases.notified.shape
        self.n_posts, self.n_slots = len(posts.caseload), int(posts.caseload.max(initial=1))
        self._give_held()
        self.lanes = np.arange(self.n_lanes)
        self._begin_cases()
        self._begin_posts()
        self._begin_room()
        self._begin_events()
        self._log: list[tuple[Ints, Ints, Floats, Ints, Ints]] = []
        self._place_held()

    def _begin_cases(self) -> None:
        shape = (self.n_lanes, self.n_cases)
        self.allocated, self.begun = np.full(shape, NEVER), np.full(shape, NEVER)
        self.finished, self.completed = np.full(shape, NEVER), np.full(shape, NEVER)
        self.evidence_in, self.back = np.full(shape, NEVER), np.full(shape, NEVER)
        self.stage = np.zeros(shape, np.int8)
        self.post, self.spent = np.full(shape, -1, np.int64), np.zeros(shape)
        self.left = self.cases.work.copy()
        self.asked_again = np.zeros(shape, np.int16)
        self.slot_of, self.column_of = np.full(shape, -1, np.int64), np.full(shape, -1, np.int64)
        self.is_rework = np.zeros(shape, bool)

    def _begin_posts(self) -> None:
        posts, n = self.posts, self.n_lanes * self.n_posts
        self.slot_case = np.full((n, self.n_slots), -1, np.int64)
        self.slot_ready = np.full((n, self.n_slots), NEVER)
        self.slot_since = np.full((n, self.n_slots), NEVER)
        self.at_work = np.full(n, -1, np.int64)
        self.next, self.wake = np.full(n, NEVER), np.full(n, NEVER)
        self.is_there = np.tile(posts.is_there, self.n_lanes)
        self.free = np.where(self.is_there, np.tile(posts.caseload, self.n_lanes), 0)
        self.allowed = np.tile(self.posts.first, self.n_lanes)
        self.taken, self.hours = np.zeros(n, np.int64), np.zeros(n)
        self.piece, self.piece_began = np.zeros(n), np.zeros(n)
        self.experience, self.learnt_at = np.zeros(n), np.zeros(n)
        self.experience[np.tile(posts.starts_experienced, self.n_lanes)] = NEVER
        self.wake[self.free > 0] = np.maximum(self.allowed, 0.0)[self.free > 0]
        self.time = np.minimum(self.next, self.wake).reshape(self.n_lanes, self.n_posts)
        self.admin_free = np.zeros((self.n_lanes, max(1, self.rules.admin)))
        self.admin_hours = np.zeros(self.n_lanes)
        self.alike = bool((posts.may == 1).all())
        self.learns = bool((posts.first_case != 1.0).any())

    def _begin_room(self) -> None:
        self.width = 16
        self.room = np.full((self.n_lanes, self.width), -1, np.int64)
        self.room_count = np.zeros(self.n_lanes, np.int64)

    def _begin_events(self) -> None:
        """Sort what comes from outside: notifications, holds and their ends, in the order of each lane."""
        cases = self.cases
        has_hold = cases.hold_from < NEVER
        self.any_hold = bool(has_hold.any())
        most = int(has_hold.sum(axis=1).max(initial=0))
        order = np.argsort(~has_hold, axis=1, kind="stable")[:, :most]
        start = np.take_along_axis(cases.hold_from, order, 1)
        end = np.take_along_axis(cases.hold_to, order, 1)
        notified = np.maximum(cases.notified, 0.0)
        notified = np.where(cases.held, NEVER, notified)
        at = np.concatenate([notified, np.maximum(start, 0.0), end], axis=1)
        everyone = np.broadcast_to(np.arange(self.n_cases), (self.n_lanes, self.n_cases))
        which = np.concatenate([everyone, order, order], axis=1)
        kind = np.repeat([_ARRIVES, _HELD, _RELEASED], [self.n_cases, most, most])
        by_time = np.argsort(at, axis=1, kind="stable")
        stop = np.full((self.n_lanes, 1), NEVER)
        self.event_at = np.concatenate([np.take_along_axis(at, by_time, 1), stop], axis=1)
        self.event_case = np.take_along_axis(which, by_time, 1)
        self.event_kind = kind[by_time]
        self.event = np.zeros(self.n_lanes, np.int64)
        self.event_next = self.event_at[:, 0].copy()
        self.change_at = np.concatenate([self.posts.changes, stop], axis=1)
        self.change = np.zeros(self.n_lanes, np.int64)
        self.change_next = self.change_at[:, 0].copy()
        self.plan_next = np.full(self.n_lanes, NEVER if self.rules.plan is None else 0.0)

    def _give_held(self) -> None:
        """Say which post has what is held at the start: those that may, in turn; beyond a caseload too."""
        lane, case = np.nonzero(self.cases.held)
        sort = self.cases.sort[lane, case]
        turn, post = _rank(lane * (sort.max(initial=0) + 1) + sort), np.full(len(lane), -1)
        for one in np.unique(sort).tolist():
            able = np.where(self.posts.is_there, self.posts.may[:, one], 0)
            who = np.flatnonzero(able == able[able > 0].min(initial=3))
            its = sort == one
            post[its] = who[turn[its] % len(who)] if len(who) else -1
        self.held = lane, case, post
        has = post >= 0
        slots = np.zeros(len(lane), np.int64)
        slots[has] = _rank((lane * self.n_posts + post)[has])
        self.held_slot = slots
        self.n_slots = max(self.n_slots, int(slots.max(initial=0)) + 1)

    def _place_held(self) -> None:
        """Put what is held at the start on the desks, its evidence in; what nobody may have waits."""
        lane, case, post = self.held
        nobody = np.flatnonzero(post < 0)
        for one in nobody.tolist():
            self._enter(lane[[one]], case[[one]])
        self._says(lane[nobody], case[nobody], np.zeros(len(nobody)), Stage.TO_ALLOCATE)
        has = np.flatnonzero(post >= 0)
        lane, case, post, slot = lane[has], case[has], post[has], self.held_slot[has]
        at, begins = lane * self.n_posts + post, np.zeros(len(has))
        self.slot_case[at, slot], self.slot_ready[at, slot] = case, begins
        self.slot_since[at, slot] = self.cases.notified[lane, case]
        self.slot_of[lane, case] = slot
        self.post[lane, case] = post
        self.allocated[lane, case] = self.evidence_in[lane, case] = begins
        np.subtract.at(self.free, at, 1)
        self.next[at] = 0.0
        self._says(lane, case, begins, Stage.NOT_BEGUN)
        self.wake[self.free <= 0] = NEVER
        self._due(at)

    def step(self) -> bool:
        """Whether anything happened before the end: each lane did its next event."""
        who = self.time.argmin(axis=1)
        of_post = self.time[self.lanes, who]
        now = np.minimum(np.minimum(self.event_next, self.change_next), of_post)
        if self.rules.plan is not None:
            now = np.minimum(now, self.plan_next)
        going = now < self.rules.until
        if not going.any():
            return False
        from_outside = going & (self.event_next <= now)
        changing = going & ~from_outside & (self.change_next <= now)
        working = going & ~from_outside & ~changing
        if self.rules.plan is not None:
            planning = working & (self.plan_next <= now)
            working &= ~planning
            for lane in np.flatnonzero(planning).tolist():
                self._plan(lane, float(now[lane]))
        working = np.flatnonzero(working)
        if from_outside.any():
            self._from_outside(np.flatnonzero(from_outside), now)
        if changing.any():
            self._staff(np.flatnonzero(changing), now)
        if len(working):
            self._post_events(working, who[working], now[working])
        return True

    def _from_outside(self, lane: Ints, now: Floats) -> None:
        """Cases are notified, put on hold, or released."""
        at = self.event[lane]
        case, kind, when = self.event_case[lane, at], self.event_kind[lane, at], now[lane]
        self.event[lane] = at + 1
        self.event_next[lane] = self.event_at[lane, at + 1]
        come = kind == _ARRIVES
        if come.all():
            self._arrive(lane, case, when)
            return
        if come.any():
            self._arrive(lane[come], case[come], when[come])
        for is_kind, act in ((kind == _HELD, self._hold), (kind == _RELEASED, self._release)):
            if is_kind.any():
                act(lane[is_kind], case[is_kind], when[is_kind])

    def _arrive(self, lane: Ints, case: Ints, when: Floats) -> None:
        """Cases are notified: to a post with room for one, else into the room."""
        self._says(lane, case, when, Stage.TO_ALLOCATE)
        if self.rules.on_notification:
            self.evidence_in[lane, case] = self._gathered(lane, case, when)
        held = (self.cases.hold_from[lane, case] <= when) & (when < self.cases.hold_to[lane, case])
        if held.any():
            some = np.flatnonzero(held)
            self._enter(lane[some], case[some])
            self._says(lane[some], case[some], when[some], Stage.ON_HOLD)
            rest = np.flatnonzero(~held)
            lane, case, when = lane[rest], case[rest], when[rest]
        self._offer(lane, case, when, in_room=False)

    def _offer(self, lane: Ints, case: Ints, when: Floats, in_room: bool) -> None:
        """Cases go to the least loaded post that may take one now; those that none may wait in the room."""
        if self.rules.plan is not None:
            if not in_room:
                self._enter(lane, case)
            return
        free = self.free.reshape(self.n_lanes, -1)[lane]
        able = (free > 0) & (self.allowed.reshape(self.n_lanes, -1)[lane] <= when[:, None])
        load = 1.0 - free / np.maximum(self.posts.caseload, 1)
        load += 1e-6 * self.taken.reshape(self.n_lanes, -1)[lane]
        if not self.alike:
            level = self.posts.may[:, self.cases.sort[lane, case]].T
            able &= level > 0
            load += 1e3 * level
        load = np.where(able, load, NEVER)
        who = load.argmin(axis=1)
        found = load[np.arange(len(lane)), who] < NEVER
        if found.any():
            some = np.flatnonzero(found)
            at = lane[some] * self.n_posts + who[some]
            if in_room:
                self._leave_room(lane[some], case[some])
            self._assign(at, lane[some], case[some], when[some])
            self._begin(at, lane[some], when[some])
        if not in_room and not found.all():
            rest = np.flatnonzero(~found)
            self._enter(lane[rest], case[rest])

    def _hold(self, lane: Ints, case: Ints, when: Floats) -> None:
        """Cases that are not begun yet are put on hold; what is begun goes on, and its clock alone stops."""
        self._settle(lane, case, when)
        stage = self.stage[lane, case]
        waits = np.flatnonzero(
            (stage == Stage.TO_ALLOCATE) | (stage == Stage.IN_EVIDENCE) | (stage == Stage.NOT_BEGUN)
        )
        lane, case, when = lane[waits], case[waits], when[waits]
        self._says(lane, case, when, Stage.ON_HOLD)
        has = np.flatnonzero(self.slot_of[lane, case] >= 0)
        if len(has):
            lane, case = lane[has], case[has]
            at, slot = lane * self.n_posts + self.post[lane, case], self.slot_of[lane, case]
            self.slot_ready[at, slot] = np.maximum(self.slot_ready[at, slot], self.cases.hold_to[lane, case])
            self._look(at)

    def _release(self, lane: Ints, case: Ints, when: Floats) -> None:
        """Holds end."""
        held = np.flatnonzero(self.stage[lane, case] == Stage.ON_HOLD)
        lane, case, when = lane[held], case[held], when[held]
        has = self.slot_of[lane, case] >= 0
        if has.any():
            some = np.flatnonzero(has)
            late = self.evidence_in[lane[some], case[some]] > when[some]
            stage = np.where(late, Stage.IN_EVIDENCE, Stage.NOT_BEGUN)
            self._say(lane[some], case[some], when[some], stage)
        if not has.all():
            rest = np.flatnonzero(~has)
            lane, case, when = lane[rest], case[rest], when[rest]
            self._says(lane, case, when, Stage.TO_ALLOCATE)
            self._offer(lane, case, when, in_room=True)

    def _staff(self, lane: Ints, now: Floats) -> None:
        """Posts lose their holder, or get a new one."""
        at = self.change[lane]
        post, comes, when = self.posts.changed[lane, at], self.posts.comings[lane, at], now[lane]
        self.change[lane] = at + 1
        self.change_next[lane] = self.change_at[lane, at + 1]
        gone = np.flatnonzero(~comes)
        if len(gone):
            self._hand_back(lane[gone], post[gone], when[gone])
        come = np.flatnonzero(comes)
        if len(come):
            flat = lane[come] * self.n_posts + post[come]
            self.is_there[flat] = True
            self.free[flat] = self.posts.caseload[post[come]]
            self.experience[flat], self.learnt_at[flat] = 0.0, when[come]
            own = self.posts.first[flat % self.n_posts] == -NEVER
            self.allowed[flat[own]] = -NEVER
            self.wake[flat] = np.maximum(when[come], self.allowed[flat])
            self._due(flat)

    def _hand_back(self, lane: Ints, post: Ints, when: Floats) -> None:
        """All that a post has waits again for somebody, who will need some hours more."""
        flat = lane * self.n_posts + post
        self._stop_work(flat, lane, when)
        self.is_there[flat] = False
        self.free[flat] = 0
        self.at_work[flat] = -1
        self.next[flat] = self.wake[flat] = NEVER
        for slot in range(self.n_slots):
            has = np.flatnonzero(self.slot_case[flat, slot] >= 0)
            if len(has):
                case = self.slot_case[flat[has], slot]
                self._settle(lane[has], case, when[has])
                self.left[lane[has], case] += self.rules.handover
                self.slot_of[lane[has], case] = -1
                held = self.stage[lane[has], case] == Stage.ON_HOLD
                self._enter(lane[has], case)
                out = np.flatnonzero(~held)
                self._says(lane[has][out], case[out], when[has][out], Stage.TO_ALLOCATE)
        self.slot_case[flat], self.slot_ready[flat] = -1, NEVER
        self._due(flat)
        self._wake_all(lane, when)

    def _stop_work(self, at: Ints, lane: Ints, when: Floats) -> None:
        """What is done of the work in hand stays done; the rest is not worked by these posts."""
        busy = np.flatnonzero(self.at_work[at] >= 0)
        at, lane, when = at[busy], lane[busy], when[busy]
        case, began = self.slot_case[at, self.at_work[at]], self.piece_began[at]
        with np.errstate(invalid="ignore"):  # a post without hours never ends: all of it is open
            share = (self.next[at] - when) / np.maximum(self.next[at] - began, 1e-9)
        open_share = np.clip(share, 0.0, 1.0)
        open_share = np.where(np.isfinite(open_share), open_share, 1.0)
        self.left[lane, case] *= open_share
        self.spent[lane, case] -= self.piece[at] * open_share
        self.hours[at] -= self.piece[at] * open_share

    def _wake_all(self, lane: Ints, when: Floats) -> None:
        """Every post of some lanes that has room looks for a case, as soon as it may have one."""
        at = (lane[:, None] * self.n_posts + np.arange(self.n_posts)).reshape(-1)
        soonest = np.maximum(self.allowed[at], np.repeat(when, self.n_posts))
        self.wake[at] = np.where(self.free[at] > 0, soonest, NEVER)
        self._due(at)

    def _post_events(self, lane: Ints, post: Ints, when: Floats) -> None:
        """Posts end a piece of work, begin one whose evidence has come, or look into the room."""
        at = lane * self.n_posts + post
        due = self.next[at] <= when
        ends = np.flatnonzero(due & (self.at_work[at] >= 0))
        if len(ends):
            self._finish(at[ends], lane[ends], when[ends])
        looks = np.flatnonzero(self.wake[at] <= when)
        if len(looks):
            self._take(at[looks], lane[looks], when[looks])
        self._begin(at, lane, when)

    def _finish(self, at: Ints, lane: Ints, when: Floats) -> None:
        """Work ends: it is signed off at the next panel, or returned by it."""
        rules, cases, slot = self.rules, self.cases, self.at_work[at]
        case = self.slot_case[at, slot]
        self.at_work[at] = -1
        self.finished[lane, case] = when
        self.is_rework[lane, case], again = True, self.is_rework[lane, case]
        self._says(lane, case, when, Stage.AWAITING_SIGN_OFF)
        signed = when + cases.panel[lane, case]
        if rules.panel_days > 0:
            signed = np.ceil(signed / rules.panel_days) * rules.panel_days
        post = at - lane * self.n_posts
        returned = ~again & (cases.chance_returned[lane, case] < self.posts.returned[post])
        if returned.any():
            some = np.flatnonzero(returned)
            self.left[lane[some], case[some]] = cases.rework[lane[some], case[some]]
            self.back[lane[some], case[some]] = signed[some]
            self.slot_ready[at[some], slot[some]] = signed[some]
        done = np.flatnonzero(~returned)
        at, lane, case, slot, post = at[done], lane[done], case[done], slot[done], post[done]
        self.completed[lane, case] = signed[done]
        self._says(lane, case, signed[done], Stage.COMPLETED)
        self.slot_case[at, slot] = -1
        self.slot_of[lane, case] = -1
        self.free[at] += 1
        self.wake[at] = np.where(self.free[at] > 0, np.maximum(when[done], self.allowed[at]), NEVER)

    def _take(self, at: Ints, lane: Ints, when: Floats) -> None:
        """Posts with room take the first case in the room that they may."""
        self.wake[at] = NEVER
        able = np.flatnonzero((self.free[at] > 0) & (self.room_count[lane] > 0))
        if not len(able) or self.rules.plan is not None:
            return
        at, lane, when = at[able], lane[able], when[able]
        width = int(self.room_count[lane].max())
        room = self.room[lane, :width]
        case = np.maximum(room, 0)
        there = (room >= 0) & (self.stage[lane[:, None], case] == Stage.TO_ALLOCATE)
        points = self._urgency(lane, case, when)
        if not self.alike:
            level = self.posts.may[(at - lane * self.n_posts)[:, None], self.cases.sort[lane[:, None], case]]
            there &= level > 0
            points -= 1e6 * (level == 2)
        points = np.where(there, points, -NEVER)
        column = points.argmax(axis=1)
        found = np.flatnonzero(points[np.arange(len(lane)), column] > -NEVER)
        if len(found):
            at, lane, when = at[found], lane[found], when[found]
            case = room[found, column[found]]
            self._leave_room(lane, case)
            self._assign(at, lane, case, when)
            more = (self.free[at] > 0) & (self.room_count[lane] > 0) & (self.allowed[at] <= when)
            self.wake[at[more]] = when[more]

    def _plan(self, lane: int, now: float) -> None:
        """The queue of one lane is planned, and its plan carried out at once."""
        assert self.rules.plan is not None
        self.plan_next[lane] = now + WEEK
        given = self.rules.plan(self._view(lane, now))
        for case, post in given:
            who, what, when = np.array([lane]), np.array([case]), np.array([now])
            at = who * self.n_posts + post
            if (self.slot_case[at[0]] < 0).any() and self.column_of[lane, case] >= 0:
                self._leave_room(who, what)
                self._assign(at, who, what, when)
                self._begin(at, who, when)

    def _view(self, lane: int, now: float) -> View:
        """What stands in one lane."""
        cases, mine = self.cases, slice(lane * self.n_posts, (lane + 1) * self.n_posts)
        room = self.room[lane, : self.room_count[lane]]
        has = np.flatnonzero(self.slot_of[lane] >= 0)
        start, end = cases.hold_from[lane], cases.hold_to[lane]
        with np.errstate(invalid="ignore"):
            held_days = np.where(start < now, np.minimum(end, now) - start, 0.0)
        recent = (self.allocated[lane] > now - YEAR) & (self.post[lane] >= 0)
        return View(
            now=now,
            waiting=np.sort(room[self.stage[lane, room] == Stage.TO_ALLOCATE]),
            held=has,
            notified=cases.notified[lane],
            sort=cases.sort[lane],
            priority=cases.priority[lane],
            held_days=held_days,
            post=np.where(self.slot_of[lane] >= 0, self.post[lane], -1),
            allocated=self.allocated[lane],
            evidence_in=self.evidence_in[lane],
            hours_left=self._hours_left(lane, now),
            is_there=self.is_there[mine],
            taken_this_year=np.bincount(self.post[lane][recent], minlength=self.n_posts),
            slowness=self._slowness_now(np.arange(mine.start, mine.stop), lane, now),
        )

    def _hours_left(self, lane: int, now: float) -> Floats:
        """Hours that each case of a lane still takes: all of them, or of those in work the rest."""
        left = self.left[lane].copy()
        at = np.arange(lane * self.n_posts, (lane + 1) * self.n_posts)
        busy = at[self.at_work[at] >= 0]
        case = self.slot_case[busy, self.at_work[busy]]
        whole = np.maximum(self.next[busy] - self.piece_began[busy], 1e-9)
        left[case] *= np.clip((self.next[busy] - now) / whole, 0.0, 1.0)
        left[np.isfinite(self.back[lane]) & (self.finished[lane] < NEVER) & (self.back[lane] > now)] = 0.0
        return np.asarray(left, np.float64)

    def _slowness_now(self, at: Ints, lane: int, now: float) -> Floats:
        """How many times the usual hours each post takes now."""
        post = at - lane * self.n_posts
        kept = 0.5 ** ((now - self.learnt_at[at]) / self.posts.half_life[post])
        return self._multiple(
            post, np.where(np.isinf(self.experience[at]), NEVER, self.experience[at] * kept)
        )

    def _urgency(self, lane: Ints, case: Ints, when: Floats) -> Floats:
        """Points of each case in the rooms of some lanes; of equal ones the oldest first."""
        rules = self.rules
        notified = self.cases.notified[lane[:, None], case]
        days = when[:, None] - notified
        if self.any_hold:
            start, end = self.cases.hold_from[lane[:, None], case], self.cases.hold_to[lane[:, None], case]
            days = days - np.maximum(np.minimum(end, when[:, None]) - start, 0.0)
        points = rules.points_a_week * np.floor(days / WEEK) - 1e-6 * notified
        if rules.points_a_priority:
            points += rules.points_a_priority * self.cases.priority[lane[:, None], case]
        if rules.points_overdue or rules.points_unsafe:
            points += rules.points_overdue * (days > rules.allocate_days)
            points += rules.points_unsafe * (days >= rules.safe_days)
        return np.asarray(points)

    def _assign(self, at: Ints, lane: Ints, case: Ints, when: Floats) -> None:
        """Posts get a case each; from now on its evidence is gathered, if it was not before."""
        slot = (self.slot_case[at] < 0).argmax(axis=1)
        fresh = self.allocated[lane, case] == NEVER
        self.allocated[lane, case] = np.where(fresh, when, self.allocated[lane, case])
        post = at - lane * self.n_posts
        self.post[lane, case], self.slot_of[lane, case] = post, slot
        known = self.evidence_in[lane, case]
        ask = np.flatnonzero(known == NEVER)
        if len(ask):
            known[ask] = self._gathered(lane[ask], case[ask], when[ask])
            self.evidence_in[lane[ask], case[ask]] = known[ask]
        self.slot_case[at, slot] = case
        self.slot_ready[at, slot] = np.maximum(known, when)
        self.slot_since[at, slot] = self.cases.notified[lane, case]
        self.free[at] -= 1
        self.taken[at] += 1
        self.allowed[at] = when + self.posts.spacing[post]
        soon = (self.free[at] > 0) & (self.allowed[at] > when)
        self.wake[at] = np.where(soon, self.allowed[at], self.wake[at])
        self._say(lane, case, when, np.where(known > when, Stage.IN_EVIDENCE, Stage.NOT_BEGUN))
        self.next[at] = np.where(
            self.at_work[at] < 0, np.minimum(self.next[at], self.slot_ready[at, slot]), self.next[at]
        )

    def _gathered(self, lane: Ints, case: Ints, when: Floats) -> Floats:
        """The day on which evidence that is asked for now is in."""
        if not self.rules.admin:
            return np.asarray(when + self.cases.evidence[lane, case])
        hours = self.cases.admin[lane, case]
        who = self.admin_free[lane].argmin(axis=1)
        asked = np.maximum(self.admin_free[lane, who], when) + hours / max(self.rules.admin_hours, 1e-12)
        self.admin_free[lane, who] = asked
        self.admin_hours[lane] += hours
        return np.asarray(asked + self.cases.evidence[lane, case])

    def _begin(self, at: Ints, lane: Ints, when: Floats) -> None:
        """Idle posts begin the oldest case whose evidence is in; if none is, they wait for the first."""
        everyone = at
        idle = np.flatnonzero(self.at_work[at] < 0)
        at, lane, when = at[idle], lane[idle], when[idle]
        ready = self.slot_ready[at]
        since = np.where(ready <= when[:, None], self.slot_since[at], NEVER)
        slot = since.argmin(axis=1)
        can = since[np.arange(len(at)), slot] < NEVER
        self.next[at] = np.where(can, when, ready.min(axis=1))
        begins = np.flatnonzero(can)
        if len(begins):
            self._work(at[begins], lane[begins], slot[begins], when[begins])
        self._due(everyone)

    def _work(self, at: Ints, lane: Ints, slot: Ints, when: Floats) -> None:
        case = self.slot_case[at, slot]
        self._settle(lane, case, when)
        if self.rules.lapse_share > 0:
            lapsed = self._ask_again(at, lane, slot, when)
            if lapsed.any():
                keep = np.flatnonzero(~lapsed)
                self.next[at[lapsed]] = np.maximum(self.slot_ready[at[lapsed]].min(axis=1), when[lapsed])
                at, lane, slot, when, case = at[keep], lane[keep], slot[keep], when[keep], case[keep]
        hours = self.left[lane, case] * self._slowness(at, lane, when)
        self.begun[lane, case] = np.minimum(self.begun[lane, case], when)
        self.spent[lane, case] += hours
        self.hours[at] += hours
        self.at_work[at] = slot
        self.piece[at], self.piece_began[at] = hours, when
        self.slot_ready[at, slot] = NEVER
        self.next[at] = self.posts.calendar.finish(at, lane, when, hours)
        self._says(lane, case, when, Stage.IN_PROGRESS)

    def _ask_again(self, at: Ints, lane: Ints, slot: Ints, when: Floats) -> Bools:
        """Whether evidence of each case is too old by now and is asked for again, once a case."""
        rules, case = self.rules, self.slot_case[at, slot]
        old = when - self.evidence_in[lane, case] > rules.lapse_days
        lapsed = old & (self.asked_again[lane, case] == 0) & ~self.is_rework[lane, case]
        lapsed &= self.cases.chance_lapsed[lane, case] < rules.lapse_share
        if lapsed.any():
            some = np.flatnonzero(lapsed)
            at, lane, slot, case, when = at[some], lane[some], slot[some], case[some], when[some]
            self.asked_again[lane, case] += 1
            self.evidence_in[lane, case] = self.slot_ready[at, slot] = when + rules.again_days
            self._says(lane, case, when, Stage.IN_EVIDENCE)
        return np.asarray(lapsed)

    def _slowness(self, at: Ints, lane: Ints, when: Floats) -> Floats | float:
        """How many times the usual hours each post takes now; and one case more is learnt from."""
        if not self.learns:
            return 1.0
        posts, post = self.posts, at - lane * self.n_posts
        kept = 0.5 ** ((when - self.learnt_at[at]) / posts.half_life[post])
        known = np.where(np.isinf(self.experience[at]), NEVER, self.experience[at] * kept)
        self.experience[at], self.learnt_at[at] = known + 1.0, when
        return self._multiple(post, known)

    def _multiple(self, post: Ints, known: Floats) -> Floats:
        """By how much the hours of posts are more, with what they have learnt."""
        posts = self.posts
        return np.asarray(1.0 + (posts.first_case[post] - 1.0) * np.exp(-known / posts.cases_to_learn[post]))

    def _settle(self, lane: Ints, case: Ints, when: Floats) -> None:
        """Say of cases what has become of them by themselves: evidence came, a panel returned them."""
        stage, came, back = self.stage[lane, case], self.evidence_in[lane, case], self.back[lane, case]
        in_by = np.flatnonzero((stage == Stage.IN_EVIDENCE) & (came <= when))
        if len(in_by):
            self._says(lane[in_by], case[in_by], came[in_by], Stage.NOT_BEGUN)
        again = np.flatnonzero((stage == Stage.AWAITING_SIGN_OFF) & (back <= when))
        if len(again):
            self._says(lane[again], case[again], back[again], Stage.NOT_BEGUN)

    def _enter(self, lane: Ints, case: Ints) -> None:
        """Cases wait in the room of their lane."""
        column = self.room_count[lane]
        if len(column) and column.max() >= self.width:
            more = np.full((self.n_lanes, self.width), -1, np.int64)
            self.room, self.width = np.concatenate([self.room, more], axis=1), 2 * self.width
        self.room[lane, column] = case
        self.column_of[lane, case] = column
        self.room_count[lane] = column + 1

    def _leave_room(self, lane: Ints, case: Ints) -> None:
        """Cases leave the room; the last one takes their place."""
        column, last = self.column_of[lane, case], self.room_count[lane] - 1
        mover = self.room[lane, last]
        self.room[lane, column] = mover
        self.column_of[lane, mover] = column
        self.room[lane, last] = -1
        self.column_of[lane, case] = -1
        self.room_count[lane] = last

    def _look(self, at: Ints) -> None:
        """Idle posts look again for what will be ready first."""
        idle = at[self.at_work[at] < 0]
        self.next[idle] = self.slot_ready[idle].min(axis=1)
        self._due(idle)

    def _due(self, at: Ints) -> None:
        self.time.reshape(-1)[at] = np.minimum(self.next[at], self.wake[at])

    def _says(self, lane: Ints, case: Ints, at: Floats, stage: Stage) -> None:
        self._say(lane, case, at, np.full(len(lane), stage))

    def _say(self, lane: Ints, case: Ints, at: Floats, stage: Ints) -> None:
        """Cases are in another stage."""
        before = self.stage[lane, case].astype(np.int64)
        self.stage[lane, case] = stage
        self._log.append((lane, case, at, before, stage))

    def records(self) -> Records:
        """What happened."""
        every = np.arange(self.n_lanes * self.n_posts)
        self._stop_work(every, every // self.n_posts, np.full(len(every), self.rules.until))
        lane, case = np.nonzero(self.stage > Stage.OUTSIDE)
        self._settle(lane, case, np.full(len(lane), self.rules.until))
        log = (
            [np.concatenate(part) for part in zip(*self._log, strict=True)]
            if self._log
            else [np.empty(0)] * 5
        )
        shape = (self.n_lanes, self.n_posts)
        return Records(
            allocated=self.allocated,
            begun=self.begun,
            finished=self.finished,
            completed=self.completed,
            post=self.post,
            spent=self.spent,
            lane=log[0].astype(np.int64),
            case=log[1].astype(np.int64),
            at=log[2],
            before=log[3].astype(np.int64),
            stage=log[4].astype(np.int64),
            hours=self.hours.reshape(shape),
            taken=self.taken.reshape(shape),
            admin_hours=self.admin_hours,
            asked_again=self.asked_again.astype(np.int64),
        )
