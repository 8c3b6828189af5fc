"""Take a picture of every page, on a desk and on a phone: `python3 run.py pages`, where there is a chromium.

The queue is made up and the clock stands still, so that the pictures differ only where the pages, or the
browser's own typefaces, do. `python3 run.py pages NAME …` takes some, `--out DIR` puts them elsewhere.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from allocator.store.callers import Role
from api.auth import COOKIE
from tools.png import smaller
from tools.shop import Shop, open_shop

OUT = Path(__file__).resolve().parent.parent / "docs" / "pages"
SCREENS = {"desktop": (1280, 800), "phone": (390, 844)}
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--font-render-hinting=none",
         "--disable-lcd-text", "--force-color-profile=srgb", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--disable-component-update")  # fmt: skip


@dataclass(frozen=True)
class Picture:
    """A page that is shown.

    Parameters
    ----------
    name : of its files
    says : what it shows
    role : of who looks at it; None: nobody in particular
    path : names in braces are the shop's
    steps : what is done there first; it changes nothing that is kept, as the other pictures show it too
    highest : pixels of the page that are shown: of what is longer, the beginning
    """

    name: str
    says: str
    role: Role | None
    path: str
    steps: Callable[[Page], object] = lambda _: None
    highest: int = 3_000


def _declines(page: Page) -> None:
    page.get_by_label("I have a conflict of interest").check()
    page.get_by_role("button", name="Decline").click()


def _ends_before_it_begins(page: Page) -> None:
    for name, days in (("from", ("12", "12", "2026")), ("to", ("1", "12", "2026"))):
        for part, text in zip(("day", "month", "year"), days, strict=True):
            page.locator(f"#{name}-{part}").fill(text)
    page.get_by_role("button", name="Add", exact=True).click()


PICTURES = (
    Picture("sign-in", "Signing in, without an identity provider", None, "/sign-in"),
    Picture("home", "Home", Role.COORDINATOR, "/"),
    Picture("my-work", "A reviewer's own work", Role.REVIEWER, "/my-work"),
    Picture("my-case", "A case that a reviewer has to answer", Role.REVIEWER, "/my-work/cases/{case}"),
    Picture("my-case-begun", "A case that they are at", Role.REVIEWER, "/my-work/cases/{begun}"),
    Picture("my-case-wrong", "A decline that lacks the interest", Role.REVIEWER, "/my-work/cases/{case}",
            _declines),
    Picture("my-absences", "When a reviewer is away", Role.REVIEWER, "/my-work/absences"),
    Picture("my-interests", "A reviewer's interests", Role.REVIEWER, "/my-work/interests"),
    Picture("queue", "The queue", Role.COORDINATOR, "/queue", highest=2_000),
    Picture("upload", "Sending files", Role.ADMIN, "/upload"),
    Picture("to-mend", "What to mend first", Role.ADMIN, "/to-mend"),
    Picture("to-mend-rows", "The rows of one thing to mend", Role.ADMIN, "/to-mend/{group}"),
    Picture("set-aside", "A row that is set aside", Role.ADMIN, "/set-aside/{aside}"),
    Picture("plans", "Plans that were made", Role.COORDINATOR, "/plans"),
    Picture("plan-new", "Asking for a plan", Role.COORDINATOR, "/plans/new"),
    Picture("plan-making", "How far a plan is", Role.COORDINATOR, "/plans/making/{making}"),
    Picture("plan", "A plan, case by case", Role.COORDINATOR, "/plans/{plan}", highest=2_400),
    Picture("plan-reviewers", "A plan, by reviewer", Role.COORDINATOR, "/plans/{plan}?view=reviewer"),
    Picture("plan-areas", "A plan, on a map", Role.COORDINATOR, "/plans/{plan}?view=area"),
    Picture("plan-unplaced", "What a plan does not place, and why", Role.COORDINATOR,
            "/plans/{plan}?view=unplaced", highest=1_600),
    Picture("plan-line", "One line changed", Role.COORDINATOR,
            "/plans/{plan}/lines?case={waiting}&role=lead"),
    Picture("plan-publish", "Publishing", Role.COORDINATOR, "/plans/{plan}/publish"),
    Picture("publication", "Who was told", Role.COORDINATOR, "/publications/{publication}"),
    Picture("case", "A case", Role.COORDINATOR, "/cases/{waiting}"),
    Picture("case-suggest", "Who could take a case", Role.COORDINATOR, "/cases/{waiting}/suggest"),
    Picture("case-give", "A case given by hand", Role.COORDINATOR, "/cases/{waiting}/give"),
    Picture("case-why", "Why a case is where it is", Role.COORDINATOR, "/cases/{waiting}/why"),
    Picture("case-family", "Words for the family", Role.COORDINATOR, "/cases/{case}/family"),
    Picture("case-history", "What happened to a case", Role.COORDINATOR, "/cases/{begun}/history"),
    Picture("case-correct", "A case corrected", Role.COORDINATOR, "/cases/{case}/correct"),
    Picture("case-hold", "A case put on hold", Role.COORDINATOR, "/cases/{case}/hold"),
    Picture("case-resume", "A hold ended", Role.COORDINATOR, "/cases/{held}/resume"),
    Picture("case-merge", "A duplicate merged", Role.COORDINATOR, "/cases/{waiting}/merge"),
    Picture("case-unmerge", "A duplicate parted again", Role.COORDINATOR, "/cases/{merged}/unmerge"),
    Picture("case-take-back", "A case taken back", Role.COORDINATOR, "/cases/{case}/take-back"),
    Picture("case-close", "A case closed without a review", Role.COORDINATOR, "/cases/{waiting}/close"),
    Picture("reviewers", "How full reviewers are", Role.COORDINATOR, "/reviewers?sort=-free"),
    Picture("reviewer", "One reviewer, by week ahead", Role.COORDINATOR, "/reviewers/{reviewer}"),
    Picture("reviewer-change", "A reviewer's record changed", Role.COORDINATOR,
            "/reviewers/{reviewer}/change"),
    Picture("reviewer-absences", "An absence that ends before it begins", Role.COORDINATOR,
            "/reviewers/{reviewer}/absences", _ends_before_it_begins),
    Picture("reviewer-interests", "A reviewer's interests, for coordinators", Role.COORDINATOR,
            "/reviewers/{reviewer}/interests"),
    Picture("reviewer-away", "What becomes of the cases of somebody who will be away", Role.COORDINATOR,
            "/reviewers/{reviewer}/away?from=2026-11-09&to=2027-01-31"),
    Picture("reviewer-leaving", "What becomes of the cases of somebody who is leaving", Role.COORDINATOR,
            "/reviewers/{reviewer}/leaving?last_day=2026-11-30"),
    Picture("reviewer-link", "Letting a reviewer in by a link", Role.COORDINATOR,
            "/reviewers/{reviewer}/link"),
    Picture("reviewer-next", "What a reviewer should take next", Role.COORDINATOR,
            "/reviewers/{reviewer}/next"),
    Picture("scenarios", "Scenarios", Role.COMMISSIONER, "/scenarios"),
    Picture("scenario-new", "What if: the questions", Role.COMMISSIONER, "/scenarios/new", highest=2_400),
    Picture("scenario", "What a scenario says", Role.COMMISSIONER, "/scenarios/{scenario}", highest=2_400),
    Picture("scenarios-compared", "Scenarios compared", Role.COMMISSIONER,
            "/scenarios/compare?jobs={scenario}&jobs={another}"),
    Picture("performance", "Performance", Role.COMMISSIONER, "/performance", highest=2_400),
    Picture("audit", "Who did what to a case", Role.AUDITOR, "/audit?case={case}&check=yes"),
    Picture("how-it-works", "How this is worked out", Role.COMMISSIONER, "/how-it-works", highest=2_400),
    Picture("help", "Help", Role.COORDINATOR, "/help"),
)  # fmt: skip
"""Every page, in the order of the index. A new page is one line here."""


def chromium_here() -> str | None:
    """Return the path of a chromium; None: there is none."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def main(arguments: Sequence[str]) -> int:
    """Return 0 once the pictures are taken, 1 where there is no chromium."""
    parser = argparse.ArgumentParser(prog="python3 run.py pages", description="Take pictures of the pages.")
    known = [one.name for one in PICTURES]
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(known)}; none: all")
    parser.add_argument("--out", type=Path, default=OUT, help="the folder; docs/pages if it is not given")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.names) - set(known):
        parser.error(f"there is no picture called {', '.join(sorted(unknown))}")
    chromium = chromium_here()
    if chromium is None:
        print("no chromium here: on Debian `apt install chromium`, elsewhere set CHROMIUM", file=sys.stderr)
        return 1
    wanted = [one for one in PICTURES if not asked.names or one.name in asked.names]
    asked.out.mkdir(parents=True, exist_ok=True)
    with open_shop() as shop, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        for one in wanted:
            _take(shop, browser, one, asked.out)
        browser.close()
    if not asked.names:
        (asked.out / "README.md").write_text(index(PICTURES), encoding="utf-8", newline="\n")
    return 0


