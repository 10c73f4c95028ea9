"""How to get to every view and dialog of the page, in either language."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.scenes_in_use import SCENES_IN_USE

Scene = Callable[[Page], None]


def view(name: str) -> Scene:
    """Make a scene of one view of the calendar."""

    def look(page: Page) -> None:
        page.locator(f'[data-view="{name}"]').click()

    return look


def lanes_week(page: Page) -> None:
    """Look at a week with a row for each department."""
    page.locator('[data-view="lanes"]').click()
    page.locator('[data-lanes="lanesWeek"]').click()


def event_dialog(page: Page) -> None:
    """Open the form of an event that has everything."""
    page.locator('[data-view="list"]').click()
    page.locator(".calendar .event", has_text="API 설계").first.click()
    page.get_by_role("dialog").wait_for()


def new_event(page: Page) -> None:
    """Open the form of a new event."""
    page.get_by_role("button", name=re.compile("^(새 일정|New event)$")).click()
    page.get_by_role("dialog").wait_for()


def department(page: Page) -> None:
    """Open a department's form."""
    drawer(page)
    page.locator(".departments .icon-button").first.click()
    page.get_by_role("dialog").wait_for()


def new_department(page: Page) -> None:
    """Open the form of a new department."""
    drawer(page)
    page.locator(".add-department").click()
    page.get_by_role("dialog").wait_for()


def drawer(page: Page) -> None:
    """Open the list of departments, where it is not there already."""
    button = page.locator(".menu-button")
    if button.is_visible():
        button.click()
        page.wait_for_timeout(300)


def page_menu(page: Page) -> None:
    """Open the page's menu."""
    page.locator(".header [aria-haspopup=menu]").last.click()


def settings(page: Page) -> None:
    """Open the settings."""
    page_menu(page)
    page.get_by_role("menuitem", name=re.compile("^(설정|Settings)$")).click()
    page.get_by_role("dialog").wait_for()


def filters(page: Page) -> None:
    """Filter by a category, and leave the panel open."""
    page.locator('[data-view="month"]').click()
    page.locator(".filter-button").click()
    page.locator(".chip").first.click()


def key(chord: str) -> Scene:
    """Make a scene of what a key opens."""

    def press(page: Page) -> None:
        page.keyboard.press(chord)
        page.get_by_role("dialog").first.wait_for()

    return press


def exchange(action: str, go_on: Scene = lambda page: None) -> Scene:
    """Make a scene of one of a department's dialogs for calendar files."""

    def show(page: Page) -> None:
        department(page)
        page.get_by_role("dialog").get_by_role("button", name=re.compile(f"^({action})$")).click()
        go_on(page)

    return show


def feed(page: Page) -> None:
    """Make a feed, and see its code."""
    page.locator('input[name="feed"]').fill("미나의 아이폰")
    page.keyboard.press("Enter")
    page.locator(".feed-code img").first.wait_for()
    page.locator(".feed").first.scroll_into_view_if_needed()


def calendar_file(page: Page) -> None:
    """Choose a file of which one event cannot be taken."""
    lines = ["SUMMARY:치과\nDTSTART:20260115T140000", "SUMMARY:매초\nDTSTART:20260115\nRRULE:FREQ=SECONDLY"]
    events = [f"BEGIN:VEVENT\nUID:{number}\n{each}\nEND:VEVENT\n" for number, each in enumerate(lines)]
    body = f"BEGIN:VCALENDAR\n{''.join(events)}END:VCALENDAR\n".encode()
    page.locator("dialog .import-input").set_input_files({"name": "a.ics", "mimeType": "text/calendar", "buffer": body})
    page.locator(".import-sum").wait_for()


def trash(page: Page) -> None:
    """Open the trash."""
    drawer(page)
    page.get_by_role("button", name=re.compile("^(휴지통|Trash)$")).click()
    page.get_by_role("dialog").first.wait_for()


def history(page: Page) -> None:
    """Open what became of an event."""
    event_dialog(page)
    page.get_by_role("dialog").locator("[aria-haspopup=menu]").click()
    page.get_by_role("menuitem", name=re.compile("^(변경 기록|History)$")).click()
    page.wait_for_timeout(400)


def first_visit(page: Page) -> None:
    """Look at what an empty server offers."""
    page.locator(".first-choices").wait_for()


def first_department(page: Page) -> None:
    """Begin with a department of one's own."""
    page.locator(".empty .primary").click()
    page.get_by_role("dialog").wait_for()


SCENES_OF_EMPTY: dict[str, Scene] = {"first-visit": first_visit, "first-department": first_department}
"""On a server without departments."""

SCENES: dict[str, Scene] = {
    "month": view("month"),
    "week": view("week"),
    "day": view("day"),
    "list": view("list"),
    "lanes": view("lanes"),
    "lanes-week": lanes_week,
    "drawer": drawer,
    "event": event_dialog,
    "new-event": new_event,
    "department": department,
    "new-department": new_department,
    "menu": page_menu,
    "settings": settings,
    "subscribe": exchange("구독|Subscribe", feed),
    "export": exchange("내보내기|Export"),
    "import": exchange("가져오기|Import", calendar_file),
    "files": exchange("파일|Files"),
    "trash": trash,
    "history": history,
    **SCENES_IN_USE,
    "filter": filters,
    "search": key("/"),
    "jump": key("g"),
    "quick": key("q"),
    "keys": key("?"),
}
