"""Events are made, moved, stretched, copied and handed over without their form: by mouse and by keyboard."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.calendar_server import CalendarServer
from tests.browser.conftest import Meet
from tests.browser.person import Person

Event = dict[str, Any]


@pytest.fixture
def event(server: CalendarServer, department: Event, today: str) -> Event:
    body = {"title": "주간 회의", "event_date": f"{today[:8]}10", "start_time": "14:00", "end_time": "15:00"}
    return server.ask("POST", f"events/{department['id']}", body)


@pytest.fixture
def other(server: CalendarServer, department: Event) -> Event:
    """Return a second department."""
    return server.ask("POST", "departments", {"name": "디자인팀"})


def stored(server: CalendarServer, event: Event, *names: str) -> list[Any]:
    found = server.ask("GET", f"events/{event['department_id']}/{event['id']}")
    return [found[name] for name in names]


def cell(person: Person, day: str) -> Locator:
    return person.page.locator(f'.calendar [role="gridcell"][data-date="{day}"]')


def announced(person: Person, words: str) -> None:
    expect(person.page.locator(".announcer")).to_contain_text(words)


def enters_the_grid(person: Person) -> None:
    person.page.keyboard.press("KeyC")
    expect(person.page.locator('.calendar [role="gridcell"]:focus')).to_have_count(1)


def goes_to(person: Person, day: str) -> None:
    """Walk the keyboard through the grid to a day of this month."""
    enters_the_grid(person)
    for _ in range(31):
        at = str(person.page.evaluate("document.activeElement.dataset.date"))
        if at == day:
            return
        person.page.keyboard.press("ArrowLeft" if at > day else "ArrowRight")
    raise AssertionError(f"the keyboard does not get to {day}")


def test_an_event_moves_and_grows_by_arrows_and_keeps_the_keyboard(
    meet: Meet, server: CalendarServer, event: Event, today: str
) -> None:
    person = meet()
    keys = person.page.keyboard
    goes_to(person, f"{today[:8]}10")
    keys.press("Space")
    expect(person.event("주간 회의")).to_be_focused()
    keys.press("Alt+ArrowRight")
    announced(person, "11일")
    keys.press("Alt+ArrowDown")
    announced(person, "18일")
    expect(person.event("주간 회의")).to_be_focused()
    keys.press("Alt+Shift+ArrowDown")
    announced(person, "오후 2:00~3:30")
    assert stored(server, event, "event_date", "end_time") == [f"{today[:8]}18", "15:30"]
    keys.press("KeyW")
    person.page.locator(f'[data-day="{today[:8]}18"]').click()
    person.event("주간 회의").focus()
    keys.press("Alt+ArrowUp")
    announced(person, "오후 1:30~3:00")
    assert stored(server, event, "start_time", "end_time") == ["13:30", "15:00"]


def test_the_grid_is_walked_and_filled_by_keyboard(meet: Meet, department: Event, today: str) -> None:
    person = meet()
    goes_to(person, f"{today[:8]}14")
    expect(cell(person, f"{today[:8]}14")).to_have_attribute("aria-description", "일정 없음. Enter로 새 일정")
    person.page.keyboard.press("Enter")
    expect(person.dialog.get_by_label("시작 날짜")).to_have_value(f"{today[:8]}14")
    person.page.keyboard.press("Escape")
    person.page.keyboard.press("KeyW")
    expect(person.page.get_by_role("button", name="주", exact=True)).to_have_attribute("aria-pressed", "true")
    enters_the_grid(person)
    for _ in range(3):
        person.page.keyboard.press("ArrowDown")
    person.page.keyboard.press("Enter")
    expect(person.dialog.get_by_label("시작 시각")).to_have_value("10:00")
    expect(person.dialog.get_by_label("끝 시각")).to_have_value("11:00")


def test_the_grid_is_filled_by_a_click_and_by_a_drag(meet: Meet, department: Event, today: str) -> None:
    person = meet()
    cell(person, f"{today[:8]}14").click(position={"x": 40, "y": 60})
    expect(person.dialog.get_by_label("시작 날짜")).to_have_value(f"{today[:8]}14")
    person.page.keyboard.press("Escape")
    cell(person, f"{today[:8]}15").drag_to(cell(person, f"{today[:8]}17"))
    expect(person.dialog.get_by_label("시작 날짜")).to_have_value(f"{today[:8]}15")
    expect(person.dialog.get_by_label("끝 날짜")).to_have_value(f"{today[:8]}17")


def test_hours_are_filled_by_a_drag(meet: Meet, department: Event, today: str) -> None:
    person = meet()
    person.page.keyboard.press("KeyD")
    ten = person.page.locator(".calendar").get_by_text("10:00", exact=True).bounding_box()
    noon = person.page.locator(".calendar").get_by_text("12:00", exact=True).bounding_box()
    assert ten and noon
    hour, mouse = (noon["y"] - ten["y"]) / 2, person.page.mouse
    middle_of_ten = ten["y"] + ten["height"] / 2
    mouse.move(700, middle_of_ten + hour / 4)
    mouse.down()
    mouse.move(700, middle_of_ten + hour * 5 / 4, steps=8)
    mouse.up()
    expect(person.dialog.get_by_label("시작 날짜")).to_have_value(today)
    expect(person.dialog.get_by_label("시작 시각")).to_have_value("10:00")
    expect(person.dialog.get_by_label("끝 시각")).to_have_value("11:30")


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_an_event_is_duplicated_into_a_form(meet: Meet, event: Event, by: str) -> None:
    person = meet()
    if by == "mouse":
        person.event("주간 회의").click(button="right")
        person.page.get_by_role("menuitem", name="복제").click()
    else:
        person.event("주간 회의").focus()
        person.page.keyboard.press("Control+KeyD")
    person.dialog.get_by_label("제목").fill("주간 회의 사본")
    person.dialog.get_by_role("button", name="만들기").click()
    expect(person.event("주간 회의")).to_have_count(2)


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_events_are_copied_as_text(meet: Meet, event: Event, by: str) -> None:
    person = meet(permissions=["clipboard-read", "clipboard-write"])
    if by == "mouse":
        person.event("주간 회의").click(button="right")
        person.page.get_by_role("menuitem", name="글로 복사").click()
    else:
        person.event("주간 회의").focus()
        person.page.keyboard.press("Control+KeyC")
    expect(person.page.locator(".toast")).to_contain_text("글로 복사했습니다")
    lines = str(person.page.evaluate("navigator.clipboard.readText()")).split("\n")
    assert (lines[0], lines[2]) == ("주간 회의", "개발팀")
    assert lines[1].endswith("오후 2:00~3:00")
    person.page.keyboard.press("Shift+KeyC")
    expect(person.page.locator(".toast")).to_have_count(2)
    assert "- 오후 2:00~3:00 주간 회의 (개발팀)" in person.page.evaluate("navigator.clipboard.readText()")


def test_an_event_is_dropped_on_another_department_or_handed_over_by_keyboard(
    meet: Meet, server: CalendarServer, event: Event, other: Event
) -> None:
    person, watcher = meet(), meet()
    with person.page.expect_response(lambda answer: answer.url.endswith("/move")):
        person.event("주간 회의").drag_to(person.page.locator(f'[data-department="{other["id"]}"]'))
    assert server.ask("GET", f"events/{other['id']}")[0]["title"] == "주간 회의"
    watcher.has_the_copy(other["id"], server.head(other["id"]))
    person.sees("주간 회의")
    person.event("주간 회의").focus()
    person.page.keyboard.press("Shift+KeyM")
    person.dialog.get_by_role("combobox").fill("개발")
    with person.page.expect_response(lambda answer: answer.url.endswith("/move")):
        person.page.keyboard.press("Enter")
    assert server.ask("GET", f"events/{other['id']}") == []
    watcher.has_the_copy(event["department_id"], server.head(event["department_id"]))


def test_the_menu_of_an_event_opens_by_its_key_and_gives_the_focus_back(meet: Meet, event: Event) -> None:
    person = meet()
    person.event("주간 회의").focus()
    person.page.keyboard.press("Shift+F10")
    expect(person.page.get_by_role("menuitem", name="열기")).to_be_focused()
    person.page.keyboard.press("Escape")
    expect(person.event("주간 회의")).to_be_focused()
    person.page.keyboard.press("Delete")
    person.misses("주간 회의")


def test_paper_gets_the_period_the_departments_and_the_events_and_no_button(meet: Meet, event: Event) -> None:
    person = meet()
    person.sees("주간 회의")
    assert b"841.91998 594.95996" in person.page.pdf(prefer_css_page_size=True)
    person.page.get_by_role("button", name="목록", exact=True).click()
    assert b"594.95996 841.91998" in person.page.pdf(prefer_css_page_size=True)
    person.page.evaluate("window.print = () => dispatchEvent(new Event('beforeprint'))")
    person.page.get_by_role("button", name="더 보기").click()
    person.page.get_by_role("menuitem", name="인쇄").click()
    person.page.emulate_media(media="print")
    sheet = person.page.locator(".print-sheet")
    expect(sheet.get_by_role("heading", level=1)).to_have_text(person.page.locator(".period").inner_text())
    expect(sheet).to_contain_text("개발팀")
    expect(sheet).to_contain_text("오후 2:00~3:00 주간 회의")
    expect(person.page.get_by_role("button")).to_have_count(0)
