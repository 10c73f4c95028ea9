"""The page is for everyone: axe finds nothing serious, a phone need not scroll sideways, nothing is asked of others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import sample
from tests.browser.calendar_server import CalendarServer
from tests.browser.scenes import SCENES, SCENES_OF_EMPTY, Scene
from toolchain.steps import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
SERIOUS = {"serious", "critical"}
SEEN_WITHIN = 8_000

LOOK = """(rules) => {
  const dialogs = document.querySelectorAll('dialog:modal');  // nobody gets at what is behind one
  return axe.run(dialogs[dialogs.length - 1] ?? document, { resultTypes: ['violations'], ...rules });
}"""
OVERFLOWING = """[...document.querySelectorAll(
  'dialog[open], .dialog-body, .dialog-foot, .menu:popover-open, .sidebar, .toolbar',
)].filter((e) => e.scrollWidth > e.clientWidth + 1).map((e) => e.className)"""
DRAWN = "new Promise((done) => { let n = 6; const go = () => (n-- ? requestAnimationFrame(go) : done()); go(); })"
"""Some frames later: the grid measures what it has drawn, and shows it then."""

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def filled() -> Iterator[CalendarServer]:
    """Yield a server with the sample data, which these tests only look at."""
    with sample.served() as server:
        yield server


@pytest.fixture(scope="module")
def empty() -> Iterator[CalendarServer]:
    """Yield a server without departments."""
    with sample.served(sampled=False) as server:
        yield server


@pytest.fixture
def open_page(browser: Browser, filled: CalendarServer) -> Iterator[Open]:
    """Yield a function that opens the page at the sample's moment."""
    contexts: list[BrowserContext] = []

    def open_it(server: CalendarServer = filled, **options: Any) -> Page:
        sizes = {"viewport": {"width": 1280, "height": 800}, "locale": "ko-KR", "timezone_id": "Asia/Seoul"}
        contexts.append(browser.new_context(**{"reduced_motion": "reduce", **sizes, **options}))
        page = contexts[-1].new_page()
        page.set_default_timeout(SEEN_WITHIN)
        page.clock.set_fixed_time(sample.NOW)
        page.goto(f"{server.url}/")
        settled(page)
        return page

    yield open_it
    for context in contexts:
        context.close()


def settled(page: Page) -> None:
    page.locator('.light[data-state="connected"]').wait_for(state="attached", timeout=20_000)


def again(page: Page) -> None:
    """Go back to where every scene begins; reloading would take longer than the scenes."""
    for _ in range(2):
        page.keyboard.press("Escape")
    page.evaluate("document.querySelectorAll('dialog[open]').forEach((dialog) => dialog.close())")
    page.evaluate("document.querySelectorAll(':popover-open').forEach((box) => box.hidePopover())")
    page.evaluate("document.querySelector('.drawer-open .close-menu')?.click()")
    page.evaluate("document.querySelectorAll('.reminder .primary').forEach((button) => button.click())")
    page.locator('[data-view="month"]').click()


@pytest.mark.parametrize(
    ("theme", "rules"), [("light", {}), ("dark", {"runOnly": ["color-contrast"]})], ids=["light", "dark"]
)
def test_axe_finds_nothing_serious_on_any_view_or_dialog(
    open_page: Open, empty: CalendarServer, theme: str, rules: dict[str, Any]
) -> None:
    """In the dark, only what the theme changes is looked at again."""
    found: dict[str, str] = {}
    # The page's policy lets no script in but its own; that it holds is for every other test to see.
    page = open_page(color_scheme=theme, bypass_csp=True)
    examine(page, SCENES, rules, found)
    page = open_page(empty, color_scheme=theme, bypass_csp=True)
    examine(page, SCENES_OF_EMPTY, rules, found)
    assert not found, "\n".join(f"{what}\n    {where}" for what, where in found.items())


def examine(page: Page, scenes: dict[str, Scene], rules: dict[str, Any], found: dict[str, str]) -> None:
    """Add to `found` what axe says of the scenes, each fault once with where it was seen first."""
    page.add_script_tag(path=AXE)
    for name, scene in scenes.items():
        scene(page)
        for fault, where in lasting_faults(page, rules).items():
            found.setdefault(fault, f"{name} {where}")
        again(page)


def lasting_faults(page: Page, rules: dict[str, Any]) -> dict[str, str]:
    """Look, and once more where there is a fault: while the grid measures what it has drawn, it hides it."""
    page.evaluate(DRAWN)
    if faults := faults_on(page, rules):
        page.wait_for_timeout(1_000)
        faults = faults_on(page, rules)
    return faults


def faults_on(page: Page, rules: dict[str, Any]) -> dict[str, str]:
    """Give the serious faults that axe finds, with where they are."""
    faults = {}
    for rule in page.evaluate(LOOK, rules)["violations"]:
        for node in rule["nodes"] if rule["impact"] in SERIOUS else []:
            if rule["id"] == "label-content-name-mismatch" and 'role="gridcell"' in node["html"]:
                continue  # a cell is called by its date; what is in it has names of its own
            told = node["failureSummary"].replace("\n", " ")
            faults[f"{rule['id']} {node['html'][:200]}"] = f"{node['target']}: {told}"
    return faults


def test_on_a_phone_nothing_scrolls_sideways_and_nothing_is_asked_of_another_origin(
    open_page: Open, filled: CalendarServer, empty: CalendarServer
) -> None:
    size = {"width": 360, "height": 740}
    phone: dict[str, Any] = {"viewport": size, "has_touch": True, "is_mobile": True, "locale": "en-US"}  # longer words
    assert too_wide(open_page(empty, **phone), SCENES_OF_EMPTY) == []
    page = open_page(**phone)
    home = urlsplit(filled.url).netloc
    foreign: list[str] = []
    page.context.on("request", lambda request: foreign.append(request.url) if is_foreign(request.url, home) else None)
    page.context.route(lambda url: is_foreign(url, home), lambda route: route.abort())
    page.reload()
    settled(page)
    assert too_wide(page, SCENES) == []
    assert foreign == []


def too_wide(page: Page, scenes: dict[str, Scene]) -> list[tuple[str, int, list[str]]]:
    """List the scenes that scroll sideways, or in which something does that should not."""
    wide = []
    for name, scene in scenes.items():
        scene(page)
        width = page.evaluate("document.documentElement.scrollWidth")
        inner = page.evaluate(OVERFLOWING)
        if width > page.evaluate("screen.width") or inner:
            wide.append((name, width, inner))
        again(page)
    return wide


def is_foreign(url: str, home: str) -> bool:
    """Tell whether an address is neither this server's nor the page's own data."""
    address = urlsplit(url)
    return address.scheme not in {"data", "blob"} and address.netloc != home
