"""One scenario: how far it is, and what came of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from flask import request

from allocator.store.jobs import OPEN
from api.pages.links import link
from api.pages.page import GoTo, Page, PageRoute, Shown
from api.pages.scenarios import result
from api.roles import STAFF_AND_COMMISSIONERS
from api.scenariojobs import ScenarioJob
from api.whatif_told import Result
from scenarios.sizing import Sized

PATIENCE: Final = timedelta(seconds=60)
"""A scenario that waits for longer may wait for ever: perhaps nobody runs any."""


def page() -> PageRoute:
    """The page."""
    presses = {"stop": _stop, "share": _share, "unshare": _unshare, "matters": _matters}
    return PageRoute("/scenarios/<job>", "scenario", STAFF_AND_COMMISSIONERS, _show, {**presses})


def _show(page: Page) -> Shown:
    job = ScenarioJob.model_validate(page.ask("scenario", page.path))
    if job.state in OPEN:
        waits = page.service.now() - job.made_at > PATIENCE and job.started_at is None
        return Shown("scenario_progress.html", {"job": job, "waits": waits})
    if job.problem is not None:
        return Shown(
            "scenario_failed.html", {"job": job, "faults": job.problem.model_dump().get("errors", ())}
        )
    said = {"job": job, "link": _link(page)}
    found = Result.model_validate(page.ask("scenario-result", page.path))
    if isinstance(found.answer, Sized):
        return Shown("scenario_size.html", {**said, **result.of_size(found, found.answer)})
    return Shown("scenario_result.html", {**said, **result.of_run(found, found.answer)})


def _link(page: Page) -> str:
    """The address of this page, as others need it."""
    home = page.service.settings.public_url or request.host_url
    return f"{home.rstrip('/')}/scenarios/{page.path['job']}"


def _here(page: Page, said: str) -> GoTo:
    return GoTo(link("scenarios", page.path["job"]), said)


def _stop(page: Page) -> GoTo:
    page.ask("stop-scenario", page.path)
    return _here(page, "It will stop, and keep what is done.")


def _share(page: Page) -> GoTo:
    page.ask("share-scenario", page.path)
    return _here(page, "It is shared. Send others the address of this page.")


def _unshare(page: Page) -> GoTo:
    page.ask("unshare-scenario", page.path)
    return _here(page, "It is no longer shared.")


def _matters(page: Page) -> GoTo:
    """Ask which assumptions of this one matter."""
    asked: dict[str, Any] = page.ask("scenario-document", page.path)
    made = page.ask("run-scenario", body={"scenario": asked["scenario"], "tornado": True})
    return GoTo(link("scenarios", made["job"]))
