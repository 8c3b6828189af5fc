"""The named runs that RESULTS.md is made of: the standard ones, all of them, and a few to try the tool."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    """One run: its title, the benchmark, and the options it is given."""

    title: str
    benchmark: str
    options: str = ""


PLAIN = "--rivals oldest-first cp-sat highs scip"
FIVE, THREE = "--seed 101 102 103 104 105", "--seed 101 102 103"
HARD = "d20200 d10100 d20100 d10200 d10400 d20400 c20400 e20400"
EASY = "gap1 gap2 gap3 gap4 gap5 gap6 gap7 gap8 gap9 gap10 gap11 gap12 gapa gapb"

STANDARD = (
    Run("Hard public instances in 60 s", "gap",
        f"{HARD} --seed 101 --time-limit 60 --rivals"),
    Run("A hard public instance beside rivals in 20 s", "gap", "d20100 --seed 101 --time-limit 20"),
    Run("Easy public instances, to proof", "gap",
        "gap1 gap4 gap8 gap12 a05100 a20200 b05100 b20200 --seed 101 --time-limit 20 --rivals"),
    Run("Five areas in 15 s", "allocation",
        f"--cases 500 --reviewers 60 --seed 101 --time-limit 15 {PLAIN} timefold"),
    Run("A region in 30 s, more work than capacity", "allocation",
        f"--cases 2000 --reviewers 300 --load 1.1 --seed 101 --time-limit 30 {PLAIN} timefold"),
    Run("A region in 30 s, less", "allocation",
        "--cases 2000 --reviewers 300 --load 0.9 --seed 101 --time-limit 30 --rivals"),
    Run("At checkpoints", "allocation",
        f"--cases 500 --reviewers 60 --load 0.9 1.1 --seed 101 --checkpoints 5 10 {PLAIN}"),
    Run("All of England in 60 s", "allocation",
        "--cases 4000 --reviewers 600 --seed 101 --time-limit 60 --rivals"),
    Run("Twice England in 60 s", "allocation",
        "--cases 10000 --reviewers 1000 --seed 101 --time-limit 60 --rivals"),
    Run("One area in 5 s", "allocation", f"--cases 100 --reviewers 12 --seed 101 --time-limit 5 {PLAIN}"),
    Run("Conference matching", "matching"),
    Run("One part switched off", "ablation", "500x60 --seed 101 --time-limit 5"),
    Run("The same problem in another form", "invariance", "500x60 --seed 101 --time-limit 8"),
    Run("Growth", "growth", "500x60 1000x125 2000x250 --seed 101"),
    Run("Planned again after 20 new cases", "replan", "--seed 101 --time-limit 60"),
    Run("The first start of all", "cold"),
    Run("Reading 100,000 cases", "reading"),
    Run("One case at a time among 10,000", "desk", "--seed 101"),
    Run("The store over HTTP", "over_http", "--seed 101"),
    Run("Going live from an old system", "golive", "--seed 101"),
    Run("Open load while a plan is solved", "load", "--seed 101"),
    Run("Pages in a browser", "pages", "--seed 101"),
    Run("How the service grows", "scale", "--seed 101"),
    Run("The scenario engine beside simulators", "simulation", "--areas 1 6"),
    Run("The scenario engine beside theory", "queueing", "--replications 100 --customers 20000"),
    Run("First things tried", "service", "--time-limit 5"),
)  # fmt: skip
FULL = (
    Run("Hard public instances in 60 s", "gap", f"{HARD} {FIVE} --time-limit 60 --rivals"),
    Run("Easy public instances, to proof", "gap", f"{EASY} --seed 101 --time-limit 60 --rivals"),
    Run("Five areas in 15 s", "allocation",
        f"--cases 500 --reviewers 60 --load 0.8 1.0 1.2 {FIVE} --time-limit 15 --rivals"),
    Run("Five areas in 15 s, beside rivals", "allocation",
        "--cases 500 --reviewers 60 --load 0.8 1.0 1.2 --seed 101 --time-limit 15 "
        f"{PLAIN} timefold"),
    Run("A region in 30 s", "allocation",
        f"--cases 2000 --reviewers 300 --load 0.9 1.1 {FIVE} --time-limit 30 --rivals"),
    Run("Twice England in 60 s", "allocation",
        f"--cases 10000 --reviewers 1000 {FIVE} --time-limit 60 --rivals"),
    Run("One area in 5 s", "allocation", f"--cases 100 --reviewers 12 {FIVE} --time-limit 5 {PLAIN}"),
    Run("Conference matching", "matching"),
    Run("Planned again after 20 new cases", "replan", "--seed 101 --time-limit 60"),
    Run("The same problem in another form", "invariance",
        "d10100 c20400 500x60 2000x300 --seed 101 --time-limit 60"),
    Run("The first start of all", "cold"),
    Run("Reading 100,000 cases", "reading"),
    Run("One case at a time among 10,000", "desk", "--seed 101"),
    Run("The store over HTTP", "over_http", "--seed 101"),
    Run("Going live from an old system", "golive", "--seed 101"),
    Run("Open load while a plan is solved", "load", "--seed 101"),
    Run("Pages in a browser", "pages", "--seed 101"),
    Run("How the service grows", "scale", "--seed 101"),
    Run("First things tried", "service", "--time-limit 5"),
    Run("The scenario engine beside theory", "queueing"),
    Run("The scenario engine beside simulators", "simulation",
        "--areas 1 6 --replications 500 --rival-replications 250"),
    Run("At checkpoints", "allocation",
        f"--cases 500 2000 --reviewers 60 300 --load 0.9 1.1 --seed 101 --checkpoints 5 10 30 60 {PLAIN}"),
    Run("All of England in 60 s", "allocation",
        "--cases 4000 --reviewers 600 --seed 101 --time-limit 60 --rivals"),
    Run("Twenty times England in 10 min", "allocation",
        "--cases 100000 --reviewers 5000 --seed 101 --time-limit 600 --rivals"),
    Run("One part switched off", "ablation", "d20100 500x60 2000x300 --seed 101 --time-limit 20"),
    Run("A region in 60 s", "allocation",
        f"--cases 2000 --reviewers 300 --load 0.9 1.1 {FIVE} --time-limit 60 --rivals"),
    Run("Growth", "growth", "500x60 1000x125 2000x250 4000x500 8000x1000 --seed 101"),
    Run("Hard public instances beside rivals in 60 s", "gap", "d20100 d20200 d20400 c20400 --time-limit 60"),
    Run("Large public instances in 60 s", "gap",
        f"c10400 c15900 e10400 e15900 d15900 d40400 {THREE} --time-limit 60 --rivals"),
    Run("A region in 30 s, beside Timefold", "allocation",
        "--cases 2000 --reviewers 300 --load 0.9 1.1 --seed 101 --time-limit 30 --rivals timefold"),
    Run("Twice England in 60 s, beside rivals", "allocation",
        f"--cases 10000 --reviewers 1000 --seed 101 --time-limit 60 {PLAIN}"),
)  # fmt: skip
"""The musts come first: RESULTS.md is written after each run, and may be of the first of them alone."""
TINY = (
    Run("A hard public instance in 3 s", "gap", "gap1-1 d20100 --time-limit 3"),
    Run("One area in 5 s", "allocation", "--cases 100 --reviewers 12 --seed 1 2 --time-limit 5"),
    Run("At checkpoints", "allocation", f"--cases 100 150 --reviewers 12 24 --checkpoints 2 3 {PLAIN}"),
    Run("One part switched off", "ablation", "100x12 --time-limit 2"),
    Run("The same problem in another form", "invariance", "100x12 --time-limit 2"),
    Run("Growth", "growth", "100x12 200x24"),
    Run("Planned again after 20 new cases", "replan", "--cases 100 --reviewers 12 --time-limit 10"),
    Run("Reading 2,000 cases", "reading", "--cases 2000 --reviewers 500 --faults 200"),
    Run("One case at a time among 100", "desk", "--cases 100 --reviewers 12 --time-limit 2"),
    Run("The store over HTTP", "over_http", "--cases 100 --reviewers 12 --time-limit 2"),
    Run("Going live from an old system", "golive", "--cases 100 --reviewers 16 --time-limit 2"),
    Run("Open load while a plan is solved", "load", "--cases 100 --reviewers 16 --time-limit 3"),
    Run("Pages in a browser", "pages", "--cases 100 --reviewers 16 --time-limit 2"),
    Run("How the service grows", "scale",
        "--cases 60 120 --reviewers 12 24 --areas 1 2 --events 10000 --replications 5 10"),
    Run("The scenario engine beside theory", "queueing", "--replications 8 --customers 500"),
    Run("The scenario engine by itself", "simulation",
        "--replications 4 --years 1 --customers 100 --rivals"),
    Run("First things tried", "service", "--time-limit 1 --repeats 1"),
)  # fmt: skip
