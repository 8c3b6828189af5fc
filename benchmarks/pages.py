"""Pages in a browser that was never here: how soon each is there, and its weight; the sample and a region.

`python3 run.py bench pages -- --cases 4000 --reviewers 600`, where there is a chromium. A page is there once
its largest part is shown and all that it names is loaded; its bytes are those that crossed the network.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from allocator.sample import SampleSpec
from allocator.store import Database
from allocator.store.callers import Caller as Somebody
from allocator.store.callers import Role
from allocator.store.sessions import Lasts, begin
from api import clock
from api.auth import COOKIE
from benchmarks._asked import print_verdicts
from benchmarks._options import parser
from benchmarks._rows import Row, print_rows
from benchmarks._server import served
from benchmarks._snapshots import usual_areas
from benchmarks._store import Caller, key_of, tables_of
from tools.pages import FLAGS, chromium_here

VISITS = 5
PLAN_SECONDS = 10
DAY = timedelta(days=1)
MEASURED = """() => new Promise((told) => {
  new PerformanceObserver((list) => {
    const last = list.getEntries().at(-1), here = performance.getEntriesByType("navigation")[0];
    const every = [here, ...performance.getEntriesByType("resource")];
    const weight = every.reduce((sum, one) => sum + one.transferSize, 0);
    told([Math.max(last.startTime, here.loadEventEnd), weight]);
  }).observe({type: "largest-contentful-paint", buffered: true});
})"""
"""Milliseconds until the page was there, and the bytes that came."""
PAGES: Mapping[str, tuple[Role, str]] = {
    "sign-in": (Role.COORDINATOR, "/sign-in"),
    "home": (Role.COORDINATOR, "/"),
    "queue": (Role.COORDINATOR, "/queue"),
    "queue, overdue by days": (Role.COORDINATOR, "/queue?need=overdue&sort=-days"),
    "to mend": (Role.COORDINATOR, "/to-mend"),
    "plans": (Role.COORDINATOR, "/plans"),
    "make a plan": (Role.COORDINATOR, "/plans/new"),
    "plan": (Role.COORDINATOR, "/plans/{plan}"),
    "plan, by reviewer": (Role.COORDINATOR, "/plans/{plan}?view=reviewer"),
    "plan, on a map": (Role.COORDINATOR, "/plans/{plan}?view=area"),
    "plan, not placed": (Role.COORDINATOR, "/plans/{plan}?view=unplaced"),
    "plan, a line": (Role.COORDINATOR, "/plans/{plan}/lines?case={case}&role=lead"),
    "publish": (Role.COORDINATOR, "/plans/{plan}/publish"),
    "case": (Role.COORDINATOR, "/cases/{case}"),
    "case, why": (Role.COORDINATOR, "/cases/{case}/why"),
    "case, suggest": (Role.COORDINATOR, "/cases/{case}/suggest"),
    "reviewers": (Role.COORDINATOR, "/reviewers"),
    "reviewer": (Role.COORDINATOR, "/reviewers/{reviewer}"),
    "my work": (Role.REVIEWER, "/my-work"),
    "scenarios": (Role.COMMISSIONER, "/scenarios"),
    "scenario, asked": (Role.COMMISSIONER, "/scenarios/new"),
    "performance": (Role.COMMISSIONER, "/performance"),
    "audit": (Role.AUDITOR, "/audit"),
    "how this is worked out": (Role.COMMISSIONER, "/how-it-works"),
    "help": (Role.COORDINATOR, "/help"),
}


def main(arguments: list[str]) -> int:
    """Return 0 after a row for each page of each queue."""
    print_verdicts(list(print_rows(rows(arguments))))
    return 0


def rows(arguments: list[str]) -> Iterator[Row]:
    """Yield a row for each page of the sample, and of a made-up queue; none where there is no chromium."""
    made = parser("pages", "Looks at every page in a browser that was never here.", PLAN_SECONDS)
    made.add_argument("--cases", type=int, default=4_000)
    made.add_argument("--reviewers", type=int, default=600)
    options = made.parse_args(arguments)
    if chromium_here() is None:
        print("no chromium here: on Debian `apt install chromium`, elsewhere set CHROMIUM", file=sys.stderr)
        return
    spec = SampleSpec(options.cases, options.reviewers, usual_areas(options.reviewers), seed=options.seed[0])
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=chromium_here(), args=list(FLAGS))
        url = f"sqlite:///{folder}/sample.db"
        yield from _looked_at(browser, url, "the sample", None, (options.time_limit, options.seed[0]))
        tables, url = tables_of(spec, Path(folder, "queue")), f"sqlite:///{folder}/store.db"
        instance = f"{spec.cases}x{spec.reviewers}"
        yield from _looked_at(browser, url, instance, tables, (options.time_limit, options.seed[0]))
        browser.close()


def _looked_at(
    browser: Browser, url: str, instance: str, tables: dict[str, Any] | None, asked: tuple[float, int]
) -> Iterator[Row]:
    """Yield a row for each page of a service that has these tables; None: the sample."""
    seconds, seed = asked
    with served(url) as (connection, _):
        caller, home = Caller(connection, key_of(url)), f"http://{connection.host}:{connection.port}"
        caller.timed("POST", "/v1/sample" if tables is None else "/v1/imports", tables or {})
        names = _planned(caller, seconds)
        words = {role: _session(url, role, names["reviewer"]) for role, _ in PAGES.values()}
        for page, (role, path) in PAGES.items():
            visits = [
                _visit(browser, home, path.format(**names), words[role] if page != "sign-in" else None)
                for _ in range(VISITS)
            ]
            yield _row(f"{instance} in a browser", page, visits, seed)


def _planned(caller: Caller, seconds: float) -> dict[str, str]:
    """A plan of all that waits, and a case and a reviewer of it."""
    _, job = caller.timed("POST", "/v1/plans", {"time_limit": seconds})
    while (now := caller.timed("GET", f"/v1/jobs/{job['job']}")[1])["state"] in ("queued", "running"):
        time.sleep(0.2)
    if now["plan"] is None:
        raise RuntimeError(f"there is no plan: {now['problem']}")
    _, lines = caller.timed("GET", f"/v1/plans/{now['plan']}/lines")
    line = next(one for one in lines["items"] if one["role"] == "lead")
    return {"plan": str(now["plan"]), "case": line["case_id"], "reviewer": line["reviewer_id"]}


def _session(url: str, role: Role, reviewer_id: str) -> str:
    """The word of a session of somebody who sees every area, or of a reviewer."""
    database = Database(url)
    try:
        with database.write("benchmark", clock.now) as tx:
            who = Somebody("benchmark", role, (), reviewer_id if role is Role.REVIEWER else None)
            return begin(tx, who, Lasts(DAY, DAY))[1]
    finally:
        database.close()


def _visit(browser: Browser, home: str, path: str, word: str | None) -> tuple[float, float]:
    """Milliseconds until a page was there, and its bytes, in a browser that was never here."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    if word is not None:
        context.add_cookies([{"name": COOKIE, "value": word, "url": home}])
    page = context.new_page()
    answer = page.goto(home + path)
    if answer is None or not answer.ok:
        raise RuntimeError(f"{path}: {answer and answer.status}")
    page.wait_for_load_state("networkidle")
    there, weight = page.evaluate(MEASURED)
    context.close()
    return there, weight


def _row(instance: str, page: str, visits: list[tuple[float, float]], seed: int) -> Row:
    times = [there for there, _ in visits]
    figures = {
        "asked": len(visits),
        "p50_ms": statistics.median(times),
        "longest_ms": max(times),
        "kilobytes": max(weight for _, weight in visits) / 1000,
    }
    return Row(instance, page, None, None, None, sum(times) / 1000, None, None, seed, more=figures)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
