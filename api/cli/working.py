"""`allocator worker`: makes the plans that others ask for, and sends events."""

from __future__ import annotations

import threading

import click

from api import logs
from api.cli import screen
from api.cli.interrupt import until_told
from api.cli.storing import DATABASE, opened
from api.serve import runners_of
from api.settings import load


@click.command("worker", short_help="Make plans that are asked for over HTTP, and send events.")
@click.option("--jobs", type=click.IntRange(1, 256), help="So many at the same time. [default: 1]")
@DATABASE
def command(jobs: int | None, database: str) -> None:
    """Make the plans that are asked for over HTTP, on this machine or beside others that do so too.

    Each is made in a process of its own. Events are sent to webhooks too, and what is due from time to time
    is done. Stop with Ctrl-C: what is in hand is given back, and whoever comes next begins it again.
    """
    settings = load(jobs)
    logs.configure(settings.log)
    store, ended, jobs = opened(database), threading.Event(), max(settings.jobs, 1)
    screen.say(f"{store.name}: making plans, {jobs} at a time; stop with Ctrl-C.")
    with until_told(ended), runners_of(store, settings, jobs):
        while not ended.wait(0.2):  # a wait without an end would keep Windows from hearing
            pass
