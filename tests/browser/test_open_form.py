"""Two people write into one event and lose nothing: a form takes in what others change, and asks what to keep."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.calendar_server import CalendarServer
from tests.browser.conftest import Meet
from tests.browser.person import Person


@pytest.fixture
def event(server: CalendarServer, department: dict[str, Any], today: str) -> dict[str, Any]:
    return server.ask("POST", f"events/{department['id']}", {"title": "회의", "event_date": today, "location": "3층"})


@pytest.fixture
def mina(meet: Meet, server: CalendarServer, event: dict[str, Any]) -> Person:
    """Is in the middle of a new title when somebody else writes another one, and moves the meeting upstairs."""
    person = meet()
    person.opens("회의")
    title_of(person).fill("내가 쓰던 제목")
    server.ask("PUT", f"events/{event['id']}", {"title": "남이 쓴 제목", "location": "5층"})
    expect(notice(person)).to_contain_text("남이 쓴 제목")
    return person


def notice(person: Person) -> Locator:
    return person.dialog.locator(".notice")


def title_of(person: Person) -> Locator:
    return person.dialog.get_by_role("textbox", name="제목")


def stored(server: CalendarServer, event: dict[str, Any]) -> tuple[str, str]:
    found = server.ask("GET", f"events/{event['department_id']}/{event['id']}")
    return found["title"], found["location"]


def test_what_only_others_changed_comes_in_and_what_was_typed_stays(mina: Person) -> None:
    expect(notice(mina)).to_contain_text("3층")
    expect(notice(mina)).to_contain_text("5층")
    expect(mina.dialog.get_by_label("장소")).to_have_value("5층")
    title = title_of(mina)
    expect(title).to_have_value("내가 쓰던 제목")
    expect(title).to_be_focused()
    mina.page.keyboard.type("!")
    expect(title).to_have_value("내가 쓰던 제목!")


def test_saving_asks_what_to_keep_by_mouse(mina: Person, server: CalendarServer, event: dict[str, Any]) -> None:
    mina.saves()
    expect(mina.dialog.get_by_role("radio").first).to_be_focused()
    assert stored(server, event) == ("남이 쓴 제목", "5층"), "nothing was written"
    mina.dialog.get_by_role("radio", name="저장된 것").click()
    expect(title_of(mina)).to_have_value("남이 쓴 제목")
    mina.dialog.get_by_role("radio", name="내가 쓴 것").click()
    expect(title_of(mina)).to_have_value("내가 쓰던 제목")
    mina.saves()
    mina.sees("내가 쓰던 제목")
    assert stored(server, event) == ("내가 쓰던 제목", "5층")


def test_saving_asks_what_to_keep_by_keyboard(mina: Person, server: CalendarServer, event: dict[str, Any]) -> None:
    mina.page.keyboard.press("Enter")
    expect(mina.dialog.get_by_role("radio").first).to_be_focused()
    mina.page.keyboard.press("ArrowDown")
    expect(title_of(mina)).to_have_value("남이 쓴 제목")
    mina.page.keyboard.press("Enter")
    expect(mina.dialog).to_have_count(0)
    assert stored(server, event) == ("남이 쓴 제목", "5층")


def test_two_people_who_write_different_fields_both_have_it(
    meet: Meet, server: CalendarServer, event: dict[str, Any]
) -> None:
    mina, juho = meet(), meet()
    for person in (mina, juho):
        person.opens("회의")
    title_of(mina).fill("분기 회의")
    juho.dialog.get_by_label("장소").fill("8층")
    mina.saves()
    expect(title_of(juho)).to_have_value("분기 회의")
    expect(juho.dialog.get_by_label("장소")).to_have_value("8층")
    juho.saves()
    expect(juho.dialog).to_have_count(0)
    assert stored(server, event) == ("분기 회의", "8층")


def test_a_change_that_comes_between_is_merged_and_saved_at_once(
    meet: Meet, server: CalendarServer, event: dict[str, Any]
) -> None:
    mina = meet()
    mina.opens("회의")
    title_of(mina).fill("내 제목")

    def meanwhile(route: Any) -> None:
        server.ask("PUT", f"events/{event['id']}", {"location": "9층"})
        route.continue_()

    mina.page.route("**/api/events/*", meanwhile, times=1)
    mina.saves()
    expect(mina.dialog).to_have_count(0)
    assert stored(server, event) == ("내 제목", "9층")


def test_it_is_saved_without_losing_the_focus(meet: Meet, server: CalendarServer, event: dict[str, Any]) -> None:
    mina, juho = meet(), meet()
    mina.opens("회의")
    title = title_of(mina)
    title.fill("한 번")
    mina.page.keyboard.press("Control+s")
    juho.sees("한 번")
    expect(title).to_be_focused()
    mina.page.keyboard.type(" 더")
    mina.page.keyboard.press("Control+s")
    juho.sees("한 번 더")
    mina.page.keyboard.press("Escape")
    expect(mina.dialog).to_have_count(0)
    mina.sees("한 번 더")


def test_what_was_deleted_underneath_can_be_saved_as_a_new_event(
    meet: Meet, server: CalendarServer, event: dict[str, Any]
) -> None:
    juho = meet()
    juho.opens("회의")
    title_of(juho).fill("지워지면 안 되는 글")
    server.ask("DELETE", f"events/{event['id']}")
    expect(juho.dialog.get_by_role("alert")).to_contain_text("삭제되었습니다")
    expect(title_of(juho)).to_have_value("지워지면 안 되는 글")
    server.ask("POST", f"events/{event['id']}/restore", {})
    expect(juho.dialog.get_by_role("button", name="저장", exact=True)).to_be_visible()
    expect(title_of(juho)).to_have_value("지워지면 안 되는 글")
    server.ask("DELETE", f"events/{event['id']}")
    juho.dialog.get_by_role("button", name="새 일정으로 저장").click()
    juho.sees("지워지면 안 되는 글")
