"""Ways to look at the calendar: chosen on this device, kept there, and right about days, clocks and departments."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.calendar_server import CalendarServer
from tests.browser.conftest import Meet
from tests.browser.person import Person

NEW_YEAR = "2026-02-17T10:00:00+09:00"
"""설날: the first day of the lunar year."""


def at(person: Person, moment: str, **choices: Any) -> Page:
    """Reload the page at a moment, with these choices of the device."""
    page = person.page
    page.clock.set_fixed_time(moment)
    keep = "c => localStorage.dayroom = JSON.stringify({...JSON.parse(localStorage.dayroom ?? '{}'), viewChoices: c})"
    page.evaluate(keep, choices)
    page.reload()
    person.is_connected()
    return page


def settings(page: Page) -> None:
    page.locator(".header [aria-haspopup=menu]").last.click()
    page.get_by_role("menuitem", name="설정").click()


def test_holidays_and_lunar_dates_stand_beside_the_day(meet: Meet, department: dict[str, Any]) -> None:
    page = at(meet(), NEW_YEAR, lunar=True)
    day = page.locator('.calendar [role=gridcell][data-date="2026-02-17"]')
    expect(day.locator(".holiday-name")).to_have_text("설날")
    expect(day.locator(".lunar")).to_have_text("음 1.1")
    expect(page.locator('.calendar [data-date="2026-02-18"] .holiday-name')).to_have_text("설날 다음날")


def test_choices_take_effect_at_once_and_are_there_after_a_reload(meet: Meet, department: dict[str, Any]) -> None:
    mina = meet()
    page = at(mina, NEW_YEAR)
    expect(page.locator(".holiday-name").first).to_be_visible()
    settings(page)
    mina.dialog.get_by_label("공휴일").select_option("")
    mina.dialog.get_by_label("한 주의 시작").select_option("1")
    mina.dialog.get_by_label("몇 번째 주인지 보기").check()
    mina.dialog.get_by_label("주말 보기").uncheck()
    mina.dialog.get_by_label("화면 밝기").select_option("dark")
    expect(page.locator(".holiday-name")).to_have_count(0)
    for _ in range(2):
        expect(page.locator(".calendar [role=columnheader]")).to_have_text(["월", "화", "수", "목", "금"])
        expect(page.locator(".calendar .week-number").first).to_have_text("6주")
        assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
        page.reload()
        mina.is_connected()


def test_another_countrys_holidays_can_be_chosen(meet: Meet, department: dict[str, Any]) -> None:
    mina = meet()
    page = at(mina, "2026-07-14T10:00:00+09:00")
    settings(page)
    mina.dialog.get_by_label("공휴일").select_option("FR")
    expect(page.locator('[data-date="2026-07-14"] .holiday-name')).to_have_text("Fête nationale")


def test_two_zones_stand_side_by_side_and_follow_the_clock_change(meet: Meet, department: dict[str, Any]) -> None:
    mina = meet()
    page = at(mina, "2026-03-25T10:00:00+09:00", secondZone="Europe/Berlin", firstDay="0")
    page.locator('[data-view="week"]').click()
    expect(page.locator(".zone-names")).to_have_text("BerlinSeoul")
    four = page.locator('.other-zone:has(+ span:text-is("16:00"))')
    expect(four).to_have_text("08:00")
    page.locator(".steps button").last.click()
    expect(four).to_have_text("09:00")


def test_a_filter_leaves_what_is_asked_for_is_remembered_and_can_be_cleared(
    meet: Meet, server: CalendarServer, department: dict[str, Any], today: str
) -> None:
    events: dict[str, dict[str, Any]] = {"리뷰": {"tags": ["브랜드"]}, "회의": {"category": "정기"}}
    for title, members in events.items():
        server.ask("POST", f"events/{department['id']}", {"title": title, "event_date": today, **members})
    mina = meet()
    mina.sees("회의")
    mina.page.get_by_role("button", name="필터").click()
    mina.page.get_by_role("checkbox", name="브랜드").check(force=True)
    mina.misses("회의")
    mina.sees("리뷰")
    mina.page.reload()
    mina.is_connected()
    mina.sees("리뷰")
    mina.misses("회의")
    mina.page.get_by_role("button", name="필터 1 조건 적용 중").click()
    mina.page.get_by_role("button", name="조건 모두 지우기").click()
    mina.sees("회의")


@pytest.mark.parametrize("span", ["lanesDay", "lanesWeek"])
def test_departments_stand_side_by_side_and_a_drag_across_changes_hands(
    meet: Meet, server: CalendarServer, today: str, span: str
) -> None:
    ours, theirs = (server.ask("POST", "departments", {"name": name}) for name in ("가팀", "나팀"))
    event = server.ask("POST", f"events/{ours['id']}", {"title": "넘길 일정", "event_date": today})
    mina = meet()
    mina.page.locator('[data-view="lanes"]').click()
    mina.page.locator(f'[data-lanes="{span}"]').click()
    expect(mina.page.locator(".lane-name")).to_have_text(["가팀", "나팀"])
    target = mina.page.get_by_role("gridcell", name="나팀").nth(0)
    if span == "lanesWeek":
        target = mina.page.locator('[role=gridcell][aria-label^="나팀"]').nth(3)
    with mina.page.expect_response(lambda answer: answer.url.endswith("/move") and answer.ok):
        mina.event("넘길 일정").drag_to(target)
    found = server.ask("GET", f"events/{theirs['id']}/{event['id']}")
    assert found["title"] == "넘길 일정"
    if span == "lanesDay":
        assert found["event_date"] == today


def test_a_finger_turns_the_page(meet: Meet, department: dict[str, Any]) -> None:
    mina = meet(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page = at(mina, NEW_YEAR)
    page.locator('[data-view="month"]').click()
    expect(page.locator(".period")).to_have_text("2026년 2월")
    for points, month in [((300, 80), "2026년 3월"), ((80, 300), "2026년 2월"), ((180, 200), "2026년 2월")]:
        stroke(page, *points)
        expect(page.locator(".period")).to_have_text(month)


def stroke(page: Page, start: int, end: int, y: int = 500) -> None:
    """Draw a finger over the page."""
    session = page.context.new_cdp_session(page)
    for kind, points in [("Start", [start]), ("Move", [(start + end) // 2]), ("Move", [end]), ("End", [])]:
        touches = [{"x": x, "y": y} for x in points]
        session.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": touches})
