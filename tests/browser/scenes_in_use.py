"""How to get to what only shows while somebody does something: questions, notices, the tour, files, a reminder."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page

Scene = Callable[[Page], None]


def encoded(image: Image.Image) -> bytes:
    """Make a file of a picture."""
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


PICTURE = encoded(Image.new("RGB", (960, 640), "#2e4fb0"))


def dialog(page: Page) -> Locator:
    """Find the dialog on top."""
    return page.get_by_role("dialog").last


def menu_item(page: Page, words: str) -> None:
    """Choose from the page's menu."""
    page.locator(".header [aria-haspopup=menu]").last.click()
    page.get_by_role("menuitem", name=re.compile(f"^({words})")).click()


def opened(page: Page, title: str) -> Locator:
    """Open an event's form, from the list."""
    page.locator('[data-view="list"]').click()
    page.locator(".calendar .event", has_text=title).first.click()
    page.get_by_role("dialog").first.wait_for()
    return page.get_by_role("dialog").first


def how_far(page: Page) -> None:
    """Delete an occurrence: which ones?"""
    form = opened(page, "디자인 리뷰")
    form.get_by_role("button", name=re.compile("^(삭제|Delete)$")).click()
    page.get_by_role("dialog").nth(1).wait_for()


def really(page: Page) -> None:
    """Be asked once more before a department goes."""
    button = page.locator(".menu-button")
    if button.is_visible():
        button.click()
        page.wait_for_timeout(300)
    page.locator(".departments .icon-button").first.click()
    dialog(page).get_by_role("button", name=re.compile("^(부서 삭제|Delete department)$")).click()
    page.locator("dialog .danger.solid").wait_for()


def merge(page: Page) -> None:
    """Write what somebody else changes meanwhile."""
    form = opened(page, "투자사 오찬")
    form.locator('[name="location"]').fill("을지로")
    page.evaluate(
        """async () => {
          const departments = await (await fetch('api/departments')).json();
          const home = departments.find(({ name }) => name === '임원실').id;
          const event = (await (await fetch(`api/events/${home}`)).json()).find(({ title }) => title === '투자사 오찬');
          const location = event.location === '광화문' ? '여의도' : '광화문';
          const actor = encodeURIComponent('미나');
          const headers = { 'Content-Type': 'application/json', 'X-Actor': actor, 'X-Device-Id': 'x' };
          await fetch(`api/events/${event.id}`, { method: 'PUT', headers, body: JSON.stringify({ location }) });
        }"""
    )
    form.locator('input[name^="merge-"]').first.wait_for()


def event_menu(page: Page) -> None:
    """Open what can be done with an event."""
    page.locator('[data-view="list"]').click()
    page.locator(".calendar .event", has_text="API 설계").first.click(button="right")
    page.get_by_role("menu").last.wait_for()


def file_list(page: Page) -> Locator:
    """Hang a picture on an event, unless one hangs there."""
    form = opened(page, "대진건설")
    if form.locator(".file").count() == 0:
        picture: FilePayload = {"name": "현장 사진 ①.png", "mimeType": "image/png", "buffer": PICTURE}
        form.locator('.file-section input[type="file"]').first.set_input_files(picture)
    form.locator(".file").first.wait_for()
    form.locator(".file").first.scroll_into_view_if_needed()
    return form


def files(page: Page) -> None:
    """Look at the files of an event."""
    file_list(page)


def preview(page: Page) -> None:
    """Look at a picture."""
    file_list(page).locator("button.file-name").first.click()
    page.locator(".preview img").wait_for()


def waiting(page: Page) -> None:
    """Choose files for an event that is not there yet."""
    page.get_by_role("button", name=re.compile("^(새 일정|New event)$")).click()
    plan: FilePayload = {"name": "안건.txt", "mimeType": "text/plain", "buffer": "안건".encode()}
    dialog(page).locator('.file-section input[type="file"]').first.set_input_files(plan)
    dialog(page).locator(".file").first.scroll_into_view_if_needed()


def tour(page: Page) -> None:
    """Take the tour's first step."""
    menu_item(page, "둘러보기|Take the tour")
    page.locator(".tour").wait_for()


def old_calendar(page: Page) -> None:
    """Choose an old calendar of which one row cannot be taken."""
    menu_item(page, "옛 달력|Import an old")
    events = '[{"id": 1, "department_id": 1, "title": "회의", "date": "2024-01-15"}, {"id": 2, "date": "2024-01-16"}]'
    rows = {"departments.json": '[{"id": 1, "name": "총무팀"}]', "calendar_events.json": events}
    chosen: list[FilePayload] = [
        {"name": name, "mimeType": "application/json", "buffer": text.encode()} for name, text in rows.items()
    ]
    page.locator("dialog .import-input").set_input_files(chosen)
    page.locator(".import-sum").wait_for(timeout=20_000)


def reminder(page: Page) -> None:
    """Be reminded of what begins soon."""
    form = opened(page, "API 설계")
    form.get_by_label(re.compile("^(알림|Reminder)")).select_option("60")
    page.keyboard.press("Escape")
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    page.locator(".reminder").first.wait_for()


SCENES_IN_USE: dict[str, Scene] = {
    "scope": how_far,
    "delete-department": really,
    "merge": merge,
    "event-menu": event_menu,
    "event-files": files,
    "preview": preview,
    "waiting-files": waiting,
    "tour": tour,
    "old-calendar": old_calendar,
    "reminder": reminder,
}
