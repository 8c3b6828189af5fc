"""One scenario: how far it is, and what came of it."""

from __future__ import annotations

from typing import Any

from flask import request

from allocator.store.jobs import OPEN
from api.pages.links import link
from api.pages.page import GoTo, Page, PageRoute, Shown
from api.pages.scenarios import result
from api.pages.waiting import nobody_works
from api.roles import STAFF_AND_COMMISSIONERS
from api.scenariojobs import ScenarioJob
from api.whatif_told import Result
from scenarios.sizing import Sized


def page() -> PageRoute:
    """The page."""
    presses = {"stop": _stop, "share": _share, "unshare": _unshare, "matters": _matters}
    return PageRoute("/scenarios/<job>", "scenario", STAFF_AND_COMMISSIONERS, _show, {**presses})


def _show(page: Page) -> Shown:
    asked = page.ask("scenario", page.path)
    job = ScenarioJob.model_validate(asked)
    if job.state in OPEN:
        nobody = nobody_works(asked, page.service.now())
        return Shown("scenario_progress.html", {"job": job, "nobody": nobody})
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
