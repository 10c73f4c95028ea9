"""A person is reminded once, on whichever tab, also of what was slept through; and may put it off."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from playwright.sync_api import Locator, Page, expect

from tests.browser.calendar_server import CalendarServer
from tests.browser.conftest import Meet
from tests.browser.person import Person

SEOUL = ZoneInfo("Asia/Seoul")

SYSTEM_NOTIFICATIONS = """() => {
  window.told = [];
  window.Notification = class {
    static permission = 'granted';
    static requestPermission = async () => 'granted';
    constructor(title, { body }) { window.told.push(`${title}: ${body}`); }
    close() {}
  };
}"""
"""Writes down what a headless browser has no place to show."""


def meeting_in(server: CalendarServer, department: dict[str, Any], minutes: int) -> dict[str, Any]:
    """Write a meeting of an hour that begins so many minutes from now, or began."""
    start = datetime.now(SEOUL) + timedelta(minutes=minutes)
    end = start + timedelta(hours=1)
    body = {
        "title": "주간 회의",
        "event_date": f"{start:%Y-%m-%d}",
        "start_time": f"{start:%H:%M}",
        "end_date": f"{end:%Y-%m-%d}",
        "end_time": f"{end:%H:%M}",
    }
    event: dict[str, Any] = server.ask("POST", f"events/{department['id']}", body)
    return event


def wants_reminders(person: Person, words: str = "10분 전") -> None:
    """Turn reminders on, in the settings."""
    person.page.evaluate(SYSTEM_NOTIFICATIONS)
    person.page.get_by_role("button", name="더 보기").click()
    person.page.get_by_role("menuitem", name="설정").click()
    person.dialog.get_by_label("일정 알림").select_option(words)
    person.dialog.get_by_role("button", name="닫기").last.click()


def reminder(page: Page) -> Locator:
    return page.locator(".reminder", has_text="주간 회의")


def look(page: Page) -> None:
    """Come back to the tab, which looks at the clock then."""
    page.evaluate("window.dispatchEvent(new Event('focus'))")


def test_one_of_two_tabs_reminds_once(meet: Meet, server: CalendarServer, department: dict[str, Any]) -> None:
    mina = meet()
    wants_reminders(mina)
    other = mina.context.new_page()
    other.goto(f"{server.url}/")
    other.evaluate(SYSTEM_NOTIFICATIONS)
    meeting_in(server, department, 8)
    for page in (mina.page, other):
        expect(page.locator(".calendar .event", has_text="주간 회의")).to_have_count(1)
        look(page)
    mina.page.wait_for_function("() => window.told.length || localStorage['dayroom.reminders']?.includes('@10')")
    for page in (mina.page, other):
        look(page)
    mina.page.wait_for_timeout(600)  # a second one would come by then
    assert reminder(mina.page).count() + reminder(other).count() == 1
    told = [line for page in (mina.page, other) for line in page.evaluate("window.told")]
    assert len(told) == 1
    assert "개발팀" in told[0]


def test_what_was_slept_through_is_told_on_waking(
    meet: Meet, server: CalendarServer, department: dict[str, Any]
) -> None:
    mina = meet()
    wants_reminders(mina)
    lifecycle = mina.context.new_cdp_session(mina.page)
    lifecycle.send("Page.setWebLifecycleState", {"state": "frozen"})
    meeting_in(server, department, -20)
    lifecycle.send("Page.setWebLifecycleState", {"state": "active"})
    expect(reminder(mina.page)).to_contain_text(re.compile("시작한 지 2[01]분"), timeout=15_000)


def test_a_reminder_is_put_off_by_keyboard_and_comes_again(
    meet: Meet, server: CalendarServer, department: dict[str, Any]
) -> None:
    mina = meet()
    wants_reminders(mina)
    meeting_in(server, department, 8)
    mina.sees("주간 회의")
    look(mina.page)
    reminder(mina.page).get_by_role("button", name="5분", exact=True).focus()
    mina.page.keyboard.press("Enter")
    expect(reminder(mina.page)).to_have_count(0)
    look(mina.page)
    mina.page.evaluate("() => { const now = Date.now; Date.now = () => now() + 5 * 60_000; }")
    look(mina.page)
    expect(reminder(mina.page)).to_contain_text(re.compile("[23]분 뒤 시작"))
    reminder(mina.page).get_by_role("button", name="일정 열기").click()
    expect(mina.dialog.get_by_label("제목")).to_have_value("주간 회의")


def test_an_event_has_a_reminder_of_its_own(meet: Meet, server: CalendarServer, department: dict[str, Any]) -> None:
    mina = meet()
    mina.page.evaluate(SYSTEM_NOTIFICATIONS)
    meeting_in(server, department, 50)
    mina.sees("주간 회의")
    look(mina.page)
    mina.opens("주간 회의")
    mina.dialog.get_by_label("알림").select_option("1시간 전")
    look(mina.page)
    expect(reminder(mina.page)).to_contain_text(
        re.compile("(49|50)분 뒤 시작")
    )  # above the dialog, where it can be pressed
    reminder(mina.page).get_by_role("button", name="확인").click()
    expect(reminder(mina.page)).to_have_count(0)


AS_ON_ANDROID = """() => {
  window.told = [];
  window.Notification = class {
    static permission = 'granted';
    static requestPermission = async () => 'granted';
    constructor() { throw new TypeError('Illegal constructor'); }
  };
  ServiceWorkerRegistration.prototype.showNotification = async function (title, { data }) {
    window.told.push([this.active.state, title, data]);
  };
}"""
TOUCH = """(data) => {
  WindowClient.prototype.focus = async () => {};  // only a real touch may
  const notification = { data, close: () => {} };
  dispatchEvent(Object.assign(new ExtendableEvent('notificationclick'), { notification }));
}"""


def test_on_android_a_service_worker_notifies_and_a_touch_opens_the_event(
    meet: Meet, server: CalendarServer, department: dict[str, Any]
) -> None:
    mina = meet()
    wants_reminders(mina)
    mina.page.evaluate(AS_ON_ANDROID)
    meeting_in(server, department, 8)
    mina.sees("주간 회의")
    look(mina.page)
    mina.page.wait_for_function("() => window.told.length")
    ((state, title, data),) = mina.page.evaluate("window.told")
    assert (state, title) == ("activated", "주간 회의")
    first, mina.page = mina.page, mina.context.new_page()  # another tab than the one that notified, which is closed
    mina.page.goto(f"{server.url}/")
    mina.sees("주간 회의")
    first.close()
    mina.context.service_workers[0].evaluate(TOUCH, data)
    expect(mina.dialog.get_by_label("제목")).to_have_value("주간 회의")
