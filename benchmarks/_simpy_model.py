"""A review service, or a plain queue, in SimPy: run by the rivals' own Python, with `simpy` and none of ours.

`python -m benchmarks._simpy_model` reads a document from standard input and prints a line of JSON. A case is
one process from its notification to the end of its work; a reviewer is a resource whose queue has the oldest
case first; who takes which case from the room is a rule of ours that SimPy has no resource for. A hold is
waited for together with what else may come, by those cases alone that have one.
"""

# mypy: disable-error-code="no-any-unimported"

from __future__ import annotations

import json
import sys
import time
from collections.abc import Generator
from random import Random
from typing import Any

import simpy

from benchmarks._review import (
    NEVER,
    YEAR,
    Case,
    Line,
    Review,
    new_case,
    told,
    told_of_line,
    urgency,
    weekly_hours,
    worked_by,
)

Steps = Generator[Any, Any, None]


class Post:
    """A reviewer: how many cases they may take yet, how many they took, and who is at their desk."""

    def __init__(self, env: simpy.Environment, caseload: int, weekly: list[float]) -> None:
        self.free, self.taken, self.weekly = caseload, 0, weekly
        self.desk = simpy.PriorityResource(env)


class Service:
    """One replication."""

    def __init__(self, review: Review, random: Random) -> None:
        self.review, self.random, self.env = review, random, simpy.Environment()
        calendars = weekly_hours(review, random)
        self.posts = [Post(self.env, review.caseload, weekly) for weekly in calendars]
        self.room: dict[int, tuple[Case, simpy.Event]] = {}
        self.cases: list[Case] = []

    def run(self) -> list[Case]:
        """Return all cases at the end."""
        self.env.process(self.notifications())
        self.env.run(until=self.review.until)
        return self.cases

    def notifications(self) -> Steps:
        """Cases come."""
        while True:
            yield self.env.timeout(self.random.expovariate(self.review.a_year / YEAR))
            self.cases.append(new_case(self.review, self.random, self.env.now))
            self.env.process(self.life(self.cases[-1]))

    def life(self, case: Case) -> Steps:
        """One case from its notification to the end of its work."""
        post = self.least_loaded()
        if post is None:
            post = yield from self.wait(case)
        else:
            self.give(post)
        env = self.env
        case.allocated = env.now
        ready = env.now + case.evidence
        if env.now <= case.hold_from < ready:
            ready = max(ready, case.hold_to)
        yield env.timeout(ready - env.now)
        request = post.desk.request(case.notified)
        if env.now <= case.hold_from < NEVER:
            yield request | env.timeout(case.hold_from - env.now)
            if not request.triggered:
                request.cancel()
                yield env.timeout(case.hold_to - env.now)
                request = post.desk.request(case.notified)
        yield request
        end = worked_by(post.weekly, env.now, case.hours)
        begun = case.begun = env.now
        yield env.timeout(end - begun)
        case.finish(self.review, begun, end)
        post.desk.release(request)
        post.free += 1
        self.take(post)

    def wait(self, case: Case) -> Generator[Any, Any, Post]:
        """Return who takes the case from the room; what is on hold is out of it."""
        env = self.env
        taken = env.event()
        self.room[id(case)] = case, taken
        if case.hold_from < NEVER:
            yield taken | env.timeout(case.hold_from - env.now)
            if not taken.triggered:
                del self.room[id(case)]
                yield env.timeout(case.hold_to - env.now)
                post = self.least_loaded()
                if post is not None:
                    self.give(post)
                    return post
                self.room[id(case)] = case, taken
        found: Post = yield taken
        return found

    def least_loaded(self) -> Post | None:
        """Return who has room for a case and most of it; of equal ones who took the fewest."""
        able = [one for one in self.posts if one.free > 0]
        return min(able, key=lambda one: (-one.free, one.taken)) if able else None

    def give(self, post: Post) -> None:
        """A case goes to a post."""
        post.free -= 1
        post.taken += 1

    def take(self, post: Post) -> None:
        """A post with room takes the most urgent cases from it."""
        review, now = self.review, self.env.now
        while post.free > 0 and self.room:
            case, taken = max(self.room.values(), key=lambda one: urgency(review, one[0], now))
            del self.room[id(case)]
            self.give(post)
            taken.succeed(post)


def line_once(line: Line, random: Random) -> list[tuple[float, float]]:
    """Return when each customer of a plain queue came and was served, as SimPy's own first example has it."""
    env = simpy.Environment()
    servers, served = simpy.Resource(env, line.servers), []

    def customer() -> Steps:
        came = env.now
        with servers.request() as request:
            yield request
            served.append((came, env.now))
            yield env.timeout(random.expovariate(line.service))

    def source() -> Steps:
        while True:
            yield env.timeout(random.expovariate(line.arrivals))
            env.process(customer())

    env.process(source())
    env.run(until=line.until)
    return served


def main() -> None:
    """Print what came of the document on standard input."""
    asked = json.load(sys.stdin)
    random, times = Random(asked["seed"]), range(asked["replications"])
    began = time.process_time()
    if "line" in asked:
        line = Line(**asked["line"])
        served = [line_once(line, random) for _ in times]
        print(json.dumps(told_of_line(line, served, time.process_time() - began)))
        return
    review = Review(**asked["review"])
    cases = [Service(review, random).run() for _ in times]
    print(json.dumps(told(review, cases, time.process_time() - began)))


if __name__ == "__main__":
    main()
