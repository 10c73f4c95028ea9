"""Everybody reads the same dates and clocks, in every zone, language and way of working."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.calendar_server import CalendarServer
from tests.browser.conftest import Meet


@pytest.mark.parametrize("zone", ["Pacific/Pago_Pago", "Asia/Seoul", "Pacific/Kiritimati"])
def test_an_all_day_event_stays_on_its_date_and_a_meeting_on_its_clock(
    meet: Meet, server: CalendarServer, department: dict[str, Any], today: str, zone: str
) -> None:
    day = f"{today[:8]}15"
    server.ask("POST", f"events/{department['id']}", {"title": "창립 기념일", "event_date": day})
    server.ask("POST", f"events/{department['id']}", {"title": "회의", "event_date": day, "time": "오후 2:00"})
    person = meet(timezone_id=zone)
    cell = person.page.locator(f'[data-date="{day}"]').bounding_box()
    event = person.event("창립 기념일").bounding_box()
    assert cell and event
    assert cell["x"] <= event["x"] + event["width"] / 2 <= cell["x"] + cell["width"]
    expect(person.event("회의")).to_contain_text("14:00")
    marked = person.event("Seoul · 회의")
    expect(marked).to_have_count(0 if zone == "Asia/Seoul" else 1)


def test_an_event_is_made_and_opened_with_the_keyboard_alone(meet: Meet, department: dict[str, Any]) -> None:
    person = meet()
    person.page.get_by_role("button", name="새 일정").focus()
    person.page.keyboard.press("Enter")
    expect(person.dialog.get_by_label("제목")).to_be_focused()
    person.page.keyboard.type("손을 떼지 않은 일정")
    person.page.keyboard.press("Enter")
    person.sees("손을 떼지 않은 일정")
    expect(person.dialog).to_have_count(0)
    person.event("손을 떼지 않은 일정").focus()
    person.page.keyboard.press("Enter")
    expect(person.dialog.get_by_label("제목")).to_have_value("손을 떼지 않은 일정")
    person.page.keyboard.press("Escape")
    expect(person.dialog).to_have_count(0)


def test_the_language_changes_in_place(meet: Meet, department: dict[str, Any]) -> None:
    person = meet()
    person.creates("Sprint demo")
    person.page.get_by_role("button", name="English").click()
    expect(person.page.get_by_role("button", name="New event")).to_be_visible()
    person.sees("Sprint demo")
    assert person.page.evaluate("document.documentElement.lang") == "en"


def test_times_are_understood_as_people_write_them(meet: Meet, department: dict[str, Any]) -> None:
    person = meet()
    person.page.get_by_role("button", name="새 일정").click()
    person.dialog.get_by_label("제목").fill("간식")
    person.dialog.get_by_label("말로 쓰는 시간").fill("오후 3시 30분")
    person.dialog.get_by_role("button", name="만들기").click()
    expect(person.event("간식")).to_contain_text("15:30")
