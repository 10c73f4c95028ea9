"""Takes a picture of every view and dialog: `python -m tests.browser.screenshots FOLDER`.

In Korean and English, light and dark, at three widths, from the same sample data at the same moment; by hand, to be
looked at. `--only month,week`, `--language ko`, `--theme light` (also `contrast` and `forced`)
and `--width 1440` take some of them.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page
from playwright.sync_api import Error as PlaywrightError

from tests.browser import sample
from tests.browser.calendar_server import CalendarServer
from tests.browser.scenes import SCENES, SCENES_OF_EMPTY
from tests.components import chromium
from toolchain import components

HEIGHTS = {1440: 900, 820: 1180, 360: 740}
THEMES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "contrast": {"color_scheme": "light", "contrast": "more"},
    "forced": {"forced_colors": "active"},
}
ALL = {**SCENES, **SCENES_OF_EMPTY}
LOCALES = {"ko": "ko-KR", "en": "en-US"}


def main() -> None:
    """Take the pictures that were asked for."""
    wanted = arguments()
    wanted.folder.mkdir(parents=True, exist_ok=True)
    components.ensure_korean_font()
    chosen = components.find_chromium()
    with sample.served() as filled, sample.served(sampled=False) as empty, chromium.running(chosen) as browser:
        for language, theme, width in product(wanted.language, wanted.theme, wanted.width):
            for name in wanted.only:
                server = empty if name in SCENES_OF_EMPTY else filled
                shoot(browser, server, name, language, theme, width, wanted.folder)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.browser.screenshots", description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", type=lambda text: text.split(","), default=list(ALL), help=", ".join(ALL))
    parser.add_argument("--language", type=lambda text: text.split(","), default=list(LOCALES))
    parser.add_argument("--theme", type=lambda text: text.split(","), default=["light", "dark"])
    parser.add_argument("--width", type=lambda text: [int(one) for one in text.split(",")], default=list(HEIGHTS))
    return parser.parse_args()


def shoot(
    browser: Browser, server: CalendarServer, name: str, language: str, theme: str, width: int, folder: Path
) -> None:
    """Take one picture."""
    with opened(browser, server, language, theme, width) as page:
        try:
            ALL[name](page)
            page.wait_for_timeout(350)
        except PlaywrightError as error:  # the picture shows how far it came, and the others go on
            print(f"{name} ({language}, {theme}, {width}): {str(error).splitlines()[0]}")
        page.screenshot(path=folder / f"{name}-{language}-{theme}-{width}.png")


@contextmanager
def opened(browser: Browser, server: CalendarServer, language: str, theme: str, width: int) -> Iterator[Page]:
    """Yield the page as it is right after loading, at the sample's moment."""
    context = browser.new_context(
        locale=LOCALES[language],
        timezone_id="Asia/Seoul",
        viewport={"width": width, "height": HEIGHTS[width]},
        **THEMES[theme],
        reduced_motion="reduce",
        has_touch=width < 1000,
        is_mobile=width < 500,
    )
    context.set_default_timeout(4_000)
    page = context.new_page()
    page.clock.set_fixed_time(sample.NOW)
    page.goto(f"{server.url}/")
    page.locator('.light[data-state="connected"]').wait_for(state="attached", timeout=20_000)
    yield page
    context.close()


if __name__ == "__main__":
    main()
