"""People find their way and write quickly: each way once by mouse and once by keyboard."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.calendar_server import CalendarServer
from tests.browser.conftest import Meet
from tests.browser.person import Person

LINE = "이번 달 12일 오후 3시~4시 반 주간 회의 @대회의실"


@pytest.fixture
def hidden(server: CalendarServer, department: dict[str, Any], today: str) -> dict[str, Any]:
    """Return an event of next year in a second department."""
    other = server.ask("POST", "departments", {"name": "디자인팀"})
    day = f"{int(today[:4]) + 1}{today[4:8]}01"
    return server.ask("POST", f"events/{other['id']}", {"title": "디자인 리뷰", "event_date": day})


def writes_a_line(person: Person, line: str) -> None:
    person.dialog.get_by_label("무엇을, 언제").fill(line)


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_a_line_becomes_an_event_and_shows_before_what_was_understood(
    meet: Meet, server: CalendarServer, department: dict[str, Any], today: str, by: str
) -> None:
    person = meet()
    if by == "mouse":
        person.page.get_by_role("button", name="한 줄로 만들기").click()
    else:
        person.page.keyboard.press("KeyQ")
    writes_a_line(person, LINE)
    preview = person.dialog.get_by_role("status").first
    expect(preview).to_contain_text(f"{int(today[5:7])}월 12일")
    expect(preview).to_contain_text("오후 3:00~4:30")
    expect(preview).to_contain_text("대회의실")
    if by == "mouse":
        person.dialog.get_by_role("button", name="만들기").click()
    else:
        person.page.keyboard.press("Enter")
    person.sees("주간 회의")
    event = server.ask("GET", f"events/{department['id']}")[0]
    assert (event["title"], event["location"]) == ("주간 회의", "대회의실")
    assert (event["event_date"], event["start_time"], event["end_time"]) == (f"{today[:8]}12", "15:00", "16:30")


def test_a_line_without_a_time_goes_on_in_the_whole_form(meet: Meet, department: dict[str, Any]) -> None:
    person = meet()
    person.page.keyboard.press("KeyQ")
    writes_a_line(person, "언젠가 할 일")
    expect(person.dialog.get_by_role("status").first).to_contain_text("아직 언제인지 모르겠습니다")
    person.page.keyboard.press("Enter")
    expect(person.dialog.get_by_label("제목")).to_have_value("언젠가 할 일")


def test_english_is_understood_in_the_english_page(meet: Meet, department: dict[str, Any]) -> None:
    person = meet()
    person.page.get_by_role("button", name="English").click()
    person.page.keyboard.press("KeyQ")
    person.dialog.get_by_label("What, and when").fill("tomorrow 9:30 stand-up for 15 min")
    expect(person.dialog.get_by_role("status").first).to_contain_text("9:30–9:45 AM")
    expect(person.dialog.get_by_role("status").first).to_contain_text("stand-up")


def test_search_finds_what_is_hidden_and_goes_there_by_keyboard(meet: Meet, hidden: dict[str, Any], today: str) -> None:
    person = meet()
    shown = person.page.locator(f'[data-department="{hidden["department_id"]}"]').get_by_role("checkbox")
    shown.uncheck()
    person.page.keyboard.press("Slash")
    box = person.dialog.get_by_role("combobox")
    box.fill("리뷰")
    option = person.dialog.get_by_role("option", name="디자인 리뷰")
    expect(option).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    expect(person.dialog.get_by_label("제목")).to_have_value("디자인 리뷰")
    expect(person.page.locator(".period")).to_contain_text(f"{int(today[:4]) + 1}년")
    expect(shown).to_be_checked()


def test_search_by_initial_consonants_is_picked_by_mouse(meet: Meet, hidden: dict[str, Any]) -> None:
    person = meet()
    person.page.get_by_role("button", name="찾기").click()
    person.dialog.get_by_role("combobox").fill("ㄷㅈㅇ")
    person.dialog.get_by_role("option", name="디자인 리뷰").click()
    expect(person.dialog.get_by_label("제목")).to_have_value("디자인 리뷰")


def test_a_date_is_reached_by_typing_it_and_by_picking_it(meet: Meet, department: dict[str, Any], today: str) -> None:
    person = meet()
    person.page.keyboard.press("KeyG")
    person.dialog.get_by_role("combobox").fill("내년 3월 15일")
    person.page.keyboard.press("Enter")
    expect(person.page.locator(".period")).to_have_text(f"{int(today[:4]) + 1}년 3월")
    person.page.get_by_role("button", name="더 보기").click()
    person.page.get_by_role("menuitem", name="날짜로 가기").click()
    person.dialog.get_by_role("option").first.click()
    expect(person.page.locator(".period")).to_have_text(f"{today[:4]}년 {int(today[5:7])}월")


def test_the_small_month_follows_and_leads_the_calendar(
    meet: Meet, server: CalendarServer, department: dict[str, Any], today: str
) -> None:
    server.ask("POST", f"events/{department['id']}", {"title": "회의", "event_date": f"{today[:8]}12"})
    person = meet()
    small = person.page.get_by_label("작은 달력", exact=True)
    expect(small.locator(f'[data-day="{today[:8]}12"]')).to_have_class("mini-day busy in-view")
    person.page.get_by_role("button", name="다음", exact=True).click()
    coming = (date.fromisoformat(f"{today[:8]}01") + timedelta(days=31)).strftime("%Y년 %-m월")
    expect(person.page.locator(".period")).to_have_text(coming)
    expect(small.get_by_role("heading")).to_have_text(coming)
    small.get_by_role("button", name="작은 달력 이전 달").click()
    small.locator(f'[data-day="{today[:8]}12"]').click()
    person.sees("회의")
    small.locator(f'[data-day="{today[:8]}12"]').focus()
    for key in ("ArrowRight", "ArrowDown", "PageDown", "PageDown", "Enter"):
        person.page.keyboard.press(key)
    shown = person.page.evaluate("document.activeElement.dataset.day")
    assert shown.endswith("-20")
    expect(person.page.locator(".period")).to_have_text(f"{shown[:4]}년 {int(shown[5:7])}월")


def test_keys_do_what_their_sheet_says_and_letters_can_be_switched_off(meet: Meet, department: dict[str, Any]) -> None:
    person = meet()
    person.page.keyboard.press("Shift+Slash")
    sheet = person.page.get_by_role("dialog", name="단축키")
    for words in ("새 일정", "일정 찾기", "날짜로 가기", "주 보기", "인쇄", "날짜와 시각 옮기기"):
        expect(sheet.get_by_text(words, exact=True)).to_be_visible()
    person.page.keyboard.press("Escape")
    person.page.keyboard.press("KeyW")
    expect(person.page.get_by_role("button", name="주", exact=True)).to_have_attribute("aria-pressed", "true")
    before = person.page.locator(".period").inner_text()
    person.page.keyboard.press("KeyJ")
    expect(person.page.locator(".period")).not_to_have_text(before)
    person.page.keyboard.press("KeyT")
    expect(person.page.locator(".period")).to_have_text(before)
    person.page.get_by_role("button", name="더 보기").click()
    person.page.get_by_role("menuitem", name="설정").click()
    person.dialog.get_by_label("글자 하나로 된 단축키").uncheck()
    person.page.keyboard.press("Escape")
    person.page.keyboard.press("KeyM")
    expect(person.page.get_by_role("button", name="주", exact=True)).to_have_attribute("aria-pressed", "true")
