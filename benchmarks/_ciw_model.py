"""A review service, or a plain queue, in Ciw: run by the rivals' own Python, with `ciw` and none of ours.

`python -m benchmarks._ciw_model` reads a document from standard input and prints a line of JSON.

Simplified, which makes Ciw's job EASIER: every reviewer has one case at a time (caseload 1), so that one
Ciw service is the wait for evidence and then the work. Ciw's server serves one customer: it has no reviewer
who has several cases and works on one of them while evidence for the others comes in. Who gets a case is the
first who is free, not who took the fewest, which spares Ciw a sort at every arrival and changes no mean:
weeks off fall to each alike. All else is on and exact: weekly hours (a service's length is found when it
begins, from the calendar of its server), urgency (a discipline), holds (a customer reneges to a node without
a queue when the hold begins, and comes back when it ends), slow evidence and panels. Its means are compared
with those of our scenario of caseload 1.
"""

# mypy: disable-error-code="misc, no-any-unimported"

from __future__ import annotations

import json
import sys
import time
from random import Random
from typing import Any

import ciw

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


class Service(ciw.dists.Distribution):
    """How long a reviewer has a case: until its evidence is in, no hold is on, and its hours are worked."""

    def __init__(self, review: Review, weekly: list[list[float]]) -> None:
        self.review, self.weekly = review, weekly

    def sample(self, t: Any = None, ind: Any = None) -> float:
        """Return the days from now."""
        case: Case = ind.case
        begins = t + case.evidence
        if t <= case.hold_from < begins:
            begins = max(begins, case.hold_to)
        ends = worked_by(self.weekly[ind.server.id_number - 1], begins, case.hours)
        case.allocated = t
        case.finish(self.review, begins, ends)
        return float(ends - t)


class UntilHeld(ciw.dists.Distribution):
    """How long a case waits before it is put on hold."""

    def sample(self, t: Any = None, ind: Any = None) -> float:
        """Return the days from now; NEVER once it was on hold."""
        case: Case = ind.case
        return float(case.hold_from - t) if case.hold_from > t else NEVER


class Hold(ciw.dists.Distribution):
    """How long a case is on hold."""

    def sample(self, t: Any = None, ind: Any = None) -> float:
        """Return the days from now."""
        case: Case = ind.case
        return float(case.hold_to - t)


class Ways(ciw.routing.NetworkRouting):
    """From the queue out, if served, and to the holds, if not; from there back."""

    def __init__(self) -> None:
        super().__init__([])

    def next_node(self, ind: Any, node_id: int) -> Any:
        """Return where a case goes that a node is done with."""
        return self.simulation.nodes[-1 if node_id == 1 else 1]

    def next_node_for_jockeying(self, ind: Any, node_id: int) -> Any:
        """Return where a case goes that is put on hold."""
        return self.simulation.nodes[2]


def once(review: Review, random: Random) -> list[Case]:
    """Return all cases of one replication."""
    cases: list[Case] = []

    class Notified(ciw.Individual):
        """A customer with the numbers of a case."""

        def __init__(self, *words: Any, **more: Any) -> None:
            super().__init__(*words, **more)
            self.case = new_case(review, random, self.simulation.current_time)
            cases.append(self.case)

    def most_urgent(individuals: list[Any], t: float) -> Any:
        return max(individuals, key=lambda one: urgency(review, one.case, t))

    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(review.a_year / YEAR), None],
        service_distributions=[Service(review, weekly_hours(review, random)), Hold()],
        number_of_servers=[review.posts, float("inf")],
        reneging_time_distributions=[UntilHeld(), None],
        service_disciplines=[most_urgent, ciw.disciplines.FIFO],
        routing=Ways(),
    )
    ciw.Simulation(network, individual_class=Notified).simulate_until_max_time(review.until)
    return cases


def line_once(line: Line, seed: int) -> list[tuple[float, float]]:
    """Return when each customer of a plain queue came and was served, as Ciw's own records have it."""
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(line.arrivals)],
        service_distributions=[ciw.dists.Exponential(line.service)],
        number_of_servers=[line.servers],
    )
    ciw.seed(seed)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(line.until)
    told = simulation.get_all_records(include_incomplete=True)
    return [(one.arrival_date, one.service_start_date) for one in told if one.service_start_date is not None]


def main() -> None:
    """Print what came of the document on standard input."""
    asked = json.load(sys.stdin)
    seed, times = asked["seed"], range(asked["replications"])
    began = time.process_time()
    if "line" in asked:
        line = Line(**asked["line"])
        served = [line_once(line, seed * len(times) + n) for n in times]
        print(json.dumps(told_of_line(line, served, time.process_time() - began)))
        return
    review = Review(**asked["review"])
    if review.caseload != 1:
        raise SystemExit("Ciw is asked of one case at a time only")
    ciw.seed(seed)
    random = Random(seed)
    cases = [once(review, random) for _ in times]
    print(json.dumps(told(review, cases, time.process_time() - began)))


if __name__ == "__main__":
    main()
