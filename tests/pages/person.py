"""Somebody at a browser, who does what is asked with a mouse, by keyboard alone, or without scripts."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import BrowserContext, Locator, expect

Way = Literal["mouse", "keyboard", "no-scripts"]
WAYS: tuple[Way, ...] = ("mouse", "keyboard", "no-scripts")
AXE = (Path(__file__).with_name("axe.min.js")).read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MOST_TABS = 600
SMALLEST = 320
"""Pixels: a phone, and what 1280 are at 400 %."""
TOKEN = re.compile(r'name="csrf_token" value="[^"]*"')
_SOUND: set[bytes] = set()
"""Pages, as they stand in the browser, in which axe found nothing: they need not be looked over again."""
SOON = 50
"""Milliseconds in which a browser begins what a press leads to."""


class Person:
    """One person, their browser, and their way with it.

    Whatever they look at is looked over for what keeps people out, whenever it has changed: `look`.
    """

    def __init__(self, context: BrowserContext, home: str, way: Way) -> None:
        self.context, self.home, self.way = context, home, way
        self.page = context.new_page()
        self.page.set_default_timeout(10_000)
        self.complaints: list[str] = []
        self._under_way: set[Any] = set()
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("request", self._begun)
        self.page.on("requestfinished", lambda request: self._under_way.discard(request))
        self.page.on("requestfailed", lambda request: self._under_way.discard(request))

    def open(self, path: str) -> None:
        """Go to an address of the service."""
        self.page.goto(self.home + path)
        self.look()

    def follow(self, name: str, within: Locator | None = None) -> None:
        """Follow the link of a name."""
        self._use((within or self.page).get_by_role("link", name=name, exact=True).first)
        self.look()

    def press(self, name: str, within: Locator | None = None) -> None:
        """Press the button of a name."""
        self._use((within or self.page).get_by_role("button", name=name, exact=True).first)
        self.look()

    def unfold(self, name: str) -> None:
        """Open a closed section."""
        self._use(self.page.locator("summary").filter(has_text=name).first)

    def fill(self, label: str, text: str, within: Locator | None = None) -> None:
        """Type into the field of a label."""
        field = (within or self.page).get_by_label(label, exact=True).first
        if self.way == "keyboard":
            self._tab_to(field)
            self.page.keyboard.press("ControlOrMeta+a")
            self.page.keyboard.press("Delete")
            self.page.keyboard.type(text)
        else:
            field.fill(text)

    def fill_day(self, legend: str, text: str) -> None:
        """Type a day such as `3 12 2026` into its three fields."""
        group = self.page.get_by_role("group", name=legend, exact=True).first
        for part, typed in zip(("Day", "Month", "Year"), text.split(), strict=True):
            self.fill(part, typed, group)

    def choose(self, label: str, within: Locator | None = None) -> None:
        """Choose the radio button of a label, or tick its box."""
        option = (within or self.page).get_by_label(label, exact=True).first
        if self.way != "keyboard":
            option.check()
        elif option.get_attribute("type") == "radio":
            self._choose_by_arrows(option)
        elif not option.is_checked():
            self._tab_to(option)
            self.page.keyboard.press("Space")
        expect(option).to_be_checked()

    def pick(self, label: str, option: str) -> None:
        """Pick an option of a drop-down list."""
        field = self.page.get_by_label(label, exact=True).first
        if self.way != "keyboard":
            field.select_option(label=option)
            return
        self._tab_to(field)
        self.page.keyboard.press("Home")
        for _ in range(200):
            if field.evaluate("e => e.selectedOptions[0].label") == option:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{label} has no option {option}")

    def give(self, label: str, *files: Path) -> None:
        """Choose files; the dialogue of the system is not the page's, so that all do it alike."""
        self.page.get_by_label(label, exact=True).first.set_input_files([str(one) for one in files])

    def reads(self, text: str) -> None:
        """Fail unless the page says so, now or in a moment."""
        expect(self.page.locator("main")).to_contain_text(text)

    def heading(self, text: str) -> None:
        """Fail unless that is what the page is called."""
        heading = self.page.get_by_role("heading", level=1)
        if heading.inner_text().strip() != text:  # what the page says instead tells why
            raise AssertionError(f"{self.page.url}: {self.page.locator('main').inner_text()[:2000]}")

    def look(self) -> None:
        """Fail if anything on the page keeps people out, asks a stranger, or does not fit a phone."""
        self._settle()
        if self.way != "no-scripts":
            for fault in self._axe():
                self.complaints.append(fault)
        if self.way == "mouse":
            self._fits_a_phone()
        assert not self.complaints, f"{self.page.url}: " + "; ".join(self.complaints)

    def _axe(self) -> list[str]:
        """What axe finds, each with where; the same page is looked over once, however somebody came to it."""
        page = hashlib.sha256(TOKEN.sub("", self.page.content()).encode()).digest()
        if page in _SOUND:
            return []
        self.page.evaluate(AXE)
        found: Any = self.page.evaluate(
            "rules => axe.run({runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})", RULES
        )
        if not found["violations"]:
            _SOUND.add(page)
        return [
            f"{one['id']} ({one['help']}) at {', '.join(str(node['target']) for node in one['nodes'][:3])}"
            for one in found["violations"]
        ]

    def _fits_a_phone(self) -> None:
        usual = self.page.viewport_size
        self.page.set_viewport_size({"width": SMALLEST, "height": 640})
        for _ in range(20):  # the menu gives way once it has seen how narrow it is
            wide: int = self.page.evaluate("document.documentElement.scrollWidth")
            if wide <= SMALLEST:
                break
            self.page.wait_for_timeout(SOON)
        if wide > SMALLEST:
            self.complaints.append(f"it is {wide} pixels wide where there are {SMALLEST}")
        if usual:
            self.page.set_viewport_size(usual)

    def _use(self, what: Locator) -> None:
        if self.way == "keyboard":
            self._tab_to(what)
            self.page.keyboard.press("Enter")
        else:
            what.click()

    def _tab_to(self, what: Locator) -> None:
        """Move the focus there, as who has no mouse does; from where it is."""
        expect(what).to_be_visible()
        for _ in range(MOST_TABS):
            if what.evaluate("e => e === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{what} cannot be reached by keyboard")

    def _choose_by_arrows(self, option: Locator) -> None:
        name = option.get_attribute("name")
        for _ in range(MOST_TABS):
            if self.page.evaluate("n => document.activeElement.name === n", name):
                break
            self.page.keyboard.press("Tab")
        if not option.is_checked():
            self.page.keyboard.press("Space")
        for _ in range(50):
            if option.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{option} cannot be chosen by keyboard")

    def _note(self, message: Any) -> None:
        if message.type == "error" and "status of 4" not in message.text:  # a refusal is told on the page
            self.complaints.append(f"console: {message.text}")

    def _settle(self) -> None:
        """Wait until what was pressed has led where it leads."""
        for _ in range(200):
            self.page.wait_for_timeout(SOON)
            if not self._under_way:
                break
        self.page.wait_for_load_state()

    def _begun(self, request: Any) -> None:
        self._under_way.add(request)
        if not request.url.startswith((self.home, "data:")):
            self.complaints.append(f"asks {request.url}")
