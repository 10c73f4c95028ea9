"""What other tests do by one hand is done here by the other: views and choices by keyboard, stretching by mouse."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from playwright.sync_api import expect

from tests.browser.calendar_server import CalendarServer
from tests.browser.conftest import Meet
from tests.browser.person import Person


def chooses_from_the_menu(person: Person, words: str) -> None:
    """Open the page's menu by keyboard and walk to what it offers."""
    keys = person.page.keyboard
    person.page.get_by_role("button", name="더 보기").focus()
    keys.press("Enter")
    for _ in range(20):
        if person.page.evaluate("document.activeElement.textContent").strip().startswith(words):
            break
        keys.press("ArrowDown")
    keys.press("Enter")


def test_settings_are_chosen_by_keyboard(meet: Meet, department: dict[str, Any]) -> None:
    mina = meet()
    keys = mina.page.keyboard
    chooses_from_the_menu(mina, "설정")
    for words in ("몇 번째 주인지 보기", "음력 날짜 보기"):
        mina.dialog.get_by_label(words).focus()
        keys.press("Space")
    mina.dialog.get_by_label("한 주의 시작").focus()
    keys.press("End")
    mina.dialog.get_by_label("함께 볼 시간대").focus()
    keys.press("ArrowDown")
    keys.press("Escape")
    expect(mina.dialog).to_have_count(0)
    expect(mina.page.locator(".calendar .week-number").first).to_be_visible()
    expect(mina.page.locator(".calendar .lunar").first).to_be_visible()
    expect(mina.page.locator(".calendar [role=columnheader]").first).to_have_text("토")
    keys.press("KeyW")
    expect(mina.page.locator(".zone-names span")).to_have_count(2)


def test_departments_are_hidden_and_filtered_by_keyboard(
    meet: Meet, server: CalendarServer, department: dict[str, Any], today: str
) -> None:
    for title, members in {"리뷰": {"category": "디자인"}, "회의": {"category": "정기"}}.items():
        server.ask("POST", f"events/{department['id']}", {"title": title, "event_date": today, **members})
    mina = meet()
    keys = mina.page.keyboard
    mina.sees("회의")
    box = mina.page.get_by_role("checkbox", name="개발팀")
    box.focus()
    keys.press("Space")
    mina.misses("회의")
    box.click()
    mina.sees("회의")
    mina.page.get_by_role("button", name="필터").focus()
    keys.press("Enter")
    mina.page.get_by_role("checkbox", name="디자인").focus()
    keys.press("Space")
    mina.misses("회의")
    mina.sees("리뷰")


def test_departments_stand_side_by_side_and_paper_is_asked_for_by_keyboard(
    meet: Meet, department: dict[str, Any]
) -> None:
    mina = meet()
    mina.page.evaluate("window.print = () => (window.printed = true)")
    mina.page.keyboard.press("Digit5")
    expect(mina.page.locator(".lane-name")).to_have_text(["개발팀"])
    mina.page.keyboard.press("KeyM")
    chooses_from_the_menu(mina, "인쇄")
    mina.page.wait_for_function("window.printed")


def test_an_event_is_stretched_by_mouse(
    meet: Meet, server: CalendarServer, department: dict[str, Any], today: str
) -> None:
    second = date.fromisoformat(f"{today[:8]}08")
    tuesday = second + timedelta(days=(1 - second.weekday()) % 7)
    wednesday = (tuesday + timedelta(days=1)).isoformat()
    body = {"title": "워크숍", "event_date": tuesday.isoformat()}
    event = server.ask("POST", f"events/{department['id']}", body)
    mina, juho = meet(), meet()
    mina.event("워크숍").hover()
    edge = mina.event("워크숍").bounding_box()
    target = mina.page.locator(f'.calendar [role="gridcell"][data-date="{wednesday}"]').bounding_box()
    assert edge and target
    mouse = mina.page.mouse
    mouse.move(edge["x"] + edge["width"] - 3, edge["y"] + edge["height"] / 2)
    mouse.down()
    with mina.page.expect_response(lambda answer: event["id"] in answer.url and answer.ok):
        mouse.move(target["x"] + target["width"] / 2, target["y"] + target["height"] / 2, steps=8)
        mouse.up()
    assert server.ask("GET", f"events/{department['id']}/{event['id']}")["end_date"] == wednesday
    juho.has_the_copy(department["id"], server.head(department["id"]))