def index(pictures: Sequence[Picture]) -> str:
    """Return the page that shows the pictures."""
    lines = [
        "# Every page",
        "",
        "*Written by `python3 run.py pages`, with the pictures; the queue on them is made up.*",
        "",
    ]
    for one in pictures:
        who = f" ({one.role})" if one.role else ""
        desktop, phone = (f"![{one.says}, on a {screen}]({_file(one, screen)})" for screen in SCREENS)
        lines += [f"## {one.says}{who}", "", f"| {desktop} | {phone} |", "|---|---|", ""]
    return "\n".join(lines)


def _take(shop: Shop, browser: Browser, one: Picture, folder: Path) -> None:
    """Take one page's pictures, on each screen, and tell of it.

    Raises
    ------
    RuntimeError
        The page is not there.
    """
    for screen, (width, height) in SCREENS.items():
        context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce")
        if one.role is not None:
            context.add_cookies([{"name": COOKIE, "value": shop.session(one.role), "url": shop.home}])
        page = context.new_page()
        answer = page.goto(shop.home + one.path.format(**shop.names))
        if answer is None or not answer.ok:
            raise RuntimeError(f"{one.name}: {page.url} is answered {answer and answer.status}")
        one.steps(page)
        page.wait_for_load_state("networkidle")
        content = smaller(_shot(page, width, one.highest))
        (folder / _file(one, screen)).write_bytes(content)
        print(f"{_file(one, screen)}: {len(content) // 1000} kB", flush=True)
        context.close()


def _shot(page: Page, width: int, highest: int) -> bytes:
    tall: int = page.evaluate("document.documentElement.scrollHeight")
    part = {"x": 0, "y": 0, "width": width, "height": min(tall, highest)}
    return page.screenshot(full_page=True, clip=part, animations="disabled", caret="hide")  # type: ignore[arg-type]


def _file(one: Picture, screen: str) -> str:
    return f"{one.name}-{screen}.png"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
