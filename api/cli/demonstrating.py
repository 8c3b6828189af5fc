"""`allocator demo`: a ready-made queue, planned and printed."""

from __future__ import annotations

import click

from allocator.allocate import PlanRequest
from allocator.intake import read_snapshot
from allocator.sample import demo_folder
from api import clock
from api.cli import screen, show
from api.cli.planning import make_plan

DEMO_SECONDS = 2.0


@click.command("demo", short_help="Plan a ready-made queue, and say what to try next.")
def command() -> None:
    """Plan a ready-made queue with what `plan` uses, print the plan, and say what to try next."""
    folder = demo_folder()
    screen.say(f"A made-up queue of one area: {folder}", "")
    reading = read_snapshot(folder, today=clock.now().date())
    allocation = make_plan(reading, PlanRequest(time_limit=DEMO_SECONDS))
    show.whole(allocation.plan)
    screen.heading("What to try next")
    screen.say(
        f"  allocator plan {folder} --out plan     # the same, for longer, as files",
        f"  allocator check {folder} plan          # an independent checker recomputes all of it",
        f"  allocator explain {folder} plan C000009     # why nobody has it, who could, and what would help",
        f"  allocator report {folder} plan         # the plan as a whole: bottlenecks, fairness, chances",
        "  allocator sample queue --cases 300 --reviewers 30 --describe     # another queue, of your size",
        "  allocator serve                        # the same over HTTP",
        "  (allocator is in .venv/bin, on Windows in .venv\\Scripts)",
    )
